/** Drafts: working copies that were put aside, by people or before something took their place. */
import type { Draft, Prisma } from '../../prisma/generated/client/client.ts'
import { type Right, requireRight, within } from '../access/rules.ts'
import { actorColumns, recordChange } from '../audit/service.ts'
import type { Context } from '../context.ts'
import { issuesOf } from '../problems/issues.ts'
import { NotFound, rejectIssues } from '../problems/rules.ts'
import { coveredWorkspace } from '../workspaces/service.ts'
import { changingAlone } from './changing-alone.ts'
import { entriesOf, manifestOf } from './documents.ts'
import { type Documents, draftSchema, mostAutomaticDrafts, timeName } from './rules.ts'
import { saveDocuments } from './save-documents.ts'
import { readConfiguration } from './service.ts'

export interface SaveDraft {
  readonly workspaceId: string
  readonly name?: string
}

/** Puts the working copy aside as it is; it goes on as it is, too. Returns the draft's id. */
export async function saveDraft(context: Context, input: SaveDraft): Promise<string> {
  const workspaceId = await coveredWorkspace(context, input.workspaceId, 'edit')
  const { name = timeName(context.deps.clock()) } = input
  rejectIssues(issuesOf(draftSchema.safeParse({ name }).error?.issues ?? []))
  const { copy, seen } = await readConfiguration(context, workspaceId)
  return changingAlone(context, workspaceId, seen, async (tx) => {
    const { id } = await createDraft(tx, context, {
      ...{ workspaceId, name, documents: copy.documents },
      isAutomatic: false,
    })
    await recordChange(tx, context, { workspaceId, verb: 'saveDraft', entity: 'Draft', entityId: id })
    return id
  })
}

/** One that was put aside by itself stays from now on, as one that somebody has saved. */
export async function keepDraft(
  context: Context,
  { id, name }: { readonly id: string; readonly name?: string },
): Promise<void> {
  const { workspaceId } = await findDraft(context, id, 'edit')
  if (name !== undefined) rejectIssues(issuesOf(draftSchema.safeParse({ name }).error?.issues ?? []))
  await context.db.$transaction(async (tx) => {
    const data = { isAutomatic: false, ...(name !== undefined && { name }) }
    const { count } = await tx.draft.updateMany({ where: { workspaceId, id }, data })
    // Others may have replaced the working copy meanwhile, so that it was no longer among the newest.
    if (count === 0) throw new NotFound('Draft', id)
    await recordChange(tx, context, { workspaceId, verb: 'keepDraft', entity: 'Draft', entityId: id })
  })
}

/** Returns the id of its workspace. */
export async function deleteDraft(context: Context, { id }: { readonly id: string }): Promise<string> {
  const { workspaceId } = await findDraft(context, id, 'edit')
  await context.db.$transaction(async (tx) => {
    await tx.draft.deleteMany({ where: { workspaceId, id } })
    await recordChange(tx, context, { workspaceId, verb: 'deleteDraft', entity: 'Draft', entityId: id })
  })
  return workspaceId
}

export async function findDraft({ db, access }: Context, id: string, right: Right): Promise<Draft> {
  const draft = await db.draft.findUnique({ where: { id, ...within(access) } })
  if (draft === null) throw new NotFound('Draft', id)
  requireRight(access, draft.workspaceId, right)
  return draft
}

interface NewDraft {
  readonly workspaceId: string
  readonly name: string
  readonly documents: Documents
}

/** Part of whatever takes the working copy's place. The oldest that were put aside so give way. */
export async function putAside(
  tx: Prisma.TransactionClient,
  context: Pick<Context, 'access'>,
  draft: NewDraft,
): Promise<Draft> {
  const created = await createDraft(tx, context, { ...draft, isAutomatic: true })
  const automatic = { workspaceId: draft.workspaceId, isAutomatic: true }
  const older = await tx.draft.findMany({
    ...{ where: automatic, orderBy: { id: 'desc' }, skip: mostAutomaticDrafts },
    select: { id: true },
  })
  await tx.draft.deleteMany({ where: { ...automatic, id: { in: older.map(({ id }) => id) } } })
  return created
}

async function createDraft(
  tx: Prisma.TransactionClient,
  { access }: Pick<Context, 'access'>,
  { workspaceId, name, documents, isAutomatic }: NewDraft & { readonly isAutomatic: boolean },
): Promise<Draft> {
  const entries = entriesOf(documents)
  await saveDocuments(tx, workspaceId, entries)
  return tx.draft.create({
    data: { workspaceId, name, isAutomatic, manifest: manifestOf(entries), ...actorColumns(access) },
  })
}
