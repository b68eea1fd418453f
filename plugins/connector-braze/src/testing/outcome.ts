/** What an endpoint answers, and what it writes once it does. */

export interface Outcome {
  readonly status: number
  readonly body: unknown
  /** How many attribute and event objects `store` writes. */
  readonly objects: number
  /** Missing when nothing is stored. */
  readonly store?: () => void
}

export function failure(status: number, message: string, rest: object = {}): Outcome {
  return { status, body: { message, ...rest }, objects: 0 }
}
