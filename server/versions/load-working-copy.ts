/** Loads a version or a draft into the working copy, which is put aside first. */
import type { Version } from '../../prisma/generated/client/client.ts'
import { within } from '../access/rules.ts'
import type { Context } from '../context.ts'
import { NotFound } from '../problems/rules.ts'
import { changingAlone } from './changing-alone.ts'
import { documentsFrom, readEntries } from './documents.ts'
import { findDraft, keepDraft } from './drafts.ts'
import { type Documents, manifestSchema, VersionMissing } from './rules.ts'
import { readConfiguration } from './service.ts'
import { writeWorkingCopy } from './write-working-copy.ts'

/** Something whole that was kept: a version or a draft. */
export interface Kept {
  readonly entity: 'Version' | 'Draft'
  readonly id: string
}

export interface Loaded {
  readonly workspaceId: string
  /** The working copy as it was before. */
  readonly draftId: string
}

export async function loadWorkingCopy(context: Context, { from }: { readonly from: Kept }): Promise<Loaded> {
  const { workspaceId, name, documents } = await readKept(context, from)
  const { copy, seen } = await readConfiguration(context, workspaceId)
  const draft = await changingAlone(context, workspaceId, seen, async (tx) => {
    const kept = await keepDraft(tx, workspaceId, `Before loading "${name}"`, copy.documents)
    await writeWorkingCopy(tx, workspaceId, copy.documents, documents)
    return kept
  })
  return { workspaceId, draftId: draft.id }
}

export async function findVersion({ db, access }: Context, id: string): Promise<Version> {
  const version = await db.version.findUnique({ where: { id, ...within(access) } })
  if (version === null) throw new NotFound('Version', id)
  return version
}

/** Of a version, the number tells which; a draft has none. */
async function readKept(
  context: Context,
  { entity, id }: Kept,
): Promise<{ readonly workspaceId: string; readonly name: string; readonly documents: Documents }> {
  const { workspaceId, name, manifest } =
    entity === 'Version' ? await findVersion(context, id) : await findDraft(context, id)
  return { workspaceId, name, documents: await keptDocuments(context, workspaceId, manifest, name) }
}

export async function keptDocuments(
  { db }: Pick<Context, 'db'>,
  workspaceId: string,
  manifest: unknown,
  name: string,
): Promise<Documents> {
  const entries = await readEntries({ db }, workspaceId, manifestSchema.parse(manifest))
  if (entries === undefined) throw new VersionMissing(name)
  return documentsFrom(entries)
}
