/** How many records share a request, and how large it may be. */
import type { ActionLimits } from '@sluice/connector-sdk'

const bytes = 16_000_000

export const oneRecord = (): ActionLimits => ({ weights: { records: 1 }, bytes, onePerRecipient: true })

export const mostRecords = 100
/** Whole shares, so that a maximum of 3 is three times a third and not a little more. */
const wholeBatch = 1_000_000_000

export const oneBatch = (): ActionLimits => ({
  weights: { batch: wholeBatch },
  bytes,
  onePerRecipient: false,
})

/** Each record takes its share of a batch; a record that wants smaller batches makes them smaller. */
export function shareOf(maximum: number): { readonly batch: number } {
  return { batch: Math.floor(wholeBatch / maximum) }
}
