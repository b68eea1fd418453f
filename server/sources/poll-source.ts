/** The activity `pollSource`: waits for new rows, fixes the upper bound by the source's clock, wakes the lanes. */
import { type SourceConnection, SourceError, z } from '@sluice/connector-sdk'
import { runningActions, type SourceDocument } from '../../engine/documents.ts'
import { columnNamed, isSamePosition, type Position, positionSchema } from '../../engine/reading/position.ts'
import type { PrismaClient, SourceProgress } from '../../prisma/generated/client/client.ts'
import type { PollResult } from '../../workflows/activities/ports.ts'
import { announce } from '../deliveries/committer.ts'
import type { Registry } from '../registry/registry.ts'
import { loadVersion } from '../versions/service.ts'
import type { WorkspaceKey } from '../workspaces/keys.ts'
import type { WorkspaceKeys } from '../workspaces/workspace-keys.ts'
import type { ConnectSource, SourceChangeToken } from './connect.ts'
import { lastPosition } from './last-position.ts'
import { createQuietSource } from './quiet-source.ts'
import { openPosition, sealPosition } from './sealed-position.ts'

interface Deps {
  readonly db: PrismaClient
  readonly registry: Registry
  readonly connectSource: ConnectSource
  readonly changeToken: SourceChangeToken
  readonly workspaceKeys: WorkspaceKeys
  readonly now: () => number
  wakeLane(laneId: string): Promise<void>
}

/** One activity polls for so long, so that an idle source costs one activity a minute. */
const longPollMs = 60_000

/** A source that a live version reads, with the lanes that want its rows. */
interface Live {
  readonly workspaceId: string
  readonly versionNumber: number
  readonly source: SourceDocument
  readonly secrets: Uint8Array | null
  readonly laneIds: readonly string[]
  readonly actionIds: readonly string[]
  readonly key: WorkspaceKey
}

/** Makes the activity. A source that fails is recorded with its code and polled again. */
export function createPollSource(deps: Deps) {
  return async function pollSource(dataSourceId: string, signal: AbortSignal): Promise<PollResult> {
    const live = await liveSource(deps, dataSourceId)
    if (live === null) return { kind: 'stop' }
    // Lanes that a crash or a publish left behind are looked after at the start of every long poll.
    await wakeBehind(deps, live)
    const quiet = createQuietSource(deps, live.source)
    const until = deps.now() + longPollMs
    while (deps.now() < until && !signal.aborted) {
      const look = (await quiet.mayHaveNews()) ? await pollOnce(deps, live) : 'nothing'
      if (look === 'news') {
        await wakeBehind(deps, live)
        return { kind: 'polled' }
      }
      if (look === 'nothing') quiet.looked()
      await pause(live.source.pollIntervalMs, signal)
      // A version published meanwhile may have changed the source, or its lanes.
      if (!(await isStillLive(deps, live))) return { kind: 'polled' }
    }
    return { kind: 'polled' }
  }
}

async function liveSource(deps: Deps, dataSourceId: string): Promise<Live | null> {
  const { db } = deps
  const row = await db.dataSource.findUnique({
    where: { id: dataSourceId },
    include: { workspace: true, lanes: true },
  })
  const liveVersion = row?.workspace.liveVersion
  if (row === null || liveVersion === null || liveVersion === undefined) return null
  const version = await loadVersion(deps, row.workspaceId, liveVersion)
  const source = version.sources.find(({ id }) => id === dataSourceId)
  const actionIds = runningActions(version)
    .filter((action) => action.dataSourceId === dataSourceId)
    .map(({ id }) => id)
  const laneIds = row.lanes.filter(({ actionId }) => actionIds.includes(actionId)).map(({ id }) => id)
  if (source === undefined || laneIds.length === 0) return null
  const key = await deps.workspaceKeys.of(row.workspaceId)
  return {
    workspaceId: row.workspaceId,
    versionNumber: liveVersion,
    source,
    secrets: row.secrets,
    laneIds,
    actionIds,
    key,
  }
}

async function isStillLive({ db }: Deps, { workspaceId, versionNumber }: Live): Promise<boolean> {
  const row = await db.workspace.findUnique({ where: { id: workspaceId }, select: { liveVersion: true } })
  return row?.liveVersion === versionNumber
}

