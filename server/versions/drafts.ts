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
import { type Documents, draftSchema, timeName } from './rules.ts'
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
    const { id } = await keepDraft(tx, context, { workspaceId, name, documents: copy.documents })
    await recordChange(tx, context, { workspaceId, verb: 'saveDraft', entity: 'Draft', entityId: id })
    return id
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

/** Part of whatever takes the working copy's place. */
export async function keepDraft(
  tx: Prisma.TransactionClient,
  { access }: Pick<Context, 'access'>,
  { workspaceId, name, documents }: NewDraft,
): Promise<Draft> {
  const entries = entriesOf(documents)
  await saveDocuments(tx, workspaceId, entries)
  return tx.draft.create({
    data: { workspaceId, name, manifest: manifestOf(entries), ...actorColumns(access) },
  })
}
