/** What can be killed, and is started again: by the runner here, by a supervisor in real life. */

export interface Part {
  readonly name: string
  /** Ends it as a crash does, in the middle of whatever it does. */
  kill(): Promise<void>
  start(): Promise<void>
}
