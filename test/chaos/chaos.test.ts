/** Every part is killed while records flow: the same as `npm run chaos`, with fixed seeds. */
import { expect, inject, it } from 'vitest'
import { runBatch } from './batch.ts'
import { isViolated } from './findings.ts'

/** It takes about a minute; several on a busy machine. */
const timeout = 900_000

const seeds = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]

it('every promise is kept under kills and faults', { timeout }, async () => {
  const found = await runBatch({ seeds, within: inject('suiteFolder'), say: () => undefined })
  expect(found.map(({ seed }) => seed)).toEqual(seeds)
  expect(found.filter(isViolated)).toEqual([])
})
