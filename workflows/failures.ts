/** The failure types that cross the boundary between activities and workflows, and which are tried again. */

/** Strings, because classes don't survive the boundary. None carries a value. */
export const failures = {
  /** The source can't be read now: locked, unreachable, a broken read. */
  sourceUnavailable: 'source_unavailable',
  /** The database can't be reached now. */
  databaseUnavailable: 'database_unavailable',
  /** Another pass has the delivery: often one that Temporal has given up already, which then does not go on. */
  passFenced: 'pass_fenced',
  /** Encrypted data can't be opened: the wrong SLUICE_SECRET_KEY. */
  sealBroken: 'seal_broken',
  /** The worker shuts down: another one goes on. */
  workerStopping: 'worker_stopping',
  /** A defect of Sluice; logged once with its stack. */
  unexpected: 'unexpected',
} as const
export type FailureType = (typeof failures)[keyof typeof failures]
