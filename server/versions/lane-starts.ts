/** Where the lanes of a version start: those that are new, those that people move, those whose place is lost. */
import { isDeepStrictEqual } from 'node:util'
import type { ActionDocument, SourceDocument, VersionDocuments } from '../../engine/documents.ts'
import type { Issue } from '../problems/rules.ts'
import { type LaneStart, startIssues, type WantedStart } from '../sources/processing-start.ts'
import { cursorChangeIssues, type TypedSource } from './cursor-change.ts'
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
  /** What runs until now; null where nobody asks which segments have changed. */
  readonly before: Omit<VersionDocuments, 'number'> | null
  /** The sources as they last ran: what the positions of their lanes mean. */
  readonly ran: ReadonlyMap<string, TypedSource>
  /** Actions that run once this is published. */
  readonly running: readonly ActionDocument[]
  readonly existing: readonly LaneName[]
  readonly starts: readonly LaneStart[]
}

export function laneStarts(asked: Asked): LaneStarts {
  const { documents, existing, running, starts } = asked
  const chosen = chooser(starts)
  const changes = new Map(
    documents.sources
      .map((source) => [source.id, changeOf(asked, source)] as const)
      .filter(([, issues]) => issues.length > 0),
  )
  const hasLane = new Set(existing.map(nameOf))
  const isOther = segmentChanges(asked)
  const lanes: PlannedLane[] = []
  for (const action of running) {
    const lane = { actionId: action.id, dataSourceId: action.dataSourceId }
    if (hasLane.has(nameOf(lane))) continue
    lanes.push({ ...lane, reason: 'NEW', start: chosen(lane) ?? { from: action.startFrom, value: null } })
  }
  for (const lane of existing) {
    const start = chosen(lane)
    if (changes.has(lane.dataSourceId)) lanes.push({ ...lane, reason: 'CURSOR_CHANGED', start })
    else if (isOther(lane)) lanes.push({ ...lane, reason: 'SEGMENT_CHANGED', start })
    else if (start !== null) lanes.push({ ...lane, reason: 'CHOSEN', start })
  }
  return { lanes, changedSources: [...changes.keys()], problems: problemsOf(asked, lanes, changes) }
}

function problemsOf(
  { documents, starts }: Asked,
  lanes: readonly PlannedLane[],
  changes: ReadonlyMap<string, readonly Issue[]>,
): readonly PublishProblem[] {
  const lost = new Set(
    lanes
      .filter(({ reason, start }) => reason === 'CURSOR_CHANGED' && start === null)
      .map(({ dataSourceId }) => dataSourceId),
  )
  const sources = new Map(documents.sources.map((source) => [source.id, source]))
  return [
    ...[...lost].flatMap((id) => problemsAt('DataSource', id, changes.get(id) ?? [])),
    ...lanes.flatMap(({ actionId, dataSourceId, start }) => {
      const source = sources.get(dataSourceId)
      if (source === undefined || start === null) return []
      return problemsAt('Action', actionId, startIssues(source, start)).map(atStart)
    }),
    ...unknownTargets(starts, lanes),
  ]
}

function changeOf({ documents, ran }: Asked, source: SourceDocument): readonly Issue[] {
  const old = ran.get(source.id)
  if (old === undefined) return []
  const type = documents.connections.find(({ id }) => id === source.connectionId)?.type
  return cursorChangeIssues(old, { source, type })
}

/** Whether a lane goes on under another segment, or other conditions. */
function segmentChanges({ before, documents, running }: Asked): (lane: LaneName) => boolean {
  if (before === null) return () => false
  const conditionsOf = ({ segments }: Pick<VersionDocuments, 'segments'>) =>
    new Map(segments.map(({ id, conditions }) => [id, conditions]))
  const [old, wanted] = [conditionsOf(before), conditionsOf(documents)]
  const oldActions = new Map(before.actions.map((action) => [action.id, action]))
  const actions = new Map(running.map((action) => [action.id, action]))
  return ({ actionId, dataSourceId }) => {
    const [action, oldAction] = [actions.get(actionId), oldActions.get(actionId)]
    if (action === undefined || oldAction === undefined || action.dataSourceId !== dataSourceId) return false
    return !isDeepStrictEqual(old.get(oldAction.segmentId), wanted.get(action.segmentId))
  }
}

/** What is said of an action counts more than what is said of its source. */
function chooser(starts: readonly LaneStart[]): (lane: LaneName) => WantedStart | null {
  const byTarget = new Map(starts.map(({ from, target, value }) => [target.id, { from, value }]))
  return ({ actionId, dataSourceId }) => byTarget.get(actionId) ?? byTarget.get(dataSourceId) ?? null
}

function unknownTargets(starts: readonly LaneStart[], lanes: readonly LaneName[]): readonly PublishProblem[] {
  const known = new Set(lanes.flatMap(({ actionId, dataSourceId }) => [actionId, dataSourceId]))
  const message =
    'Nothing that is published starts here: the action is not active, or nothing reads the data source.'
  return starts
    .filter(({ target }) => !known.has(target.id))
    .flatMap(({ target }) =>
      problemsAt(target.entity, target.id, [{ path: ['starts'], code: 'no_such_start', message }]),
    )
}

function nameOf({ actionId, dataSourceId }: LaneName): string {
  return `${actionId}/${dataSourceId}`
}

function atStart(problem: PublishProblem): PublishProblem {
  return { ...problem, path: ['startFrom'] }
}
