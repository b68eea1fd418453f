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
  const units = Object.entries(limits.weights)
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
    for (const [index, [unit]] of units.entries())
      totals[index] = (totals[index] ?? 0) + (item.weight[unit] ?? 0)
    if (limits.onePerRecipient && item.recipient !== null) recipients.add(item.recipient)
  }
  if (slice.length > 0) slices.push(slice)
  return slices

  function hasRoom({ recipient, weight }: Weighed): boolean {
    if (recipient !== null && recipients.has(recipient)) return false
    return units.every(([unit, most], index) => (totals[index] ?? 0) + (weight[unit] ?? 0) <= most)
  }
}
