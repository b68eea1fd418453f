/** The activity `pollSource`: waits for new rows, fixes the upper bound by the source's clock, wakes the lanes. */
import type { PrismaClient } from '../../prisma/generated/client/client.ts'
import type { PollResult } from '../../workflows/activities/ports.ts'
import type { CompiledLanes } from '../deliveries/compiled-lanes.ts'
import { pause } from '../pause.ts'
import type { Registry } from '../registry/registry.ts'
import type { WorkspaceKeys } from '../workspaces/workspace-keys.ts'
import type { ConnectSource, SourceChangeToken } from './connect.ts'
import { isAtBound } from './lane-place.ts'
import { isStillLive, type LiveSource, liveSource } from './live-source.ts'
import { lookOnce } from './look-once.ts'
import { createCountNullPositions } from './null-positions.ts'
import { createQuietSource } from './quiet-source.ts'
import { runWhenDue } from './run-when-due.ts'

interface Deps {
  readonly db: PrismaClient
  readonly registry: Registry
  readonly connectSource: ConnectSource
  readonly changeToken: SourceChangeToken
  readonly workspaceKeys: WorkspaceKeys
  readonly compiledLanes: CompiledLanes
  readonly now: () => number
  wakeLane(laneId: string): Promise<void>
}

/** One activity polls for so long, so that an idle source costs one activity a minute. */
const longPollMs = 60_000

/** Makes the activity. A source that fails is recorded with its code and polled again. */
export function createPollSource(deps: Deps) {
  const countNullPositions = createCountNullPositions(deps)
  const sharedNow = () => databaseNow(deps.db)
  return async function pollSource(dataSourceId: string, signal: AbortSignal): Promise<PollResult> {
    const live = await liveSource(deps, dataSourceId)
    if (live === null) return { kind: 'stop' }
    // Lanes that a crash or a publish left behind are looked after at the start of every long poll.
    await wakeBehind(deps, live)
    if (live.source.schedule.kind === 'CONTINUOUS') return pollOn(live, signal)
    const { look, dueInMs } = await runWhenDue({ ...deps, sharedNow }, live)
    if (look === 'news') await wakeBehind(deps, live)
    if (look !== 'none') await countNullPositions(live, look)
    return { kind: 'scheduled', dueInMs }
  }

  async function pollOn(live: LiveSource, signal: AbortSignal): Promise<PollResult> {
    const quiet = createQuietSource(deps, live)
    const until = deps.now() + longPollMs
    while (deps.now() < until && !signal.aborted) {
      if (await quiet.mayHaveNews()) {
        const look = await lookOnce({ ...deps, sharedNow }, live)
        // The lanes first: they need not wait for the count.
        if (look === 'news') await wakeBehind(deps, live)
        await countNullPositions(live, look)
        if (look === 'news') return { kind: 'polled' }
        if (look === 'nothing') quiet.looked()
      }
      await pause(live.source.pollIntervalMs, signal)
      // A version published meanwhile may have changed the source, or its lanes.
      if (!(await isStillLive(deps, live))) return { kind: 'polled' }
    }
    return { kind: 'polled' }
  }
}

/** Waking costs a workflow: a lane that stands at the bound has nothing to do. */
async function wakeBehind({ db, wakeLane }: Deps, { key, laneIds, source }: LiveSource): Promise<void> {
  const progress = await db.sourceProgress.findUnique({ where: { dataSourceId: source.id } })
  if (progress === null || progress.bound === null) return
  const lanes = await db.lane.findMany({
    where: { id: { in: [...laneIds] } },
    select: { id: true, position: true, generation: true },
  })
  for (const lane of lanes) if (!isAtBound(key, lane, progress)) await wakeLane(lane.id)
}

/** In milliseconds. */
async function databaseNow(db: PrismaClient): Promise<number> {
  const [row] = await db.$queryRaw<readonly { readonly now: Date }[]>`SELECT clock_timestamp() AS now`
  if (row === undefined) throw new Error('PostgreSQL did not tell the time.')
  return row.now.getTime()
}
