/** Deletes a person: memberships, API tokens, sessions and ways to sign in go; the record keeps the name of who did what. */
import type { Prisma, PrismaClient, User } from '../../prisma/generated/client/client.ts'
import type { Context } from '../context.ts'
import { lockWorkspace } from '../workspaces/lock-workspace.ts'
import { accessOfPerson, findPerson, lockPerson, recordInEach } from './one-person.ts'
import { LastAdmin } from './rules.ts'

export interface DeletedPerson {
  /** Those that the person was a member of. */
  readonly workspaceIds: readonly string[]
}

export async function deletePerson(
  context: Context,
  { email }: { readonly email: string },
): Promise<DeletedPerson> {
  const user = await findPerson(context, email, '`members` of a workspace lists its people.')
  return context.db.$transaction((tx) => erase(tx, context, user))
}

/** What a person asks for who is signed in, once the sign-in library has asked for the password. */
export async function deleteOneself(
  db: PrismaClient,
  user: Pick<User, 'id' | 'name' | 'email'>,
): Promise<void> {
  await db.$transaction((tx) => erase(tx, { access: accessOfPerson(user) }, user))
}

async function erase(
  tx: Prisma.TransactionClient,
  context: Pick<Context, 'access' | 'keyed'>,
  { id: userId, email }: Pick<User, 'id' | 'email'>,
): Promise<DeletedPerson> {
  await lockPerson(tx, userId)
  const members = await tx.member.findMany({ where: { userId }, orderBy: { workspaceId: 'asc' } })
  const going = await tx.deletedWorkspace.findMany({ where: { rowsGoneAt: null }, select: { id: true } })
  const goingIds = new Set(going.map(({ id }) => id))
  const left = members.filter(({ workspaceId }) => !goingIds.has(workspaceId))
  const needing: string[] = []
  for (const { workspaceId } of left) {
    await lockWorkspace(tx, workspaceId)
    const admins = await tx.member.findMany({
      where: { workspaceId, role: 'ADMIN' },
      select: { userId: true, workspace: { select: { name: true } } },
    })
    const [admin] = admins
    if (admin?.userId === userId && admins.length === 1) needing.push(admin.workspace.name)
  }
  if (needing.length > 0) throw new LastAdmin(needing)
  await recordInEach(tx, context, left, 'deletePerson')
  await tx.member.deleteMany({ where: { userId } })
  await tx.invitation.deleteMany({ where: { email } })
  await tx.signInState.deleteMany({ where: { value: userId } })
  await tx.user.deleteMany({ where: { id: userId } })
  return { workspaceIds: left.map(({ workspaceId }) => workspaceId) }
}
