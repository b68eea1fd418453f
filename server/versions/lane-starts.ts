/** Where the lanes of a version start: those that are new, those that people move, those whose place is lost. */
import { isDeepStrictEqual } from 'node:util'
import type { ActionDocument, SourceDocument, VersionDocuments } from '../../engine/documents.ts'
import type { Issue } from '../problems/rules.ts'
import { type LaneStart, startIssues, type WantedStart } from '../sources/processing-start.ts'
import { cursorChangeIssues } from './cursor-change.ts'
import { type PublishProblem, problemsAt } from './rules.ts'

/** Why somebody may want to say where a lane starts. */
export type StartReason = 'NEW' | 'CURSOR_CHANGED' | 'SEGMENT_CHANGED' | 'CHOSEN'

export interface LaneName {
  readonly actionId: string
  readonly dataSourceId: string
}

export interface PlannedLane extends LaneName {
  readonly reason: StartReason
  /** Null: it goes on from where it stands. */
  readonly start: WantedStart | null
}

export interface LaneStarts {
  readonly lanes: readonly PlannedLane[]
  /** Sources of which no position means anything any more. */
  readonly changedSources: readonly string[]
  readonly problems: readonly PublishProblem[]
}

interface Asked {
  readonly documents: Omit<VersionDocuments, 'number'>
  /** What runs until now. */
  readonly before: Omit<VersionDocuments, 'number'> | null
  /** Actions that run once this is published. */
  readonly running: readonly ActionDocument[]
  readonly existing: readonly LaneName[]
  readonly starts: readonly LaneStart[]
}

export function laneStarts(asked: Asked): LaneStarts {
  const { before, documents, existing, running, starts } = asked
  const changeOf = (source: SourceDocument) => cursorChange(before, documents, source)
  const changedSources = documents.sources.filter((source) => changeOf(source).length > 0)
  const changed = new Set(changedSources.map(({ id }) => id))
  const lanes: PlannedLane[] = []
  for (const action of running) {
    const lane = { actionId: action.id, dataSourceId: action.dataSourceId }
    if (existing.some((each) => isSameLane(each, lane))) continue
    const start = chosen(starts, lane) ?? { from: action.startFrom, value: null }
    lanes.push({ ...lane, reason: 'NEW', start })
  }
  for (const lane of existing) {
    const start = chosen(starts, lane)
    const reason = reasonFor(asked, changed, lane, start)
    if (reason !== null) lanes.push({ ...lane, reason, start })
  }
  const lost = changedSources.filter(({ id }) =>
    lanes.some(({ dataSourceId, start }) => dataSourceId === id && start === null),
  )
  return {
    lanes,
    changedSources: [...changed],
    problems: [
      ...lost.flatMap((source) => problemsAt('DataSource', source.id, changeOf(source))),
      ...lanes.flatMap(({ actionId, dataSourceId, start }) => {
        const source = documents.sources.find(({ id }) => id === dataSourceId)
        if (source === undefined || start === null) return []
        return problemsAt('Action', actionId, startIssues(source, start)).map(atStart)
      }),
      ...unknownTargets(starts, lanes),
    ],
  }
}

function cursorChange(
  before: Asked['before'],
  documents: Asked['documents'],
  source: SourceDocument,
): readonly Issue[] {
  const old = before?.sources.find(({ id }) => id === source.id)
  if (before === null || old === undefined) return []
  const typed = ({ connections }: Asked['documents'], each: SourceDocument) => ({
    source: each,
    type: connections.find(({ id }) => id === each.connectionId)?.type,
  })
  return cursorChangeIssues(typed(before, old), typed(documents, source))
}

function reasonFor(
  { before, documents, running }: Asked,
  changed: ReadonlySet<string>,
  lane: LaneName,
  start: WantedStart | null,
): StartReason | null {
  if (changed.has(lane.dataSourceId)) return 'CURSOR_CHANGED'
  const action = running.find(({ id }) => id === lane.actionId)
  if (action !== undefined && before !== null && action.dataSourceId === lane.dataSourceId) {
    const old = before.actions.find(({ id }) => id === action.id)
    if (old !== undefined && !isDeepStrictEqual(conditionsOf(before, old), conditionsOf(documents, action)))
      return 'SEGMENT_CHANGED'
  }
  return start === null ? null : 'CHOSEN'
}

function conditionsOf({ segments }: Pick<VersionDocuments, 'segments'>, { segmentId }: ActionDocument) {
  return segments.find(({ id }) => id === segmentId)?.conditions
}

/** What is said of an action counts more than what is said of its source. */
function chosen(starts: readonly LaneStart[], { actionId, dataSourceId }: LaneName): WantedStart | null {
  const found =
    starts.find(({ target }) => target.id === actionId) ??
    starts.find(({ target }) => target.id === dataSourceId)
  return found === undefined ? null : { from: found.from, value: found.value }
}

function unknownTargets(starts: readonly LaneStart[], lanes: readonly LaneName[]): readonly PublishProblem[] {
  const unknown = starts.filter(
    ({ target }) =>
      !lanes.some(({ actionId, dataSourceId }) => target.id === actionId || target.id === dataSourceId),
  )
  const message =
    'Nothing that is published starts here: the action is not active, or nothing reads the data source.'
  return unknown.flatMap(({ target }) =>
    problemsAt(target.entity, target.id, [{ path: ['starts'], code: 'no_such_start', message }]),
  )
}

function isSameLane(a: LaneName, b: LaneName): boolean {
  return a.actionId === b.actionId && a.dataSourceId === b.dataSourceId
}

function atStart(problem: PublishProblem): PublishProblem {
  return { ...problem, path: ['startFrom'] }
}
