/** Reads the flows of several segments: what comes into each and where it goes, as the working copy has it. */
import type { Prisma, PrismaClient } from '../../prisma/generated/client/client.ts'
import { NotFound } from '../problems/rules.ts'
import { runningActions } from '../versions/running-actions.ts'
import { present } from '../workspaces/present.ts'
import { type LiveChain, type Standstill, standstillOf } from './flow.ts'

const parts = {
  sources: { select: { dataSource: true }, orderBy: { dataSource: { name: 'asc' } } },
  actions: {
    where: present,
    include: {
      connector: { select: { isEnabled: true } },
      workspace: { select: { haltedAt: true } },
      dataSource: { select: { isEnabled: true, progress: { select: { errorCode: true } } } },
    },
    orderBy: { name: 'asc' },
  },
} as const satisfies Prisma.SegmentInclude

type SegmentWithParts = Prisma.SegmentGetPayload<{ include: typeof parts }>

export interface FlowSource {
  readonly dataSource: SegmentWithParts['sources'][number]['dataSource']
  readonly isUsed: boolean
  readonly isActive: boolean
}

export interface FlowActivation {
  readonly action: SegmentWithParts['actions'][number]
  readonly standstill: Standstill | null
}

export interface SegmentFlow {
  readonly sources: readonly FlowSource[]
  readonly activations: readonly FlowActivation[]
}

/** In the order of the ids; a constant number of statements. */
export async function readFlows(
  db: PrismaClient,
  segmentIds: readonly string[],
): Promise<(SegmentFlow | NotFound)[]> {
  const [segments, live] = await Promise.all([
    db.segment.findMany({ where: { id: { in: [...segmentIds] } }, include: parts }),
    readLiveChains(db, segmentIds),
  ])
  const byId = new Map(segments.map((segment) => [segment.id, segment]))
  return segmentIds.map((id) => {
    const segment = byId.get(id)
    return segment === undefined ? new NotFound('Segment', id) : flowOf(segment, live)
  })
}

function flowOf({ actions, id, sources }: SegmentWithParts, live: readonly LiveChain[]): SegmentFlow {
  const own = live.filter(({ segmentId }) => segmentId === id)
  const activations = actions.map((action) => ({ action, standstill: standstillOf(action, own) }))
  const readFrom = (sourceId: string) => activations.filter(({ action }) => action.dataSourceId === sourceId)
  return {
    activations,
    sources: sources.map(({ dataSource }) => ({
      dataSource,
      isUsed: readFrom(dataSource.id).length > 0,
      isActive: readFrom(dataSource.id).some(({ standstill }) => standstill === null),
    })),
  }
}

async function readLiveChains(
  db: Pick<PrismaClient, '$queryRaw'>,
  segmentIds: readonly string[],
): Promise<readonly LiveChain[]> {
  return db.$queryRaw<readonly LiveChain[]>`
    SELECT running.action_id::text AS "actionId", running.data_source_id::text AS "dataSourceId",
      running.segment_id::text AS "segmentId"
    FROM segment AS own
    JOIN ${runningActions} ON running.workspace_id = own.workspace_id AND running.segment_id = own.id
    WHERE own.id = ANY(${[...segmentIds]}::uuid[])`
}
