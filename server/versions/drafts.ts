/** Drafts: working copies that were put aside, by people or before something took their place. */
import type { Draft, Prisma } from '../../prisma/generated/client/client.ts'
import { within } from '../access/rules.ts'
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
  const workspaceId = await coveredWorkspace(context, input.workspaceId)
  const { name = timeName(context.deps.clock()) } = input
  rejectIssues(issuesOf(draftSchema.safeParse({ name }).error?.issues ?? []))
  const { copy, seen } = await readConfiguration(context, workspaceId)
  const draft = await changingAlone(context, workspaceId, seen, (tx) =>
    keepDraft(tx, workspaceId, name, copy.documents),
  )
  return draft.id
}

/** Returns the id of its workspace. */
export async function deleteDraft(context: Context, { id }: { readonly id: string }): Promise<string> {
  const { workspaceId } = await findDraft(context, id)
  await context.db.draft.deleteMany({ where: { workspaceId, id } })
  return workspaceId
}

export async function findDraft({ db, access }: Context, id: string): Promise<Draft> {
  const draft = await db.draft.findUnique({ where: { id, ...within(access) } })
  if (draft === null) throw new NotFound('Draft', id)
  return draft
}

export async function keepDraft(
  tx: Prisma.TransactionClient,
  workspaceId: string,
  name: string,
  documents: Documents,
): Promise<Draft> {
  const entries = entriesOf(documents)
  await saveDocuments(tx, workspaceId, entries)
  return tx.draft.create({ data: { workspaceId, name, manifest: manifestOf(entries) } })
}
