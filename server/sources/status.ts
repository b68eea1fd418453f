/** What a data source is doing, from what is kept of it. */

export const sourceStatuses = [
  'INACTIVE',
  'STOPPED',
  'UNASSIGNED',
  'FAILED',
  'INITIALIZING',
  'SCHEDULED',
  'RUNNING',
] as const
export type SourceStatus = (typeof sourceStatuses)[number]

export interface SourceFacts {
  /** Whether the live version reads it. */
  readonly isRead: boolean
  /** Whether it was ever looked at, or was to be. */
  readonly wasOn: boolean
  readonly hasWorker: boolean
  readonly errorCode: string | null
  readonly polledAt: Date | null
  /** Null where it is read all the time. */
  readonly nextRunAt: Date | null
  readonly runStartedAt: Date | null
  /** Whether something of it is read for the first time just now. */
  readonly isDelivering: boolean
}

export function statusOf(facts: SourceFacts, now: Date): SourceStatus {
  const { errorCode, hasWorker, isDelivering, isRead, nextRunAt, polledAt, runStartedAt, wasOn } = facts
  if (!isRead) return wasOn ? 'STOPPED' : 'INACTIVE'
  if (!hasWorker) return 'UNASSIGNED'
  if (errorCode !== null) return 'FAILED'
  if (isDelivering || runStartedAt !== null) return 'RUNNING'
  if (nextRunAt !== null && nextRunAt > now) return 'SCHEDULED'
  return polledAt === null ? 'INITIALIZING' : 'RUNNING'
}
