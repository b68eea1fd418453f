/** Who belongs to a workspace, and as what: invited, accepted, given another role, taken out. */
import type { Member, Prisma } from '../../prisma/generated/client/client.ts'
import { type Role, requireRight, requireRightsOf, within } from '../access/rules.ts'
import { hashToken } from '../access/token.ts'
import { recordChange } from '../audit/service.ts'
import type { Context } from '../context.ts'
import { InvalidInput, type Issue, NotFound, rejectIssues } from '../problems/rules.ts'
import { lockWorkspace } from '../workspaces/lock-workspace.ts'
import { coveredWorkspace } from '../workspaces/service.ts'
import { createInvitationToken, invitationFor, takeInvitation } from './invitations.ts'
import { invitationDays, LastAdmin, mostPeople, SignInRequired } from './rules.ts'

export interface InviteMember {
  readonly workspaceId: string
  readonly email: string
  readonly role: Role
}

/** The token's only copy. */
export interface CreatedInvitation {
  readonly id: string
  readonly token: string
}

/** Invites anew whoever has an open invitation already: the former token counts no more. */
export async function inviteMember(context: Context, input: InviteMember): Promise<CreatedInvitation> {
  const { access, db, deps } = context
  const { email, role } = input
  const workspaceId = await coveredWorkspace(context, input.workspaceId, 'administer')
  requireRightsOf(access, workspaceId, role)
  const [members, invitations, isMember] = await Promise.all([
    db.member.count({ where: { workspaceId } }),
    db.invitation.count({ where: { workspaceId, email: { not: email } } }),
    db.member.count({ where: { workspaceId, user: { email } } }),
  ])
  rejectIssues([
    ...(isMember > 0 ? [alreadyMember] : []),
    ...(members + invitations >= mostPeople ? [tooMany] : []),
  ])
  const token = createInvitationToken()
  const data = {
    role,
    hash: hashToken(token),
    invitedBy: access.actor.name,
    expiresAt: new Date(deps.clock().getTime() + invitationDays * 86_400_000),
  }
  const { id } = await db.$transaction(async (tx) => {
    const invitation = await tx.invitation.upsert({
      where: { workspaceId_email: { workspaceId, email } },
      create: { workspaceId, email, ...data },
      update: data,
    })
    const change = { verb: 'inviteMember', entity: 'Invitation', entityId: invitation.id } as const
    await recordChange(tx, context, { workspaceId, ...change })
    return invitation
  })
  return { id, token }
}

/** Returns the id of its workspace. */
export async function revokeInvitation(context: Context, { id }: { readonly id: string }): Promise<string> {
  const { access, db } = context
  const invitation = await db.invitation.findUnique({ where: { id, ...within(access) } })
  if (invitation === null) throw new NotFound('Invitation', id)
  const { workspaceId } = invitation
  requireRight(access, workspaceId, 'administer')
  await db.$transaction(async (tx) => {
    await tx.invitation.deleteMany({ where: { id, workspaceId } })
    const change = { verb: 'revokeInvitation', entity: 'Invitation', entityId: id } as const
    await recordChange(tx, context, { workspaceId, ...change })
  })
  return workspaceId
}

/** Makes the person who is signed in a member. Returns the id of the workspace. */
export async function acceptInvitation(
  { access, db }: Context,
  { token }: { readonly token: string },
): Promise<string> {
  const { actor } = access
  if (actor.kind !== 'user' || actor.id === null) throw new SignInRequired()
  const user = await db.user.findUniqueOrThrow({ where: { id: actor.id } })
  return db.$transaction(async (tx) => {
    const invitation = await invitationFor(tx, { email: user.email, token })
    if (invitation === null || !(await takeInvitation(tx, invitation, user))) {
      throw new InvalidInput([unknownInvitation])
    }
    return invitation.workspaceId
  })
}

export async function changeMemberRole(
  context: Context,
  { id, role }: { readonly id: string; readonly role: Role },
): Promise<string> {
  const member = await findMember(context, id)
  requireRightsOf(context.access, member.workspaceId, role)
  await context.db.$transaction(async (tx) => {
    if (role !== 'ADMIN') await keepAnAdmin(tx, member)
    const { workspaceId } = member
    await tx.member.updateMany({ where: { id, workspaceId }, data: { role } })
    const change = { verb: 'changeMemberRole', entity: 'Member', entityId: id } as const
    await recordChange(tx, context, { workspaceId, ...change })
  })
  return id
}

/** Its API tokens end with it. Returns the id of the workspace. */
export async function removeMember(context: Context, { id }: { readonly id: string }): Promise<string> {
  const member = await findMember(context, id)
  const { workspaceId } = member
  await context.db.$transaction(async (tx) => {
    await keepAnAdmin(tx, member)
    await tx.member.deleteMany({ where: { id, workspaceId } })
    const change = { verb: 'removeMember', entity: 'Member', entityId: id } as const
    await recordChange(tx, context, { workspaceId, ...change })
  })
  return workspaceId
}

async function findMember({ access, db }: Context, id: string): Promise<Member> {
  const member = await db.member.findUnique({ where: { id, ...within(access) } })
  if (member === null) throw new NotFound('Member', id)
  requireRight(access, member.workspaceId, 'administer')
  return member
}

/** Changes of a workspace's people go one after the other: two ADMINs cannot take each other out. */
async function keepAnAdmin(tx: Prisma.TransactionClient, { id, workspaceId }: Member): Promise<void> {
  await lockWorkspace(tx, workspaceId)
  const admins = await tx.member.findMany({ where: { workspaceId, role: 'ADMIN' }, select: { id: true } })
  if (admins.some((admin) => admin.id === id) && admins.length === 1) throw new LastAdmin()
}

const alreadyMember: Issue = {
  path: ['email'],
  code: 'already_member',
  message: 'Somebody with this e-mail address is a member already. Change the role instead.',
}

const tooMany: Issue = {
  path: ['workspaceId'],
  code: 'too_big',
  message: `A workspace has at most ${mostPeople} members and open invitations.`,
}

const unknownInvitation: Issue = {
  path: ['token'],
  code: 'unknown_invitation',
  message:
    'This invitation is unknown, was taken or withdrawn, has expired, or is for another e-mail address. Ask for a new one.',
}
