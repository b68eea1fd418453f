/** API tokens: shown once, good for their scopes and their time, and never for more than their maker may. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { decodeGlobalId } from '../../server/graphql/global-id.ts'
import { createTestApp, type TestApp } from '../harness/app.ts'
import { addMember, type TestMember } from '../harness/people.ts'
import { type Seeded, seed } from '../harness/seed.ts'

let app: TestApp
let workspace: Seeded
let admin: TestMember

beforeAll(async () => {
  app = await createTestApp()
})
afterAll(() => app.close())
beforeEach(async () => {
  workspace = (await seed(app).workspace().create()).workspace
  admin = await addMember(app, workspace, 'ADMIN')
})

async function create(fields: object, token = admin.token) {
  const { data, errors } = await app.ask(
    `mutation ($input: CreateApiTokenInput!) { found: createApiToken(input: $input) {
      __typename ... on CreatedApiToken { token apiToken { id scopes expiresAt createdBy } }
      ... on Problem { code message } ... on InvalidInput { issues { path code } } } }`,
    { input: { workspaceId: workspace.id, name: 'CI', scopes: ['PUBLISH'], ...fields } },
    token,
  )
  expect(errors).toBeUndefined()
  return data.found
}

const viewer = '{ viewer { kind name email } workspaces { viewerRole viewerRights } }'

test('a token has its scopes and reading, and is kept as a hash', async () => {
  const { token, apiToken } = await create({ scopes: ['PUBLISH'] })
  expect(apiToken).toMatchObject({ scopes: ['READ', 'PUBLISH'], createdBy: 'A ADMIN' })
  expect((await app.ask(viewer, {}, token)).data).toEqual({
    viewer: { kind: 'TOKEN', name: 'CI', email: null },
    workspaces: [{ viewerRole: 'ADMIN', viewerRights: ['READ', 'PUBLISH'] }],
  })
  const { hash } = await app.db.apiToken.findUniqueOrThrow({ where: { id: decodeGlobalId(apiToken.id).id } })
  expect(Buffer.from(hash).toString('latin1')).not.toContain(token)
  expect(app.log.join('')).not.toContain(token)
})

test('what is not among its scopes is forbidden, and the answer says so', async () => {
  const { token } = await create({ scopes: ['ADMINISTER'] })
  const refused = await app.ask(
    `mutation ($input: PublishVersionInput!) { publishVersion(input: $input) { __typename ... on Problem { message } } }`,
    { input: { workspaceId: workspace.id, notes: 'x' } },
    token,
  )
  expect(refused.data.publishVersion.__typename).toBe('Forbidden')
  expect(refused.data.publishVersion.message).toContain('lacks the scope "publish"')
})

test('nobody gives away more than they have: neither in tokens nor in roles', async () => {
  const { token } = await create({ scopes: ['ADMINISTER'] })
  expect(await create({ scopes: ['PUBLISH'] }, token)).toMatchObject({ __typename: 'Forbidden' })
  expect(await create({ scopes: ['ADMINISTER'] }, token)).toMatchObject({ __typename: 'CreatedApiToken' })
  const invited = await app.ask(
    `mutation ($input: InviteMemberInput!) { inviteMember(input: $input) { __typename } }`,
    { input: { workspaceId: workspace.id, email: 'mallory@example.com', role: 'ADMIN' } },
    token,
  )
  expect(invited.data.inviteMember.__typename).toBe('Forbidden')
})

test('a token loses what its maker loses, and ends with the membership', async () => {
  const { token } = await create({ scopes: ['EDIT', 'ADMINISTER'] })
  const rightsNow = async () => (await app.ask(viewer, {}, token)).data.workspaces[0].viewerRights
  await app.db.member.update({ where: { id: admin.memberId }, data: { role: 'EDITOR' } })
  expect(await rightsNow()).toEqual(['READ', 'EDIT'])
  await app.db.member.update({ where: { id: admin.memberId }, data: { role: 'VIEWER' } })
  expect(await rightsNow()).toEqual(['READ'])
  await app.db.member.delete({ where: { id: admin.memberId } })
  expect((await app.ask(viewer, {}, token)).status).toBe(401)
})

test('a token made by a token belongs to the same maker', async () => {
  const { token } = await create({ scopes: ['ADMINISTER'] })
  const { token: second } = await create({ scopes: ['ADMINISTER'] }, token)
  await app.db.member.delete({ where: { id: admin.memberId } })
  expect((await app.ask(viewer, {}, second)).status).toBe(401)
})

test('a token expires: in 90 days, or when it is told, within a year', async () => {
  const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString()
  const { token, apiToken } = await create({})
  const days = (Date.parse(apiToken.expiresAt) - Date.now()) / 86_400_000
  expect(Math.round(days)).toBe(90)
  for (const [expiresAt, code] of [
    [inDays(-1), 'too_small'],
    [inDays(400), 'too_big'],
  ]) {
    expect(await create({ expiresAt })).toMatchObject({ issues: [{ path: ['expiresAt'], code }] })
  }
  await app.db.apiToken.update({
    where: { id: decodeGlobalId(apiToken.id).id },
    data: { expiresAt: new Date() },
  })
  expect((await app.ask(viewer, {}, token)).status).toBe(401)
})

test('a token that is revoked is none, and says before when it was last used', async () => {
  const { token, apiToken } = await create({})
  const list = `query ($id: ID!) { workspace(id: $id) { apiTokens { ... on ApiTokens { tokens { id lastUsedAt } } } } }`
  const entry = async () => {
    const { data } = await app.ask(list, workspace, admin.token)
    return data.workspace.apiTokens.tokens.find(({ id }: { readonly id: string }) => id === apiToken.id)
  }
  expect(await entry()).toMatchObject({ lastUsedAt: null })
  await app.ask(viewer, {}, token)
  const { lastUsedAt } = await entry()
  expect(lastUsedAt).not.toBeNull()
  // To the hour: the next requests write nothing.
  await app.ask(viewer, {}, token)
  expect(await entry()).toMatchObject({ lastUsedAt })

  const revoke = 'mutation ($id: ID!) { revokeApiToken(input: { id: $id }) { __typename } }'
  const { data } = await app.ask(revoke, apiToken, admin.token)
  expect(data.revokeApiToken).toEqual({ __typename: 'Workspace' })
  expect((await app.ask(viewer, {}, token)).status).toBe(401)
  expect(await entry()).toBeUndefined()
})

test('tokens of another workspace, and of the installation, are not found', async () => {
  const other = (await seed(app).workspace().create()).workspace
  const stranger = await addMember(app, other, 'ADMIN')
  const { apiToken } = await create({})
  const owner = await app.db.apiToken.findFirstOrThrow({ where: { workspaceId: null } })
  const revoke = 'mutation ($id: ID!) { revokeApiToken(input: { id: $id }) { __typename } }'
  const foreign = await app.ask(revoke, apiToken, stranger.token)
  expect(foreign.data.revokeApiToken).toEqual({ __typename: 'NotFound' })
  const ofOwner = await app.ask(revoke, { id: `ApiToken_${owner.id}` })
  expect(ofOwner.data.revokeApiToken).toEqual({ __typename: 'NotFound' })
  const node = await app.ask('query ($id: ID!) { node(id: $id) { id } }', { id: `ApiToken_${owner.id}` })
  expect(node.data.node).toBeNull()
})
