/** How many rows to fetch at once: about 2,000, fewer where they are wide, so that a batch is not a matter of memory. */

export const maxBatchRows = 2_000
/** Nothing is known yet of how wide a row is. */
export const firstBatchRows = 50
const batchCharacters = 4_000_000

export function nextBatchRows(rows: readonly (readonly (string | null)[])[]): number {
  let characters = 0
  for (const row of rows) for (const text of row) characters += text?.length ?? 0
  if (rows.length === 0 || characters === 0) return maxBatchRows
  const fitting = Math.floor(batchCharacters / (characters / rows.length))
  return Math.max(1, Math.min(maxBatchRows, fitting))
}
