/** What a full resync asks of a source: it is read whole each time, so seldom enough, and up to a limit. */
import type { Schedule } from '../../engine/reading/schedule.ts'
import type { Issue } from '../problems/rules.ts'
import type { CursorMode } from './rules.ts'
import { shortestGapMs } from './schedule.ts'

const hourMs = 3_600_000
/** The day on which summer time begins. */
const shortestDayMs = 23 * hourMs

/** Keeps a source from being read whole: shown as its `errorCode`. */
export const overLimitCode = 'resync_over_limit'

const mostRowsHourly = 50_000
const mostRowsDaily = 1_000_000

interface Wanted {
  readonly cursorMode: CursorMode
  readonly schedule: Schedule
  readonly timeZone: string
  readonly resyncLimit: number | null
}

export function resyncIssues(wanted: Wanted, now: Date): readonly Issue[] {
  const { cursorMode, resyncLimit, schedule } = wanted
  if (cursorMode !== 'FULL_RESYNC') {
    if (resyncLimit === null) return []
    const message = 'Only a full resync has a limit. Leave it out, or use the cursor mode FULL_RESYNC.'
    return [{ path: ['resyncLimit'], code: 'not_applicable', message }]
  }
  if (!isSeldom(wanted, now)) {
    const message = 'A full resync reads all rows each time: let it be due at most once an hour.'
    return [
      { path: ['schedule', schedule.kind === 'CRON' ? 'expression' : 'kind'], code: 'too_often', message },
    ]
  }
  const most = mostRowsOf(wanted, now)
  if (resyncLimit === null || resyncLimit <= most) return []
  const message = `A full resync that is due this often reads at most ${most} rows: ${mostRowsHourly} where it comes more than once a day, else ${mostRowsDaily}.`
  return [{ path: ['resyncLimit'], code: 'too_big', message }]
}

/** How many rows a full resync of this source may have. */
export function resyncLimitOf(wanted: Wanted, now: Date): number {
  return wanted.resyncLimit ?? mostRowsOf(wanted, now)
}

function isSeldom({ schedule, timeZone }: Wanted, now: Date): boolean {
  return schedule.kind !== 'CONTINUOUS' && shortestGapMs(schedule, timeZone, now) >= hourMs
}

function mostRowsOf({ schedule, timeZone }: Wanted, now: Date): number {
  if (schedule.kind === 'CONTINUOUS') return mostRowsHourly
  return shortestGapMs(schedule, timeZone, now) >= shortestDayMs ? mostRowsDaily : mostRowsHourly
}
