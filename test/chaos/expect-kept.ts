/** What the tests of chaos share: a batch is played, and must have kept every promise. */
import { expect, inject } from 'vitest'
import { runBatch } from './batch.ts'
import { isViolated } from './findings.ts'

/** A batch takes about a minute; several on a busy machine. */
export const batchTimeout = 900_000

export async function expectKept(seeds: readonly number[]): Promise<void> {
  const found = await runBatch({ seeds, within: inject('suiteFolder'), say: () => undefined })
  expect(found.map(({ seed }) => seed)).toEqual(seeds)
  expect(found.filter(isViolated)).toEqual([])
}
