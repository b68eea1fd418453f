/** How many queries a stretch is read in: as many as the source's batches say. */
import type { SourceConnection } from '@sluice/connector-sdk'
import { expect, it } from 'vitest'
import { laneOf } from '../../test/harness/test-lane.ts'
import { readStretch } from './read-pages.ts'

/** An empty source that remembers what it was asked. */
function recorded() {
  const asked: string[] = []
  const connection: SourceConnection = {
    query: async ({ sql }) => {
      asked.push(sql)
      return { columns: [], length: 0 }
    },
    async *stream() {
      asked.push('stream')
      yield { columns: [], length: 0 }
    },
    listTables: async () => [],
    describe: async () => [],
    describeSql: async () => [],
    checkCondition: async () => {},
    now: async () => '',
    close: async () => {},
  }
  return { asked, connection }
}

async function read(batchRows: number | null): Promise<readonly string[]> {
  const made = laneOf({})
  const lane = { ...made, source: { ...made.source, batchRows } }
  const { asked, connection } = recorded()
  const reading = { connection, lane, lanes: [lane] }
  const pages = readStretch(reading, { after: null, until: ['9', '9'] }, new AbortController().signal)
  for await (const page of pages) expect(page).toEqual([])
  return asked
}

it('a stretch is cut at every so many rows as a query may read', async () => {
  const [borders = '', ...rest] = await read(2_500)
  expect(borders).toContain('n % 2500 = 0')
  expect(rest).toEqual(['stream'])
})

it('without a limit it is read by one query, and its borders are not asked for', async () => {
  expect(await read(null)).toEqual(['stream'])
})
