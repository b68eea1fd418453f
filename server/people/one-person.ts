/** A person as such, in whatever workspaces: found for the owner of the installation, locked, recorded in each workspace. */
import type { Member, Prisma, User } from '../../prisma/generated/client/client.ts'
import { recordChanges } from '../audit/service.ts'
import type { Context } from '../context.ts'
import { InvalidInput } from '../problems/rules.ts'
import { NotPermitted } from '../workspaces/rules.ts'

/**
 * A person may be in workspaces of others, so that no ADMIN of one may do what this is for. `advice` is told where nobody
 * has the address.
 */
export async function findPerson({ access, db }: Context, email: string, advice: string): Promise<User> {
  if (access.kind !== 'installation') throw new NotPermitted()
  const user = await db.user.findUnique({ where: { email } })
  if (user !== null) return user
  const message = `Nobody signs in with this e-mail address. ${advice}`
  throw new InvalidInput([{ path: ['email'], code: 'unknown_person', message }])
}

/** Until the transaction ends, nobody else does what takes this lock, and the person becomes a member of nothing. */
export async function lockPerson(tx: Prisma.TransactionClient, id: string): Promise<void> {
  await tx.$queryRaw`SELECT 1 FROM person WHERE id = ${id}::uuid FOR UPDATE`
}

/** For the record of changes, of what somebody does by signing in or up: no workspace is looked at by it. */
export function accessOfPerson({ id, name }: Pick<User, 'id' | 'name'>) {
  return { kind: 'member', actor: { kind: 'user', id, name }, userId: id, memberships: new Map() } as const
}

/** In the record of each of these workspaces. */
export function recordInEach(
  tx: Prisma.TransactionClient,
  context: Pick<Context, 'access' | 'keyed'>,
  members: readonly Pick<Member, 'id' | 'workspaceId'>[],
  verb: string,
): Promise<void> {
  const changes = members.map(({ id, workspaceId }) => {
    return { workspaceId, verb, entity: 'Member', entityId: id } as const
  })
  return recordChanges(tx, context, changes)
}
