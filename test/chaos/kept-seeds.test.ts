/** Seeds that once broke a promise, in the batches in which they did: a batch's first seed draws the kills. */
import { expect, inject, it } from 'vitest'
import { runBatch } from './batch.ts'
import { isViolated } from './findings.ts'

/** It takes about a minute; several on a busy machine. */
const timeout = 900_000

const kept: readonly (readonly number[])[] = [
  // 63: a unit in several requests sent a newer value while an older one was answered and not yet committed.
  [61, 62, 63],
]

it.each(kept)(
  'every promise is kept in the batch that begins with seed %d',
  { timeout },
  async (...seeds) => {
    const found = await runBatch({ seeds, within: inject('suiteFolder'), say: () => undefined })
    expect(found.map(({ seed }) => seed)).toEqual(seeds)
    expect(found.filter(isViolated)).toEqual([])
  },
)
