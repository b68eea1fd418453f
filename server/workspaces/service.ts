/** Workspaces: created with a data key of their own, renamed. */
import { covers, type Right, requireRight } from '../access/rules.ts'
import { recordChange } from '../audit/service.ts'
import type { Context } from '../context.ts'
import { issuesOf } from '../problems/issues.ts'
import { NotFound, RevisionConflict, rejectIssues } from '../problems/rules.ts'
import { ConnectorsDisabled, NotPermitted, workspaceSchema } from './rules.ts'
import { namedOnce } from './taken-name.ts'

export interface RenameWorkspace {
  readonly id: string
  readonly revision: number
  readonly name: string
}

export async function createWorkspace(
  context: Context,
  { name }: { readonly name: string },
): Promise<string> {
  const { db, access, deps } = context
  if (access.kind !== 'installation') throw new NotPermitted()
  rejectIssues(issuesOf(workspaceSchema.safeParse({ name }).error?.issues ?? []))
  const wrappedKey = deps.keyring.createWrappedKey()
  return namedOnce('Workspace', name, () =>
    db.$transaction(async (tx) => {
      const { id } = await tx.workspace.create({ data: { name, wrappedKey } })
      await recordChange(tx, context, {
        workspaceId: id,
        verb: 'createWorkspace',
        entity: 'Workspace',
        entityId: id,
      })
      return id
    }),
  )
}

export async function renameWorkspace(
  context: Context,
  { id, revision, name }: RenameWorkspace,
): Promise<string> {
  const { db, access } = context
  const current = covers(access, id) ? await db.workspace.findUnique({ where: { id } }) : null
  if (current === null) throw new NotFound('Workspace', id)
  requireRight(access, id, 'administer')
  if (current.revision !== revision) throw new RevisionConflict('Workspace', id, current.revision)
  rejectIssues(issuesOf(workspaceSchema.safeParse({ name }).error?.issues ?? []))
  await namedOnce('Workspace', name, () =>
    db.$transaction(async (tx) => {
      const { count } = await tx.workspace.updateMany({
        where: { id, revision },
        data: { name, revision: { increment: 1 } },
      })
      if (count === 0) {
        const changed = await tx.workspace.findUniqueOrThrow({ where: { id } })
        throw new RevisionConflict('Workspace', id, changed.revision)
      }
      await recordChange(tx, context, {
        workspaceId: id,
        verb: 'renameWorkspace',
        entity: 'Workspace',
        entityId: id,
      })
    }),
  )
  return id
}

/** The workspace that something is done in, if the caller may. */
export async function coveredWorkspace({ db, access }: Context, id: string, right: Right): Promise<string> {
  const workspace = covers(access, id)
    ? await db.workspace.findUnique({ where: { id }, select: { id: true } })
    : null
  if (workspace === null) throw new NotFound('Workspace', id)
  requireRight(access, id, right)
  return workspace.id
}

/** For what makes no sense while nothing may be delivered. */
export async function requireConnectors({ db }: Pick<Context, 'db'>, workspaceId: string): Promise<void> {
  const { connectorsEnabled } = await db.workspace.findUniqueOrThrow({
    where: { id: workspaceId },
    select: { connectorsEnabled: true },
  })
  if (!connectorsEnabled) throw new ConnectorsDisabled()
}
