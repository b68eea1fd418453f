// Streams: ordered, complete or loud, and free to stop.
import { spawnSync } from 'node:child_process'
import path from 'node:path'
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { describe, expect, it, onTestFinished } from 'vitest'
import { collect, connectTo, never, scratchDatabase, scratchFile } from '../testing/scratch.ts'
import { createSession } from './session.ts'
import { streamRecords } from './stream-records.ts'

const manyRows =
  "CREATE TABLE t AS SELECT i AS id, 'name' || i AS name FROM range(200000) r(i) ORDER BY hash(i)"
const idColumn = { name: 'id', type: 'number' } as const
const manyInOrder = { sql: 'SELECT "id" FROM "t"', parameters: [], columns: [idColumn], orderBy: ['id'] }
// Would take minutes.
const endless = {
  sql: 'SELECT a.range AS id FROM range(300000) a, range(300000) b WHERE hash(a.range, b.range) % 1000003 = 1',
  parameters: [],
  columns: [idColumn],
  orderBy: ['id'],
}

/** A stream over a database in memory whose connection the test can break. */
async function breakable(): Promise<{ connection: DuckDBConnection; batches: AsyncIterator<unknown> }> {
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  onTestFinished(() => instance.closeSync())
  await connection.run(manyRows)
  const batches = streamRecords(
    {
      open: async () => createSession(connection),
      scene: { baseName: 't.duckdb', files: [], memoryLimitMiB: 64 },
    },
    manyInOrder,
    never,
  )
  return { connection, batches }
}

async function drain(batches: AsyncIterator<unknown>): Promise<void> {
  for (;;) if ((await batches.next()).done === true) return
}

describe('a stream', () => {
  it('gives every row once, in the order of the named outputs, and no rows where there are none', async () => {
    const connection = await connectTo(await scratchDatabase(manyRows))
    const rows = await collect(connection.stream(manyInOrder, never))
    expect(rows).toEqual(Array.from({ length: 200_000 }, (_, id) => [id]))
    const none = {
      ...manyInOrder,
      sql: 'SELECT "id" FROM "t" WHERE "id" < CAST($1 AS BIGINT)',
      parameters: ['0'],
    }
    expect(await collect(connection.stream(none, never))).toEqual([])
  })

  it('is complete whatever its number of rows is to the size of a chunk', async () => {
    const connection = await connectTo(await scratchDatabase(manyRows))
    for (const count of [1, 2047, 2048, 2049, 4095, 4096, 4097]) {
      const statement = {
        ...manyInOrder,
        sql: 'SELECT "id" FROM "t" WHERE "id" < CAST($1 AS BIGINT)',
        parameters: [String(count)],
      }
      expect(await collect(connection.stream(statement, never))).toHaveLength(count)
    }
  })

  it('orders by outputs after the columns, by several, with nulls last, and gives only the columns', async () => {
    const connection = await connectTo(
      await scratchDatabase(
        "CREATE TABLE t AS FROM (VALUES (1, 'b', 2), (2, NULL, 1), (3, 'a', 9), (4, 'b', 1)) v(id, k, l)",
      ),
    )
    const statement = {
      sql: 'SELECT "id", "k" AS first, "l" AS second FROM "t" -- the end',
      parameters: [],
      columns: [idColumn],
      orderBy: ['first', 'second'],
    }
    expect(await collect(connection.stream(statement, never))).toEqual([[3], [4], [1], [2]])
  })

  it('orders an ENUM as text, which is how a position in it is compared', async () => {
    const connection = await connectTo(
      await scratchDatabase("CREATE TABLE t AS SELECT unnest(['z', 'a', 'm'])::ENUM('z', 'm', 'a') AS id"),
    )
    const statement = {
      sql: 'SELECT CAST("id" AS VARCHAR) AS v, "id" FROM "t"',
      parameters: [],
      columns: [{ name: 'v', type: 'string' }],
      orderBy: ['id'],
    } as const
    expect(await collect(connection.stream(statement, never))).toEqual([['a'], ['m'], ['z']])
  })

  it('several at once on one connection do not disturb one another', async () => {
    const connection = await connectTo(await scratchDatabase(manyRows))
    const [a, b, count] = await Promise.all([
      collect(connection.stream(manyInOrder, never)),
      collect(connection.stream(manyInOrder, never)),
      connection.query({
        sql: 'SELECT count(*) FROM "t"',
        parameters: [],
        columns: [{ name: 'n', type: 'number' }],
      }),
    ])
    expect([a.length, b.length, count.columns]).toEqual([200_000, 200_000, [[200_000]]])
  })

  it('that is to be ordered by what it does not select is refused', async () => {
    const connection = await connectTo(await scratchDatabase(manyRows))
    await expect(
      collect(connection.stream({ ...manyInOrder, orderBy: ['nope'] }, never)),
    ).rejects.toMatchObject({
      code: 'bad_query',
      message: expect.stringContaining('“nope”'),
    })
  })
})

