/** Segments: created and changed as far as their conditions fit their data sources. */
import { sourceColumnsSchema } from '../../engine/documents.ts'
import type { RescanSchedule } from '../../engine/rules/rescan.ts'
import { Prisma, type Segment, type SegmentSource } from '../../prisma/generated/client/client.ts'
import { type Right, requireRight, within } from '../access/rules.ts'
import { recordChange } from '../audit/service.ts'
import type { Context } from '../context.ts'
import { InvalidInput, type Issue, NotFound, RevisionConflict } from '../problems/rules.ts'
import type { ReadableSource } from '../sources/look-into.ts'
import { asJsonObject } from '../workspaces/json.ts'
import { present } from '../workspaces/present.ts'
import { coveredWorkspace, requireConnectors } from '../workspaces/service.ts'
import { namedOnce } from '../workspaces/taken-name.ts'
import { readSegment, type SegmentableSource, type SegmentDraft, sourceInUse } from './read-segment.ts'

interface SegmentFields {
  readonly name: string
  readonly dataSourceIds: readonly string[]
  readonly conditions: unknown
  readonly notes: string
  readonly rescan: unknown
}

export interface CreateSegment extends Pick<SegmentFields, 'name' | 'dataSourceIds'> {
  readonly workspaceId: string
  readonly conditions?: unknown
  readonly notes?: string
  readonly rescan?: unknown
}

export interface UpdateSegment extends Partial<SegmentFields> {
  readonly id: string
  readonly revision: number
}

type Db = Pick<Context['db'], 'dataSource' | 'action'>

export async function createSegment(context: Context, input: CreateSegment): Promise<string> {
  const { db } = context
  const workspaceId = await coveredWorkspace(context, input.workspaceId, 'edit')
  await requireConnectors(context, workspaceId)
  const draft: SegmentDraft = {
    name: input.name,
    dataSourceIds: [...new Set(input.dataSourceIds)],
    conditions: input.conditions,
    notes: input.notes ?? '',
    rescan: input.rescan ?? null,
  }
  const reading = readSegment(draft, await sourcesOf(db, workspaceId, draft.dataSourceIds))
  if (!reading.ok) throw new InvalidInput(reading.issues)
  const conditions = asJsonObject(reading.conditions)
  return namedOnce('Segment', draft.name, () =>
    db.$transaction(async (tx) => {
      const { id } = await tx.segment.create({
        data: { workspaceId, name: draft.name, conditions, notes: draft.notes, ...rescanOf(reading) },
      })
      await tx.segmentSource.createMany({
        data: draft.dataSourceIds.map((dataSourceId) => ({ workspaceId, segmentId: id, dataSourceId })),
      })
      await recordChange(tx, context, {
        workspaceId,
        verb: 'createSegment',
        entity: 'Segment',
        entityId: id,
      })
      return id
    }),
  )
}

export async function updateSegment(context: Context, input: UpdateSegment): Promise<string> {
  const { db } = context
  const { id, revision, ...changes } = input
  const current = await findSegment(context, id, 'edit')
  const { workspaceId } = current
  if (current.revision !== revision) throw new RevisionConflict('Segment', id, current.revision)
  const draft: SegmentDraft = {
    name: current.name,
    conditions: current.conditions,
    notes: current.notes,
    rescan: current.rescan,
    ...changes,
    dataSourceIds: [
      ...new Set(changes.dataSourceIds ?? current.sources.map(({ dataSourceId }) => dataSourceId)),
    ],
  }
  const reading = readSegment(draft, await sourcesOf(db, workspaceId, draft.dataSourceIds))
  const inUse = await sourcesInUse(db, current, draft.dataSourceIds)
  if (!reading.ok || inUse.length > 0) {
    throw new InvalidInput([...(reading.ok ? [] : reading.issues), ...inUse])
  }
  const conditions = asJsonObject(reading.conditions)
  await namedOnce('Segment', draft.name, () =>
    db.$transaction(async (tx) => {
      const { count } = await tx.segment.updateMany({
        where: { id, workspaceId, revision },
        data: {
          name: draft.name,
          conditions,
          notes: draft.notes,
          ...rescanOf(reading),
          revision: { increment: 1 },
        },
      })
      if (count === 0) {
        const changed = await tx.segment.findUniqueOrThrow({ where: { id } })
        throw new RevisionConflict('Segment', id, changed.revision)
      }
      await tx.segmentSource.deleteMany({
        where: { workspaceId, segmentId: id, dataSourceId: { notIn: [...draft.dataSourceIds] } },
      })
      await tx.segmentSource.createMany({
        data: draft.dataSourceIds.map((dataSourceId) => ({ workspaceId, segmentId: id, dataSourceId })),
        skipDuplicates: true,
      })
      await recordChange(tx, context, {
        workspaceId,
        verb: 'updateSegment',
        entity: 'Segment',
        entityId: id,
      })
    }),
  )
  return id
}

/** A JSON column has no null of its own. */
function rescanOf({ rescan }: { readonly rescan: RescanSchedule | null }) {
  return { rescan: rescan ?? Prisma.DbNull }
}

export async function findSegment(
  { db, access }: Context,
  id: string,
  right: Right,
): Promise<Segment & { readonly sources: readonly SegmentSource[] }> {
  const segment = await db.segment.findUnique({
    where: { id, ...within(access), ...present },
    include: { sources: true },
  })
  if (segment === null) throw new NotFound('Segment', id)
  requireRight(access, segment.workspaceId, right)
  return segment
}

async function sourcesOf(
  db: Db,
  workspaceId: string,
  ids: readonly string[],
): Promise<readonly SegmentableSource[]> {
  const rows = await db.dataSource.findMany({ where: { workspaceId, id: { in: [...ids] }, ...present } })
  return rows.map(({ id, name, columns }) => ({
    id,
    name,
    columns: sourceColumnsSchema.parse(columns),
  }))
}

/** A data source cannot leave a segment while an action reads the two together. */
async function sourcesInUse(
  db: Db,
  { id, workspaceId }: Segment,
  kept: readonly string[],
): Promise<readonly Issue[]> {
  const actions = await db.action.findMany({
    where: { workspaceId, segmentId: id, dataSourceId: { notIn: [...kept] }, ...present },
    include: { dataSource: { select: { name: true } } },
    orderBy: { name: 'asc' },
  })
  return actions.map(({ name, dataSource }) => sourceInUse(name, dataSource.name))
}

/** The row of one of a segment's data sources, to read what the right allows. */
export async function sourceOfSegment(
  { db, access }: Context,
  segmentId: string,
  dataSourceId: string,
  right: Right,
): Promise<ReadableSource> {
  const link = await db.segmentSource.findFirst({
    where: { segmentId, dataSourceId, ...within(access) },
    include: { dataSource: { include: { connection: true } } },
  })
  if (link !== null) {
    requireRight(access, link.workspaceId, right)
    return link.dataSource
  }
  const message = 'The segment has no conditions for this data source. Name one of its own.'
  throw new InvalidInput([{ path: ['dataSourceId'], code: 'not_in_segment', message }])
}
