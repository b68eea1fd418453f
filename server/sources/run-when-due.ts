/** Reads a source at the times of its schedule: what was missed is made up for once, and runs never pile up. */
import type { SourceProgress } from '../../prisma/generated/client/client.ts'
import { beginGeneration, type GenerationDeps } from './begin-generation.ts'
import type { LiveSource } from './live-source.ts'
import { type Look, lookOnce, progressOf } from './look-once.ts'
import { nextRun } from './schedule.ts'

interface Deps extends GenerationDeps {
  /** One clock for all workers. */
  sharedNow(): Promise<number>
}

export interface Run {
  /** What was seen; none where nothing was due. */
  readonly look: Look | 'none'
  /** When to ask again, in milliseconds. */
  readonly dueInMs: number
}

/** Until a source that fails, or a schedule that never comes again, is looked at once more. */
const retryMs = 60_000

/** All that it knows is in the database: whoever is asked next goes on from there. */
export async function runWhenDue(deps: Deps, live: LiveSource): Promise<Run> {
  const progress = await progressOf(deps, live)
  const now = await deps.sharedNow()
  const due = progress.scheduledBy === scheduledBy(live) ? progress.nextRunAt : null
  if (due === null) return waitForNext(deps, live, 'none')
  if (now < due.getTime()) return { look: 'none', dueInMs: due.getTime() - now }
  if (live.source.cursorMode === 'FULL_RESYNC') {
    const look = await beginGeneration(deps, live, progress)
    return again(look) ?? waitForNext(deps, live, look)
  }
  return readUpToNow(deps, live, progress, now)
}

/**
 * What was there when the run began is read by a second look, `settle` after the first: only then is it sure that
 * nothing older becomes visible.
 */
async function readUpToNow(
  deps: Deps,
  live: LiveSource,
  { runStartedAt }: SourceProgress,
  now: number,
): Promise<Run> {
  const { id, settleMs } = live.source
  const left = runStartedAt === null ? settleMs : runStartedAt.getTime() + settleMs - now
  if (runStartedAt !== null && left > 0) return { look: 'none', dueInMs: left }
  const look = await lookOnce(deps, live)
  const isOwed = again(look)
  if (isOwed !== null) return isOwed
  if (left <= 0) return waitForNext(deps, live, look)
  await deps.db.sourceProgress.updateMany({
    where: { dataSourceId: id },
    data: { runStartedAt: new Date(await deps.sharedNow()) },
  })
  return { look, dueInMs: settleMs }
}

/** What found nothing out is still owed: soon where the source fails, at once where the version has changed. */
function again(look: Look): Run | null {
  if (look === 'failed') return { look, dueInMs: retryMs }
  return look === 'outdated' ? { look, dueInMs: 0 } : null
}

async function waitForNext(deps: Deps, live: LiveSource, look: Run['look']): Promise<Run> {
  const { id, schedule, timeZone } = live.source
  const now = await deps.sharedNow()
  const next = schedule.kind === 'CONTINUOUS' ? null : nextRun(schedule, timeZone, new Date(now))
  await deps.db.sourceProgress.updateMany({
    where: { dataSourceId: id },
    data: { nextRunAt: next, scheduledBy: scheduledBy(live), runStartedAt: null },
  })
  return { look, dueInMs: next === null ? retryMs : next.getTime() - now }
}

/** A schedule that was changed is worked out anew. */
function scheduledBy({ source }: LiveSource): string {
  return JSON.stringify([source.schedule, source.timeZone])
}
