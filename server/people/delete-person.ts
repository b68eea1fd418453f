/** Deletes a person: memberships, API tokens, sessions and ways to sign in go; the record keeps the name of who did what. */
import type { Prisma, PrismaClient, User } from '../../prisma/generated/client/client.ts'
import { recordChanges } from '../audit/service.ts'
import type { Context } from '../context.ts'
import { InvalidInput, type Issue } from '../problems/rules.ts'
import { lockWorkspace } from '../workspaces/lock-workspace.ts'
import { NotPermitted } from '../workspaces/rules.ts'
import { LastAdmin } from './rules.ts'

export interface DeletedPerson {
  /** Those that the person was a member of. */
  readonly workspaceIds: readonly string[]
}

/** A person may be in workspaces of others, so that no ADMIN of one can do this. */
export async function deletePerson(
  context: Context,
  { email }: { readonly email: string },
): Promise<DeletedPerson> {
  const { access, db } = context
  if (access.kind !== 'installation') throw new NotPermitted()
  const user = await db.user.findUnique({ where: { email } })
  if (user === null) throw new InvalidInput([unknownPerson])
  return db.$transaction((tx) => erase(tx, context, user))
}

/** What a person asks for who is signed in, once the sign-in library has asked for the password. */
export async function deleteOneself(
  db: PrismaClient,
  user: Pick<User, 'id' | 'name' | 'email'>,
): Promise<void> {
  const actor = { kind: 'user', id: user.id, name: user.name } as const
  const access = { kind: 'member', actor, userId: user.id, memberships: new Map() } as const
  await db.$transaction((tx) => erase(tx, { access }, user))
}

async function erase(
  tx: Prisma.TransactionClient,
  context: Pick<Context, 'access' | 'keyed'>,
  { id: userId, email }: Pick<User, 'id' | 'email'>,
): Promise<DeletedPerson> {
  // Nobody becomes a member of anything from here on.
  await tx.$queryRaw`SELECT 1 FROM person WHERE id = ${userId}::uuid FOR UPDATE`
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
  await recordChanges(
    tx,
    context,
    left.map(({ id, workspaceId }) => {
      return { workspaceId, verb: 'deletePerson', entity: 'Member', entityId: id }
    }),
  )
  await tx.member.deleteMany({ where: { userId } })
  await tx.invitation.deleteMany({ where: { email } })
  await tx.signInState.deleteMany({ where: { value: userId } })
  await tx.user.deleteMany({ where: { id: userId } })
  return { workspaceIds: left.map(({ workspaceId }) => workspaceId) }
}

const unknownPerson: Issue = {
  path: ['email'],
  code: 'unknown_person',
  message: 'Nobody signs in with this e-mail address. `members` of a workspace lists its people.',
}