/** Waking costs a workflow: a lane that stands at the bound has nothing to do. */
async function wakeBehind({ db, wakeLane }: Deps, { key, laneIds, source }: Live): Promise<void> {
  const progress = await db.sourceProgress.findUnique({ where: { dataSourceId: source.id } })
  if (progress === null || progress.bound === null) return
  const bound = key.open('position', progress.bound)
  const lanes = await db.lane.findMany({
    where: { id: { in: [...laneIds] } },
    select: { id: true, position: true },
  })
  for (const { id, position } of lanes) {
    if (position === null || key.open('position', position) !== bound) await wakeLane(id)
  }
}

/** Looks once. News is that the bound moved. */
async function pollOnce(deps: Deps, live: Live): Promise<'news' | 'nothing' | 'failed'> {
  const { db } = deps
  const { workspaceId, source } = live
  const progress = await db.sourceProgress.upsert({
    where: { dataSourceId: source.id },
    create: { workspaceId, dataSourceId: source.id },
    update: {},
  })
  try {
    const found = await look(deps, live, progress)
    await db.sourceProgress.updateMany({
      // Another poll may have moved the bound meanwhile: it must never go back.
      where: { dataSourceId: source.id, sequence: progress.sequence },
      data: {
        polledAt: new Date(deps.now()),
        errorCode: null,
        candidates: found.candidates,
        ...(found.bound === null ? {} : { bound: found.bound, sequence: { increment: 1 } }),
      },
    })
    if (found.bound === null) return 'nothing'
    // Whoever watches a lane sees that there is something new for it.
    for (const actionId of live.actionIds) await announce(db, actionId)
    return 'news'
  } catch (error) {
    if (!(error instanceof SourceError)) throw error
    await db.sourceProgress.updateMany({
      where: { dataSourceId: source.id },
      data: { errorCode: error.code },
    })
    return 'failed'
  }
}

interface Found {
  readonly bound: Uint8Array<ArrayBuffer> | null
  readonly candidates: Uint8Array<ArrayBuffer> | null
}

async function look(deps: Deps, live: Live, progress: SourceProgress): Promise<Found> {
  const { key, source } = live
  const announced = progress.bound === null ? null : openPosition(key, progress.bound)
  const connection = await deps.connectSource({
    ...source,
    workspaceId: live.workspaceId,
    secrets: live.secrets,
  })
  try {
    const last = await settledPosition(deps, connection, source, announced)
    if (source.cursorMode === 'TIMESTAMP_INCREMENTING' || source.settleMs === 0) {
      return { bound: last === null ? null : sealPosition(key, last), candidates: null }
    }
    return settledCandidate(key, progress.candidates, last, deps.now(), source.settleMs)
  } finally {
    await connection.close()
  }
}

/** The last row after the announced bound that is old enough by the source's own clock. */
async function settledPosition(
  { registry }: Deps,
  connection: SourceConnection,
  source: SourceDocument,
  announced: Position | null,
): Promise<Position | null> {
  const dialect = registry.source(source.type)?.definition.dialect
  if (dialect === undefined)
    throw new SourceError('bad_settings', `The source type ${source.type} is not installed.`)
  let limit: string | null = null
  if (source.timestampColumn !== null) {
    const { nativeType } = columnNamed(source, source.timestampColumn)
    limit = await connection.now({ nativeType, timeZone: source.timeZone, minusMs: source.settleMs })
  }
  return lastPosition(connection, dialect, source, { after: announced, limit })
}

const candidatesSchema = z.array(z.object({ at: z.number(), position: positionSchema }))

/** Ids have no time: one may be announced once a poll saw it at least `settle` ago. */
function settledCandidate(
  key: WorkspaceKey,
  sealed: Uint8Array | null,
  last: Position | null,
  now: number,
  settleMs: number,
): Found {
  const seen = sealed === null ? [] : candidatesSchema.parse(JSON.parse(key.open('candidates', sealed)))
  const isNew = last !== null && !isSamePosition(seen.at(-1)?.position ?? [], last)
  const all = isNew ? [...seen, { at: now, position: last }] : seen
  const settled = all.filter(({ at }) => at <= now - settleMs).at(-1)
  const rest = all.filter(({ at }) => at > now - settleMs)
  return {
    bound: settled === undefined ? null : sealPosition(key, settled.position),
    candidates: rest.length === 0 ? null : key.seal('candidates', JSON.stringify(rest)),
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms)
    signal.addEventListener('abort', done, { once: true })
    function done() {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
  })
}
