/** Makes a checked configuration what runs: all of it in one transaction, or nothing. */
import type { Prisma, Version } from '../../prisma/generated/client/client.ts'
import { wakeWorkflows } from '../actions/wake.ts'
import { actorColumns, recordChange } from '../audit/service.ts'
import type { Context } from '../context.ts'
import type { LaneStart } from '../sources/processing-start.ts'
import { differingEntries } from './changes-between.ts'
import { changingAlone } from './changing-alone.ts'
import { type CheckedCopy, checkWorkingCopy } from './check-working-copy.ts'
import { entriesOf, manifestOf, type NewEntry } from './documents.ts'
import {
  type Manifest,
  manifestSchema,
  NotPublishable,
  type PublishProblem,
  type Seen,
  timeName,
} from './rules.ts'
import { saveDocuments } from './save-documents.ts'
import { scheduleRescans } from './schedule-rescans.ts'
import { markRunning, startLanes } from './start-lanes.ts'
import type { WorkingCopy } from './working-copy.ts'

export interface Publication {
  /** The mutation. */
  readonly verb: string
  readonly workspaceId: string
  /** Undefined: the time. */
  readonly name: string | undefined
  readonly notes: string
  /** What is published: the working copy, or what it becomes with it. */
  readonly copy: WorkingCopy
  /** What was there when it was read. */
  readonly seen: Seen
  /** Where lanes start, beside what their actions say. */
  readonly starts?: readonly LaneStart[] | undefined
  /** What is known to be wrong already. */
  readonly problems?: readonly PublishProblem[]
  /** What becomes of the working copy, in the same transaction. */
  alongside?(tx: Prisma.TransactionClient): Promise<void>
}

/** Returns the id of the new version. */
export async function publish(context: Context, publication: Publication): Promise<string> {
  const { deps } = context
  const { workspaceId, copy, seen } = publication
  const checked = await checkWorkingCopy(context, workspaceId, copy, publication.starts ?? [])
  const { sourceIds } = checked
  const all = [...(publication.problems ?? []), ...checked.problems]
  if (all.length > 0) throw new NotPublishable(all)
  const entries = entriesOf(copy.documents)
  const version = await changingAlone(context, workspaceId, seen, async (tx) => {
    await publication.alongside?.(tx)
    return save(tx, context, publication, entries, checked)
  })
  await wakeWorkflows(
    deps,
    sourceIds.map((id) => () => deps.workflows.syncSource(id)),
    `Version ${version.number} is published.`,
  )
  return version.id
}

async function save(
  tx: Prisma.TransactionClient,
  context: Context,
  { verb, workspaceId, name, notes, copy, seen }: Publication,
  entries: readonly NewEntry[],
  checked: CheckedCopy,
): Promise<Version> {
  const before = await manifestOfNumber(tx, workspaceId, seen.liveVersion)
  const changed = differingEntries(before, entries)
  await saveDocuments(tx, workspaceId, changed.after)
  const last = await tx.version.aggregate({ where: { workspaceId }, _max: { number: true } })
  const number = (last._max.number ?? 0) + 1
  const publishedAt = context.deps.clock()
  const version = await tx.version.create({
    data: {
      workspaceId,
      number,
      name: name ?? timeName(publishedAt),
      notes,
      publishedAt,
      ...actorColumns(context.access),
      manifest: manifestOf(entries),
    },
  })
  const connectorIds = await connectorsOf(tx, workspaceId, changed)
  // Thousands: as rows of Prisma's they would take ten times as long.
  await tx.$executeRaw`
    INSERT INTO version_connector (workspace_id, version_id, connector_id)
    SELECT ${workspaceId}::uuid, ${version.id}::uuid, unnest(${[...connectorIds]}::uuid[])`
  await tx.$executeRaw`
    INSERT INTO version_action (workspace_id, version_id, action_id)
    SELECT ${workspaceId}::uuid, ${version.id}::uuid, unnest(${actionsOf(changed)}::uuid[])`
  await tx.workspace.update({ where: { id: workspaceId }, data: { liveVersion: number } })
  await startLanes(tx, workspaceId, checked)
  await markRunning(tx, workspaceId, checked)
  await scheduleRescans(tx, workspaceId, copy.documents, publishedAt)
  await recordChange(tx, context, { workspaceId, verb, entity: 'Version', entityId: version.id })
  return version
}

async function manifestOfNumber(
  tx: Prisma.TransactionClient,
  workspaceId: string,
  number: number | null,
): Promise<Manifest> {
  if (number === null) return []
  const where = { workspaceId_number: { workspaceId, number } }
  const version = await tx.version.findUnique({ where, select: { manifest: true } })
  return version === null ? [] : manifestSchema.parse(version.manifest)
}

/** What one version has, and the one before it has not, or the other way round. */
interface Changed {
  readonly before: Manifest
  readonly after: readonly NewEntry[]
}

function actionsOf({ after, before }: Changed): string[] {
  return [...new Set([...before, ...after].filter(({ kind }) => kind === 'action').map(({ id }) => id))]
}

/** The connectors that changed: themselves, or actions that they have or had. */
async function connectorsOf(
  tx: Prisma.TransactionClient,
  workspaceId: string,
  { before, after }: Changed,
): Promise<readonly string[]> {
  const hashes = before.filter(({ kind }) => kind === 'action').map(({ hash }) => hash)
  const had = await tx.$queryRaw<readonly { readonly id: string }[]>`
    SELECT DISTINCT body ->> 'connectorId' AS id FROM document
    WHERE workspace_id = ${workspaceId}::uuid AND hash = ANY(${hashes}::text[])`
  return [
    ...new Set([
      ...[...before, ...after].filter(({ kind }) => kind === 'connector').map(({ id }) => id),
      ...had.map(({ id }) => id),
      ...after.flatMap(({ kind, body }) => (kind === 'action' ? [String(body['connectorId'])] : [])),
    ]),
  ]
}
