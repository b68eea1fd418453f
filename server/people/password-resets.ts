/** Passwords that people have forgotten: the owner of the installation hands over a token that sets a new one. */
import { createHash, randomBytes } from 'node:crypto'
import type { PrismaClient } from '../../prisma/generated/client/client.ts'
import { recordChanges } from '../audit/service.ts'
import type { Context } from '../context.ts'
import { InvalidInput, type Issue } from '../problems/rules.ts'
import { NotPermitted } from '../workspaces/rules.ts'
import { resetMinutes } from './rules.ts'

/** How the sign-in library calls a reset under way, before its token. */
export const resetPrefix = 'reset-password:'

/** What is kept of it. It must not begin with the prefix: the library looks for an unhashed one too. */
export function hashReset(identifier: string): string {
  return `sha256:${createHash('sha256').update(identifier, 'utf8').digest('base64url')}`
}

/** The token's only copy. */
export interface IssuedPasswordReset {
  readonly token: string
  readonly expiresAt: Date
}

/**
 * A person may be in workspaces of others, so that no ADMIN of one can do this. A former token of the same person counts
 * no more.
 */
export async function issuePasswordReset(
  context: Context,
  { email }: { readonly email: string },
): Promise<IssuedPasswordReset> {
  const { access, db, deps } = context
  if (access.kind !== 'installation') throw new NotPermitted()
  const user = await db.user.findUnique({ where: { email } })
  if (user === null) throw new InvalidInput([unknownPerson])
  const token = randomBytes(32).toString('base64url')
  const expiresAt = new Date(deps.clock().getTime() + resetMinutes * 60_000)
  await db.$transaction(async (tx) => {
    // Two at once: the second sees the first's token, and takes it away.
    await tx.$queryRaw`SELECT 1 FROM person WHERE id = ${user.id}::uuid FOR UPDATE`
    await tx.signInState.deleteMany({ where: { value: user.id } })
    const identifier = hashReset(`${resetPrefix}${token}`)
    await tx.signInState.create({ data: { identifier, value: user.id, expiresAt } })
    const members = await tx.member.findMany({ where: { userId: user.id } })
    await recordChanges(
      tx,
      context,
      members.map(({ id, workspaceId }) => {
        return { workspaceId, verb: 'issuePasswordReset', entity: 'Member', entityId: id }
      }),
    )
  })
  return { token, expiresAt }
}

/** That it was used, in the record of each workspace of the person. */
export async function recordPasswordReset(
  db: PrismaClient,
  { id: userId, name }: { readonly id: string; readonly name: string },
): Promise<void> {
  const actor = { kind: 'user', id: userId, name } as const
  const access = { kind: 'member', actor, userId, memberships: new Map() } as const
  await db.$transaction(async (tx) => {
    const members = await tx.member.findMany({ where: { userId } })
    await recordChanges(
      tx,
      { access },
      members.map(({ id, workspaceId }) => {
        return { workspaceId, verb: 'resetPassword', entity: 'Member', entityId: id }
      }),
    )
  })
}

const unknownPerson: Issue = {
  path: ['email'],
  code: 'unknown_person',
  message: 'Nobody signs in with this e-mail address. Invite the person with `inviteMember` instead.',
}
