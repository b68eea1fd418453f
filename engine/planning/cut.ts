/** Cuts an ordered list of items into contiguous slices that a connector's limits allow in one plan. */
import type { ActionLimits } from '@sluice/connector-sdk'

/** What cutting needs to know of an item. An item that is not sent (rejected) weighs nothing. */
export interface Weighed {
  readonly weight: Readonly<Record<string, number>>
  /** Null when the item is not sent. */
  readonly recipient: string | null
}

/** Contiguous slices, in order. An item heavier than the limits stands alone: its plan splits it. */
export function cut<Item extends Weighed>(items: readonly Item[], limits: ActionLimits): Item[][] {
  const units = Object.keys(limits.weights)
  const most = Object.values(limits.weights)
  const totals = units.map(() => 0)
  const recipients = new Set<string>()
  const slices: Item[][] = []
  let slice: Item[] = []

  for (const item of items) {
    if (slice.length > 0 && !hasRoom(item)) {
      slices.push(slice)
      slice = []
      totals.fill(0)
      recipients.clear()
    }
    slice.push(item)
    for (let index = 0; index < units.length; index += 1) totals[index] = totalWith(item.weight, index)
    if (limits.onePerRecipient && item.recipient !== null) recipients.add(item.recipient)
  }
  if (slice.length > 0) slices.push(slice)
  return slices

  function hasRoom({ recipient, weight }: Weighed): boolean {
    if (recipient !== null && recipients.has(recipient)) return false
    for (let index = 0; index < units.length; index += 1) {
      if (totalWith(weight, index) > (most[index] ?? 0)) return false
    }
    return true
  }

  function totalWith(weight: Weighed['weight'], index: number): number {
    return (totals[index] ?? 0) + (weight[units[index] ?? ''] ?? 0)
  }
}
