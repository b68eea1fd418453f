/** The first rows of a source that someone wants, and no more of it than they take. */
import type { RecordBatch } from '@sluice/connector-sdk'

/** @param pick what is wanted of a row; null passes it over */
export async function firstRows<Row>(
  batches: AsyncIterable<RecordBatch>,
  limit: number,
  pick: (batch: RecordBatch, row: number) => Row | null,
): Promise<readonly Row[]> {
  const rows: Row[] = []
  for await (const batch of batches) {
    for (let row = 0; row < batch.length && rows.length < limit; row += 1) {
      const picked = pick(batch, row)
      if (picked !== null) rows.push(picked)
    }
    if (rows.length >= limit) break
  }
  return rows
}
