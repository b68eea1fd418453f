/** Items that may share a request: those whose requests would differ in their bodies only, in the order of the items. */
import type { PlannedItem } from '@sluice/connector-sdk'

export interface Batch<Payload> {
  /** Speaks for all of them. */
  readonly payload: Payload
  readonly payloads: readonly Payload[]
  /** Their places in the group. */
  readonly indexes: readonly number[]
}

/** `shared` gives what a request says of all its items. */
export function batchesOf<Payload>(
  items: readonly PlannedItem<Payload>[],
  shared: (payload: Payload) => readonly unknown[],
): readonly Batch<Payload>[] {
  const batches = new Map<string, { readonly payload: Payload; payloads: Payload[]; indexes: number[] }>()
  for (const [index, { payload }] of items.entries()) {
    const key = JSON.stringify(shared(payload))
    const batch = batches.get(key)
    if (batch === undefined) batches.set(key, { payload, payloads: [payload], indexes: [index] })
    else {
      batch.payloads.push(payload)
      batch.indexes.push(index)
    }
  }
  return [...batches.values()]
}
