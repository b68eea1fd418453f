/** Seeds that once broke a promise, in the batches in which they did: a batch's first seed draws the kills. */
import { it } from 'vitest'
import { batchTimeout, expectKept } from './expect-kept.ts'

const kept: readonly (readonly number[])[] = [
  // 63: a unit in several requests sent a newer value while an older one was answered and not yet committed.
  [61, 62, 63],
]

it.each(kept)(
  'every promise is kept in the batch that begins with seed %d',
  { timeout: batchTimeout },
  (...seeds) => expectKept(seeds),
)
