/** Gathers items that may share a request: equal in what the request says once, up to what the endpoint takes. */
import type { Effect, Part, PlannedItem } from '@sluice/connector-sdk'

export interface Batch<Payload> {
  /** What all of them have in common is read off this one. */
  readonly first: Payload
  readonly payloads: readonly Payload[]
  /** In the order of `payloads`. */
  readonly parts: readonly Part[]
}

export interface Batching<Payload> {
  /** Payloads in one request. */
  readonly most: number
  readonly effect: Effect
  /** What a request says once, for all of its payloads. */
  shared(payload: Payload): string | readonly string[]
}

/** In order of first appearance. Each recipient is in a group once, so that none of its items overtakes another. */
export function batches<Payload>(
  items: readonly PlannedItem<Payload>[],
  { most, effect, shared }: Batching<Payload>,
): readonly Batch<Payload>[] {
  const all: OpenBatch<Payload>[] = []
  const openByShared = new Map<string, OpenBatch<Payload>>()
  for (const [item, { payload }] of items.entries()) {
    const key = JSON.stringify(shared(payload))
    let open = openByShared.get(key)
    if (open === undefined || open.parts.length === most) {
      open = { first: payload, payloads: [], parts: [] }
      openByShared.set(key, open)
      all.push(open)
    }
    open.payloads.push(payload)
    open.parts.push({ item, part: 0, effect })
  }
  return all
}

interface OpenBatch<Payload> {
  readonly first: Payload
  readonly payloads: Payload[]
  readonly parts: Part[]
}
