/** Compares any two configurations: versions, drafts, the working copy. */
import { lastEdits } from '../audit/last-edits.ts'
import type { Context } from '../context.ts'
import { NotFound } from '../problems/rules.ts'
import { changesBetween, type Differing, differingEntries, type EntityChange } from './changes-between.ts'
import { type Entry, entriesOf, keptTexts, presentEntries, type StoredText } from './documents.ts'
import { findDraft } from './drafts.ts'
import { findVersion, type Kept } from './load-working-copy.ts'
import { type Manifest, manifestSchema } from './rules.ts'
import { readConfiguration } from './service.ts'

/** A change that was not published yet. */
export interface UnpublishedChange extends EntityChange {
  readonly changedAt: Date | null
  readonly changedBy: string | null
}

/** One that has all its documents at hand, or a manifest that names them. */
type Side = { readonly entries: readonly Entry[] } | { readonly manifest: Manifest }

/** `after` undefined: the working copy. */
export async function compare(
  context: Context,
  workspaceId: string,
  { before, after }: { readonly before: Kept; readonly after: Kept | undefined },
): Promise<readonly EntityChange[]> {
  const [left, right] = await Promise.all([
    keptSide(context, workspaceId, before),
    after === undefined ? workingCopySide(context, workspaceId) : keptSide(context, workspaceId, after),
  ])
  return changesOf(context, workspaceId, left, right)
}

/** What the next publish would change, with who edited it last. */
export async function unpublishedChanges(
  context: Context,
  workspaceId: string,
): Promise<readonly UnpublishedChange[]> {
  const { db } = context
  const live = await liveSide(context, workspaceId)
  const changes = await changesOf(context, workspaceId, live, await workingCopySide(context, workspaceId))
  const edits = await lastEdits(
    db,
    workspaceId,
    changes.map(({ id }) => id),
  )
  return changes.map((change) => ({
    ...change,
    changedAt: edits.get(change.id)?.at ?? null,
    changedBy: edits.get(change.id)?.name ?? null,
  }))
}

async function changesOf(
  context: Context,
  workspaceId: string,
  before: Side,
  after: Side,
): Promise<readonly EntityChange[]> {
  const differing = differingEntries(entriesIn(before), entriesIn(after))
  const [left, right] = await Promise.all([
    withBodies(context, workspaceId, before, differing.before),
    withBodies(context, workspaceId, after, differing.after),
  ])
  return changesBetween(left, right)
}

function entriesIn(side: Side): Manifest {
  return 'entries' in side ? side.entries : side.manifest
}

async function withBodies(
  { db }: Context,
  workspaceId: string,
  side: Side,
  wanted: Manifest,
): Promise<readonly Differing[]> {
  if ('entries' in side) {
    const places = new Set(wanted.map(({ kind, id }) => `${kind}/${id}`))
    return side.entries.filter(({ kind, id }) => places.has(`${kind}/${id}`)).map(readAlready)
  }
  return (await keptTexts({ db }, workspaceId, wanted)).flatMap(readWhenCompared)
}

/** Thousands that were read all at once would be held, and copied by the collector, until the last is compared. */
function readWhenCompared({ text, ...entry }: StoredText): readonly Differing[] {
  const read = (): unknown => JSON.parse(text)
  return entry.kind === 'source'
    ? presentEntries([{ ...entry, body: read() }]).map(readAlready)
    : [{ ...entry, read }]
}

function readAlready({ body, ...entry }: Entry): Differing {
  return { ...entry, read: () => body }
}

async function keptSide(context: Context, workspaceId: string, { entity, id }: Kept): Promise<Side> {
  const kept =
    entity === 'Version' ? await findVersion(context, id, 'read') : await findDraft(context, id, 'read')
  if (kept.workspaceId !== workspaceId) throw new NotFound(entity, id)
  return { manifest: manifestSchema.parse(kept.manifest) }
}

async function liveSide({ db }: Context, workspaceId: string): Promise<Side> {
  const { liveVersion } = await db.workspace.findUniqueOrThrow({
    where: { id: workspaceId },
    select: { liveVersion: true },
  })
  if (liveVersion === null) return { manifest: [] }
  const { manifest } = await db.version.findUniqueOrThrow({
    where: { workspaceId_number: { workspaceId, number: liveVersion } },
    select: { manifest: true },
  })
  return { manifest: manifestSchema.parse(manifest) }
}

async function workingCopySide(context: Context, workspaceId: string): Promise<Side> {
  const { copy } = await readConfiguration(context, workspaceId)
  return { entries: entriesOf(copy.documents) }
}