describe('a stream that breaks', () => {
  it('by an interrupt of its connection throws instead of ending', async () => {
    const { connection, batches } = await breakable()
    await batches.next()
    connection.interrupt()
    await expect(drain(batches)).rejects.toMatchObject({ code: 'broken_stream', isTransient: true })
  })

  it('by another query on its connection throws instead of ending', async () => {
    const { connection, batches } = await breakable()
    await batches.next()
    await connection.run('SELECT 1')
    await expect(drain(batches)).rejects.toMatchObject({ code: 'broken_stream' })
  })

  it('by the closing of its connection throws, before and between batches', async () => {
    const connection = await connectTo(await scratchDatabase(manyRows))
    const batches = connection.stream(manyInOrder, never)[Symbol.asyncIterator]()
    await batches.next()
    const sorting = collect(connection.stream(endless, never))
    const refused = expect(sorting).rejects.toMatchObject({ code: 'broken_stream' })
    await new Promise((resolve) => setTimeout(resolve, 50))
    await connection.close()
    await refused
    await expect(batches.next()).rejects.toMatchObject({ code: 'broken_stream' })
    await expect(collect(connection.stream(manyInOrder, never))).rejects.toMatchObject({
      code: 'broken_stream',
    })
  })
})

describe('an aborted stream', () => {
  it('throws the reason while the database still sorts', async () => {
    const connection = await connectTo(await scratchDatabase(manyRows))
    const abort = new AbortController()
    setTimeout(() => abort.abort(new Error('enough')), 50)
    await expect(collect(connection.stream(endless, abort.signal))).rejects.toThrow('enough')
  })

  it('throws when it was aborted before, at its start, or between two batches', async () => {
    const connection = await connectTo(await scratchDatabase(manyRows))
    await expect(collect(connection.stream(endless, AbortSignal.abort(new Error('before'))))).rejects.toThrow(
      'before',
    )

    const atStart = new AbortController()
    const started = collect(connection.stream(endless, atStart.signal))
    atStart.abort(new Error('at the start'))
    await expect(started).rejects.toThrow('at the start')

    const between = new AbortController()
    const batches = connection.stream(manyInOrder, between.signal)[Symbol.asyncIterator]()
    await batches.next()
    between.abort(new Error('between'))
    await expect(batches.next()).rejects.toThrow('between')
    expect(await collect(connection.stream(manyInOrder, never))).toHaveLength(200_000)
  })
})

describe('the memory of a stream', () => {
  it('stays bounded over 300,000 rows', () => {
    const program = path.join(import.meta.dirname, '../testing/stream-in-little-memory.ts')
    const run = spawnSync(
      process.execPath,
      ['--max-old-space-size=48', '--conditions=sluice-source', '--import', 'tsx/esm', program],
      { encoding: 'utf8' },
    )
    expect(run.stderr).toBe('')
    const { rows, maxRssMiB } = JSON.parse(run.stdout) as { rows: number; maxRssMiB: number }
    expect(rows).toBe(300_000)
    expect(maxRssMiB).toBeLessThan(450)
  }, 30_000)
})

describe('a small result', () => {
  it('keeps the order of its query, and its types', async () => {
    const connection = await connectTo(await scratchDatabase(manyRows))
    const found = await connection.query({
      sql: 'SELECT "id", "name" FROM "t" ORDER BY "id" DESC LIMIT 10000 -- all that fit',
      parameters: [],
      columns: [idColumn, { name: 'name', type: 'string' }],
    })
    expect(found.length).toBe(10_000)
    expect(found.columns[0]).toEqual(Array.from({ length: 10_000 }, (_, index) => 199_999 - index))
    expect(found.columns[1]?.[0]).toBe('name199999')
  })

  it('is refused when it is not small', async () => {
    const connection = await connectTo(await scratchDatabase(manyRows))
    const tooMuch = connection.query({
      sql: 'SELECT range AS id FROM range(1000000000000)',
      parameters: [],
      columns: [idColumn],
    })
    await expect(tooMuch).rejects.toMatchObject({
      code: 'bad_query',
      message: expect.stringContaining('10000 rows'),
    })
  })

  it('throws on an error far into the file', async () => {
    const rows = Array.from({ length: 60_000 }, (_, id) => id).join('\n')
    const connection = await connectTo(await scratchFile('c.csv', `id\n${rows}\nbroken\n`))
    const sum = connection.query({ sql: 'SELECT sum("id") FROM "c"', parameters: [], columns: [idColumn] })
    await expect(sum).rejects.toMatchObject({
      code: 'bad_file',
      message: expect.stringContaining('line 60002'),
    })
  })
})
