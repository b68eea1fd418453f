/** Everything that keeps a working copy from running, and the lanes that it needs when nothing does. */
import { type ActionDocument, runningActions } from '../../engine/documents.ts'
import { definitionOf } from '../actions/read-action.ts'
import { notPrepared } from '../actions/rules.ts'
import type { Context } from '../context.ts'
import type { Registry } from '../registry/registry.ts'
import { type LaneStart, startIssues } from '../sources/processing-start.ts'
import { sealPosition } from '../sources/sealed-position.ts'
import { openSecrets } from '../workspaces/secrets.ts'
import { configurationProblems } from './configuration-problems.ts'
import type { TypedSource } from './cursor-change.ts'
import { type LaneName, laneStarts, type PlannedLane } from './lane-starts.ts'
import { lookAtLiveSource } from './live-source.ts'
import { loadVersion } from './load-version.ts'
import { publishedSources } from './published-sources.ts'
import { type PublishProblem, problemsAt } from './rules.ts'
import type { WorkingCopy } from './working-copy.ts'

/** A lane that begins, or begins elsewhere. */
export interface StartedLane extends LaneName {
  /** Sealed; null is the beginning. */
  readonly position: Uint8Array<ArrayBuffer> | null
}

export interface CheckedCopy {
  readonly problems: readonly PublishProblem[]
  readonly lanes: readonly StartedLane[]
  /** Sources whose announced bound means nothing any more. */
  readonly changedSources: readonly string[]
  /** The actions that run until now. */
  readonly runningBefore: readonly string[]
  /** The actions that would run. */
  readonly actionIds: readonly string[]
  /** The data sources that they read. */
  readonly sourceIds: readonly string[]
}

export async function checkWorkingCopy(
  { db, deps }: Context,
  workspaceId: string,
  copy: WorkingCopy,
  starts: readonly LaneStart[],
): Promise<CheckedCopy> {
  const key = await deps.workspaceKeys.of(workspaceId)
  const secretsOf = (id: string) => openSecrets(key, copy.connectorSecrets.get(id) ?? null)
  const running = runningActions(copy.documents)
  const kept = await keptLanes(db, workspaceId)
  const planned = laneStarts({ ...kept, documents: copy.documents, before: null, running, starts })
  const isMoving = planned.lanes.some(({ reason, start }) => reason !== 'NEW' && start !== null)

  const looks = await Promise.all(
    sourcesRead(copy, running, planned.lanes).map(async ({ source, row }) => {
      // What is wrong with the others is said already.
      const wanted = planned.lanes.flatMap(({ dataSourceId, start }) =>
        dataSourceId === source.id && start !== null && startIssues(source, start).length === 0
          ? [start]
          : [],
      )
      return { id: source.id, live: await lookAtLiveSource(deps, row, source, wanted) }
    }),
  )
  const liveOf = new Map(looks.map(({ id, live }) => [id, live]))
  const unprepared = await unpreparedActions({ db, registry: deps.registry }, copy, running)
  return {
    problems: [
      ...configurationProblems({ registry: deps.registry, secretsOf }, copy),
      ...unprepared.flatMap(({ id }) => problemsAt('Action', id, [notPrepared])),
      ...planned.problems,
      ...looks.flatMap(({ id, live }) => problemsAt('DataSource', id, live.issues)),
    ],
    lanes: planned.lanes.flatMap(({ actionId, dataSourceId, start }) => {
      if (start === null) return []
      const position = liveOf.get(dataSourceId)?.positionOf(start) ?? null
      return [{ actionId, dataSourceId, position: position === null ? null : sealPosition(key, position) }]
    }),
    changedSources: planned.changedSources,
    runningBefore: isMoving ? await runningNow(db, workspaceId) : [],
    actionIds: running.map(({ id }) => id),
    sourceIds: [...new Set(running.map(({ dataSourceId }) => dataSourceId))],
  }
}

/** Those that need something at the vendor that was not created. */
async function unpreparedActions(
  { db, registry }: { readonly db: Context['db']; readonly registry: Registry },
  { documents }: WorkingCopy,
  running: readonly ActionDocument[],
): Promise<readonly ActionDocument[]> {
  const connectors = new Map(documents.connectors.map(({ id, type }) => [id, type]))
  const needing = running.filter(({ connectorId, type }) => {
    const actions = registry.connector(connectors.get(connectorId) ?? '')?.definition.actions
    return definitionOf({ definitions: actions }, type)?.prepare !== undefined
  })
  if (needing.length === 0) return []
  const done = await db.preparation.findMany({
    where: { actionId: { in: needing.map(({ id }) => id) }, state: 'DONE' },
    select: { actionId: true, connectorId: true, type: true },
  })
  const prepared = new Set(
    done.map(({ actionId, connectorId, type }) => `${actionId}/${connectorId}/${type}`),
  )
  return needing.filter(({ id, connectorId, type }) => !prepared.has(`${id}/${connectorId}/${type}`))
}

/** An unused source may be away: it stands in nobody's way. */
function sourcesRead(
  { documents, sourceRows }: WorkingCopy,
  running: readonly ActionDocument[],
  lanes: readonly PlannedLane[],
) {
  const started = lanes.filter(({ start }) => start !== null)
  const read = new Set([...running, ...started].map(({ dataSourceId }) => dataSourceId))
  return documents.sources.flatMap((source) => {
    const row = sourceRows.get(source.id)
    return read.has(source.id) && row !== undefined ? [{ source, row }] : []
  })
}

/** The actions that the version that runs has on. */
async function runningNow(db: Context['db'], workspaceId: string): Promise<readonly string[]> {
  const { liveVersion } = await db.workspace.findUniqueOrThrow({ where: { id: workspaceId } })
  if (liveVersion === null) return []
  return runningActions(await loadVersion({ db }, workspaceId, liveVersion)).map(({ id }) => id)
}

/** The lanes that there are, and their sources as they last ran: what their positions mean. */
export async function keptLanes(
  db: Context['db'],
  workspaceId: string,
): Promise<{ readonly existing: readonly LaneName[]; readonly ran: ReadonlyMap<string, TypedSource> }> {
  const where = { workspaceId }
  const existing = await db.lane.findMany({ where, select: { actionId: true, dataSourceId: true } })
  // A source keeps its bound also where its lanes are gone.
  const looked = await db.sourceProgress.findMany({ where, select: { dataSourceId: true } })
  const ids = new Set([...existing, ...looked].map(({ dataSourceId }) => dataSourceId))
  return { existing, ran: ids.size === 0 ? new Map() : await publishedSources(db, workspaceId, [...ids]) }
}
