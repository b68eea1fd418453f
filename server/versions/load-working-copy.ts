/** Loads a version or a draft into the working copy, which is put aside first. */
import type { Version } from '../../prisma/generated/client/client.ts'
import { type Right, requireRight, within } from '../access/rules.ts'
import { recordChange } from '../audit/service.ts'
import type { Context } from '../context.ts'
import { NotFound } from '../problems/rules.ts'
import { changingAlone } from './changing-alone.ts'
import { documentsFrom, keptEntries } from './documents.ts'
import { findDraft, putAside } from './drafts.ts'
import { type Documents, manifestSchema } from './rules.ts'
import { readConfiguration } from './service.ts'
import { writeWorkingCopy } from './write-working-copy.ts'

/** Something whole that was kept: a version or a draft. */
export interface Kept {
  readonly entity: 'Version' | 'Draft'
  readonly id: string
}

/** A draft's name within the name of another one. */
const longestQuote = 100

export interface Loaded {
  readonly workspaceId: string
  /** The working copy as it was before. */
  readonly draftId: string
}

export async function loadWorkingCopy(context: Context, { from }: { readonly from: Kept }): Promise<Loaded> {
  const { workspaceId, name, documents } = await readKept(context, from)
  const { copy, seen } = await readConfiguration(context, workspaceId)
  const draft = await changingAlone(context, workspaceId, seen, async (tx) => {
    const draftName = `Before loading ${name}`
    const kept = await putAside(tx, context, { workspaceId, name: draftName, documents: copy.documents })
    await writeWorkingCopy(tx, workspaceId, copy.documents, documents)
    await recordChange(tx, context, {
      workspaceId,
      verb: 'loadWorkingCopy',
      entity: from.entity,
      entityId: from.id,
    })
    return kept
  })
  return { workspaceId, draftId: draft.id }
}

export async function findVersion({ db, access }: Context, id: string, right: Right): Promise<Version> {
  const version = await db.version.findUnique({ where: { id, ...within(access) } })
  if (version === null) throw new NotFound('Version', id)
  requireRight(access, version.workspaceId, right)
  return version
}

/** With what it is called in the name of the draft that is put aside for it. */
async function readKept(
  context: Context,
  { entity, id }: Kept,
): Promise<{ readonly workspaceId: string; readonly name: string; readonly documents: Documents }> {
  if (entity === 'Version') {
    const version = await findVersion(context, id, 'edit')
    const documents = await keptDocuments(context, version)
    return { workspaceId: version.workspaceId, name: `version ${version.number}`, documents }
  }
  const draft = await findDraft(context, id, 'edit')
  const name = `"${draft.name.slice(0, longestQuote)}"`
  return { workspaceId: draft.workspaceId, name, documents: await keptDocuments(context, draft) }
}

export async function keptDocuments(
  { db }: Pick<Context, 'db'>,
  { workspaceId, manifest }: Pick<Version, 'workspaceId' | 'manifest'>,
): Promise<Documents> {
  return documentsFrom(await keptEntries({ db }, workspaceId, manifestSchema.parse(manifest)))
}
