/** What becomes of a run's records, by the name that the run has in the figures. */
import type { Vendor } from './vendor.ts'

export interface Kind {
  /** For people: what becomes of each record. */
  readonly title: string
  /** Whether records have ids that the vendor takes. */
  readonly hasIds: boolean
  /** Told to the vendor before anything is sent. */
  prepare?(vendor: Vendor): Promise<void>
}

/** Whatever could make what is kept grow with the records: exceptions are rows of their own. */
export const kinds = {
  runs: { title: 'delivered', hasIds: true },
  rejected: { title: 'rejected before sending', hasIds: false },
  refused: { title: 'refused by the vendor, each by name', hasIds: true, prepare: refuseEverything },
} as const satisfies Readonly<Record<string, Kind>>

export type KindName = keyof typeof kinds

/** As many as a request to Braze holds. */
const mostObjects = 75

async function refuseEverything({ url }: Vendor): Promise<void> {
  const errors = Array.from({ length: mostObjects }, (_, index) => ({
    type: 'EMAIL_BAD_FORMAT',
    input_array: 'attributes',
    index,
  }))
  const body = { message: 'Refused', errors }
  const fault = { kind: 'status', status: 400, body, path: '/users/track', times: null }
  const { ok, status } = await fetch(new URL('/_simulator/faults', url), {
    method: 'POST',
    body: JSON.stringify({ add: [fault] }),
  })
  if (!ok) throw new Error(`The simulator answered ${status} to a fault.`)
}
