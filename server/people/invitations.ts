/** Invitations: how they are found by their token or by a proven address, and how they are taken. */
import { randomBytes } from 'node:crypto'
import type { Invitation, Prisma, PrismaClient } from '../../prisma/generated/client/client.ts'
import { hashToken } from '../access/token.ts'
import { recordChange } from '../audit/service.ts'
import { accessOfPerson } from './one-person.ts'

/** 256 bits of chance: shown once, kept as a hash. */
export function createInvitationToken(): string {
  return `invitation_${randomBytes(32).toString('base64url')}`
}

/** Whom it must be for, and where the address is not proven by others, its token. */
export interface InvitationClaim {
  readonly email: string
  readonly token?: string
}

type Db = Pick<PrismaClient, 'invitation'>

/** The one that is open still; null when there is none. */
export function invitationFor(db: Db, claim: InvitationClaim): Promise<Invitation | null> {
  return db.invitation.findFirst({ where: openTo(claim) })
}

/** Makes a new user a member: by the one whose token was given, else by all to the address that a provider vouches for. */
export async function takeInvitations(
  db: PrismaClient,
  user: Invitee & { readonly email: string },
  token: string | undefined,
): Promise<void> {
  const where = openTo({ email: user.email, ...(token !== undefined && { token }) })
  await db.$transaction(async (tx) => {
    for (const invitation of await tx.invitation.findMany({ where })) {
      await takeInvitation(tx, invitation, user)
    }
  })
}

interface Invitee {
  readonly id: string
  readonly name: string
}

/** Of two who take it at once, one does. False: it was taken or withdrawn meanwhile. */
export async function takeInvitation(
  tx: Prisma.TransactionClient,
  { id, workspaceId, role, hash }: Invitation,
  user: Invitee,
): Promise<boolean> {
  // The hash too: an invitation that was made anew is another one.
  const { count } = await tx.invitation.deleteMany({ where: { id, hash } })
  if (count === 0) return false
  await tx.member.createMany({ data: { workspaceId, userId: user.id, role }, skipDuplicates: true })
  const change = { verb: 'acceptInvitation', entity: 'Invitation', entityId: id } as const
  await recordChange(tx, { access: accessOfPerson(user) }, { workspaceId, ...change })
  return true
}

function openTo({ email, token }: InvitationClaim): Prisma.InvitationWhereInput {
  return {
    email: email.toLowerCase(),
    expiresAt: { gt: new Date() },
    ...(token !== undefined && { hash: hashToken(token) }),
  }
}
