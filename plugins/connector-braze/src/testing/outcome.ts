/** What an endpoint answers, and what it writes once it does. */
import type { JsonObject } from './json-object.ts'

/** The objects of a request that were valid. */
export interface Taken {
  readonly attributes: readonly JsonObject[]
  readonly events: readonly JsonObject[]
  readonly purchases: readonly JsonObject[]
}

export interface Outcome {
  readonly status: number
  readonly body: unknown
  /** How many attributes, event and purchase objects `store` writes. */
  readonly objects: number
  /** Those objects; missing where the endpoint takes none. */
  readonly taken?: Taken
  /** Missing when nothing is stored. */
  readonly store?: () => void
}

export function failure(status: number, message: string, rest: object = {}): Outcome {
  return { status, body: { message, ...rest }, objects: 0 }
}
