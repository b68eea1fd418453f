/** Passwords that people have forgotten: the owner of the installation hands over a token that sets a new one. */
import { createHash, randomBytes } from 'node:crypto'
import type { PrismaClient, User } from '../../prisma/generated/client/client.ts'
import type { Context } from '../context.ts'
import { accessOfPerson, findPerson, lockPerson, recordInEach } from './one-person.ts'
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

/** A former token of the same person counts no more. */
export async function issuePasswordReset(
  context: Context,
  { email }: { readonly email: string },
): Promise<IssuedPasswordReset> {
  const { db, deps } = context
  const user = await findPerson(context, email, 'Invite the person with `inviteMember` instead.')
  const token = randomBytes(32).toString('base64url')
  const expiresAt = new Date(deps.clock().getTime() + resetMinutes * 60_000)
  await db.$transaction(async (tx) => {
    // Two at once: the second sees the first's token, and takes it away.
    await lockPerson(tx, user.id)
    await tx.signInState.deleteMany({ where: { value: user.id } })
    const identifier = hashReset(`${resetPrefix}${token}`)
    await tx.signInState.create({ data: { identifier, value: user.id, expiresAt } })
    const members = await tx.member.findMany({ where: { userId: user.id } })
    await recordInEach(tx, context, members, 'issuePasswordReset')
  })
  return { token, expiresAt }
}

/** That it was used, in the record of each workspace of the person. */
export async function recordPasswordReset(db: PrismaClient, user: Pick<User, 'id' | 'name'>): Promise<void> {
  await db.$transaction(async (tx) => {
    const members = await tx.member.findMany({ where: { userId: user.id } })
    await recordInEach(tx, { access: accessOfPerson(user) }, members, 'resetPassword')
  })
}
