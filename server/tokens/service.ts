/** API tokens of a workspace: made with some of their maker's rights, revoked. */
import { type Right, requireRight, within } from '../access/rules.ts'
import { createToken, hashToken } from '../access/token.ts'
import { recordChange } from '../audit/service.ts'
import type { Context } from '../context.ts'
import { type Issue, NotFound, rejectIssues } from '../problems/rules.ts'
import { nameIssues } from '../workspaces/name-issues.ts'
import { coveredWorkspace } from '../workspaces/service.ts'
import { dayMs, defaultTokenDays, expiryIssues, mostTokens } from './rules.ts'

export interface CreateApiToken {
  readonly workspaceId: string
  readonly name: string
  readonly scopes: readonly Right[]
  readonly expiresAt?: Date
}

/** The token's only copy. */
export interface CreatedApiToken {
  readonly id: string
  readonly token: string
}

export async function createApiToken(context: Context, input: CreateApiToken): Promise<CreatedApiToken> {
  const { access, db, deps } = context
  const { name } = input
  const workspaceId = await coveredWorkspace(context, input.workspaceId, 'administer')
  const scopes = [...new Set<Right>(['read', ...input.scopes])]
  for (const scope of scopes) requireRight(access, workspaceId, scope)
  const now = deps.clock()
  const expiresAt = input.expiresAt ?? new Date(now.getTime() + defaultTokenDays * dayMs)
  const made = await db.apiToken.count({ where: { workspaceId } })
  rejectIssues([
    ...nameIssues(name),
    ...expiryIssues(expiresAt, now),
    ...(made < mostTokens ? [] : [tooMany]),
  ])
  const token = createToken()
  const createdById = access.kind === 'member' ? access.userId : null
  const data = { workspaceId, name, scopes, expiresAt, createdById, hash: hashToken(token) }
  const { id } = await db.$transaction(async (tx) => {
    const created = await tx.apiToken.create({ data })
    const change = { verb: 'createApiToken', entity: 'ApiToken', entityId: created.id } as const
    await recordChange(tx, context, { workspaceId, ...change })
    return created
  })
  return { id, token }
}

/** At once, for streams that are open within a minute. Returns the id of its workspace. */
export async function revokeApiToken(context: Context, { id }: { readonly id: string }): Promise<string> {
  const { access, db } = context
  const token = await db.apiToken.findUnique({ where: { id, ...within(access) } })
  if (token === null || token.workspaceId === null) throw new NotFound('ApiToken', id)
  const { workspaceId } = token
  requireRight(access, workspaceId, 'administer')
  await db.$transaction(async (tx) => {
    await tx.apiToken.deleteMany({ where: { id, workspaceId } })
    const change = { verb: 'revokeApiToken', entity: 'ApiToken', entityId: id } as const
    await recordChange(tx, context, { workspaceId, ...change })
  })
  return workspaceId
}

const tooMany: Issue = {
  path: ['workspaceId'],
  code: 'too_big',
  message: `A workspace has at most ${mostTokens} API tokens. Revoke some that are not needed.`,
}
