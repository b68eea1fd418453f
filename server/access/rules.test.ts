/** Roles and rights: each role has those of the one before it, and a refusal names the role. */
import { expect, it } from 'vitest'
import { NotFound } from '../problems/rules.ts'
import {
  type Access,
  Forbidden,
  leastRole,
  ownerAccess,
  type Right,
  type Role,
  requireRight,
  rights,
  rightsOf,
  roles,
  within,
} from './rules.ts'

function memberOf(workspaceId: string, role: Role, allowed: readonly Right[] = rightsOf[role]): Access {
  return {
    kind: 'member',
    actor: { kind: 'user', id: 'user', name: 'Ann' },
    userId: 'user',
    memberships: new Map([[workspaceId, { role, rights: allowed }]]),
  }
}

function refusalOf(access: Access, right: Right, workspaceId = 'one'): unknown {
  try {
    requireRight(access, workspaceId, right)
    return undefined
  } catch (error) {
    return error
  }
}

it.each([
  ['VIEWER', ['read']],
  ['EDITOR', ['read', 'preview', 'edit', 'operate']],
  ['PUBLISHER', ['read', 'preview', 'edit', 'operate', 'publish']],
  ['ADMIN', [...rights]],
] as const)('a %s may %s, and nothing else', (role, allowed) => {
  const granted = rights.filter((right) => refusalOf(memberOf('one', role), right) === undefined)
  expect(granted).toEqual(allowed)
})

it('gives each role all rights of the one before it', () => {
  for (const [index, role] of roles.entries()) {
    const before = roles[index - 1]
    if (before !== undefined) expect(rightsOf[role]).toEqual(expect.arrayContaining([...rightsOf[before]]))
  }
})

it('names the role that is held and the one that is needed', () => {
  const refusal = refusalOf(memberOf('one', 'EDITOR'), 'publish')
  expect(refusal).toBeInstanceOf(Forbidden)
  expect(refusal).toMatchObject({ code: 'forbidden', role: 'EDITOR', requiredRole: 'PUBLISHER' })
  expect(String(refusal)).toContain('needs the role PUBLISHER; the role here is EDITOR')
})

it('blames the scopes of a token where its role would do', () => {
  const refusal = refusalOf(memberOf('one', 'ADMIN', ['read']), 'publish')
  expect(refusal).toMatchObject({ code: 'forbidden', role: 'ADMIN', requiredRole: 'PUBLISHER' })
  expect(String(refusal)).toContain('lacks the scope "publish"')
})

it('says to strangers that there is nothing', () => {
  expect(refusalOf(memberOf('one', 'ADMIN'), 'read', 'two')).toBeInstanceOf(NotFound)
})

it('lets the owner of the installation do everything everywhere', () => {
  expect(rights.flatMap((right) => refusalOf(ownerAccess, right, 'any') ?? [])).toEqual([])
  expect(within(ownerAccess)).toEqual({})
})

it('knows the least role of every right', () => {
  expect(rights.map(leastRole)).toEqual(['VIEWER', 'EDITOR', 'EDITOR', 'EDITOR', 'PUBLISHER', 'ADMIN'])
})
