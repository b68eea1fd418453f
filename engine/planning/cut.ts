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
  const slices: Item[][] = []
  let slice: Item[] = []
  let total: Record<string, number> = {}
  let recipients = new Set<string>()

  const close = () => {
    if (slice.length > 0) slices.push(slice)
    slice = []
    total = {}
    recipients = new Set()
  }

  for (const item of items) {
    const isTooMuch = units.some(([unit, most]) => (total[unit] ?? 0) + (item.weight[unit] ?? 0) > most)
    const isRepeated = limits.onePerRecipient && item.recipient !== null && recipients.has(item.recipient)
    if (slice.length > 0 && (isTooMuch || isRepeated)) close()
    slice.push(item)
    for (const [unit] of units) total[unit] = (total[unit] ?? 0) + (item.weight[unit] ?? 0)
    if (item.recipient !== null) recipients.add(item.recipient)
  }
  close()
  return slices
}
