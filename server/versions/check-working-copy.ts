/** Everything that keeps a working copy from running, and the lanes that it needs when nothing does. */
import type { ActionDocument, VersionDocuments } from '../../engine/documents.ts'
import { definitionOf } from '../actions/read-action.ts'
import { notPrepared } from '../actions/rules.ts'
import type { Context } from '../context.ts'
import type { Registry } from '../registry/registry.ts'
import { sealPosition } from '../sources/sealed-position.ts'
import type { WorkspaceKey } from '../workspaces/keys.ts'
import { openSecrets } from '../workspaces/secrets.ts'
import { configurationProblems } from './configuration-problems.ts'
import { cursorChangeIssues, type TypedSource } from './cursor-change.ts'
import { type LiveSource, lookAtLiveSource } from './live-source.ts'
import { publishedSources } from './published-sources.ts'
import { type PublishProblem, problemsAt } from './rules.ts'
import type { WorkingCopy } from './working-copy.ts'

export interface NewLane {
  readonly actionId: string
  readonly dataSourceId: string
  /** Sealed; null is the beginning. */
  readonly position: Uint8Array<ArrayBuffer> | null
}

export interface CheckedCopy {
  readonly problems: readonly PublishProblem[]
  /** For every action that would run and has none yet. */
  readonly lanes: readonly NewLane[]
  /** The data sources that what would run reads. */
  readonly sourceIds: readonly string[]
}

export async function checkWorkingCopy(
  { db, deps }: Context,
  workspaceId: string,
  copy: WorkingCopy,
): Promise<CheckedCopy> {
  const key = await deps.workspaceKeys.of(workspaceId)
  const secretsOf = (id: string) => openSecrets(key, copy.connectorSecrets.get(id) ?? null)
  const existing = await db.lane.findMany({
    where: { workspaceId },
    select: { actionId: true, dataSourceId: true },
  })
  const lanes = new Set(existing.map(({ actionId, dataSourceId }) => `${actionId}/${dataSourceId}`))
  const hasLane = ({ id, dataSourceId }: ActionDocument) => lanes.has(`${id}/${dataSourceId}`)
  const running = runningActions(copy.documents)
  const startsNow = (action: ActionDocument) => action.startFrom === 'NOW' && !hasLane(action)

  const needEnd = new Set(running.filter(startsNow).map(({ dataSourceId }) => dataSourceId))
  const looks = await Promise.all(
    sourcesRead(copy, running).map(async ({ source, row }) => ({
      id: source.id,
      live: await lookAtLiveSource(deps, row, source, needEnd.has(source.id)),
    })),
  )
  const liveOf = new Map(looks.map(({ id, live }) => [id, live]))
  const withLanes = new Set(existing.map(({ dataSourceId }) => dataSourceId))
  const withPositions = typedSources(copy.documents).filter(({ source: { id } }) => withLanes.has(id))
  const before = await publishedSources(
    db,
    workspaceId,
    withPositions.map(({ source: { id } }) => id),
  )
  const unprepared = await unpreparedActions({ db, registry: deps.registry }, copy, running)
  return {
    problems: [
      ...configurationProblems({ registry: deps.registry, secretsOf }, copy),
      ...unprepared.flatMap(({ id }) => problemsAt('Action', id, [notPrepared])),
      ...withPositions.flatMap((after) => {
        const { id } = after.source
        const old = before.get(id)
        return old === undefined ? [] : problemsAt('DataSource', id, cursorChangeIssues(old, after))
      }),
      ...looks.flatMap(({ id, live }) => problemsAt('DataSource', id, live.issues)),
    ],
    lanes: running
      .filter((action) => !hasLane(action))
      .map((action) => ({
        actionId: action.id,
        dataSourceId: action.dataSourceId,
        position: startsNow(action) ? sealedEnd(key, liveOf.get(action.dataSourceId)) : null,
      })),
    sourceIds: [...new Set(running.map(({ dataSourceId }) => dataSourceId))],
  }
}

/** The actions that run once this is published. */
function runningActions({
  actions,
  connectors,
}: Pick<VersionDocuments, 'actions' | 'connectors'>): readonly ActionDocument[] {
  const enabled = new Set(connectors.filter(({ isEnabled }) => isEnabled).map(({ id }) => id))
  return actions.filter(({ isEnabled, connectorId }) => isEnabled && enabled.has(connectorId))
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
function sourcesRead({ documents, sourceRows }: WorkingCopy, running: readonly ActionDocument[]) {
  const read = new Set(running.map(({ dataSourceId }) => dataSourceId))
  return documents.sources.flatMap((source) => {
    const row = sourceRows.get(source.id)
    return read.has(source.id) && row !== undefined ? [{ source, row }] : []
  })
}

function typedSources({
  connections,
  sources,
}: Pick<VersionDocuments, 'connections' | 'sources'>): readonly TypedSource[] {
  const types = new Map(connections.map(({ id, type }) => [id, type]))
  return sources.map((source) => ({ source, type: types.get(source.connectionId) }))
}

function sealedEnd(key: WorkspaceKey, live: LiveSource | undefined): NewLane['position'] {
  return live === undefined || live.end === null ? null : sealPosition(key, live.end)
}
