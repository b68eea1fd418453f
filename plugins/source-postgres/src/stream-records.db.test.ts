// Streams: one snapshot, cancelled at the server, never silently cut short, connections given back.
import { Decimal, type OrderedStatement, type SourceConnection } from '@sluice/connector-sdk'
import { describe, expect, it } from 'vitest'
import { startProxy } from '../testing/proxy.ts'
import {
  collect,
  connectTo,
  never,
  readTable,
  type ScratchDatabase,
  scratchDatabase,
} from '../testing/scratch.ts'
import { cancelBackend } from './cancel-backend.ts'
import { createOpenLink } from './open-link.ts'
import { parseSettings } from './settings.ts'

const manyRows =
  "CREATE TABLE t AS SELECT i AS id, 'name' || i AS name FROM generate_series(0, 19999) AS r(i)"
const inOrder: OrderedStatement = {
  sql: 'SELECT id, name, id AS o0 FROM public.t',
  parameters: [],
  columns: [
    { name: 'id', type: 'number' },
    { name: 'name', type: 'string' },
  ],
  orderBy: ['o0'],
}
const sleeping = {
  ...inOrder,
  sql: 'SELECT id, name, id + length(pg_sleep(60)::text) AS o0 FROM public.t WHERE id = 1',
}

/** What the server does for us, besides answering this question. */
async function activity(database: ScratchDatabase): Promise<readonly unknown[]> {
  const rows = await database.run(
    "SELECT state FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'sluice' ORDER BY state",
  )
  return rows.flat()
}

async function readFirst(connection: SourceConnection, statement = inOrder, signal = never) {
  const batches = connection.stream(statement, signal)[Symbol.asyncIterator]()
  const first = await batches.next()
  return { batches, length: first.done === true ? 0 : first.value.length }
}

describe('a stream', () => {
  it('is one snapshot in batches of about 2,000 rows', async () => {
    const database = await scratchDatabase(manyRows)
    const connection = await connectTo(database)
    const lengths: number[] = []
    let last: unknown
    for await (const { length, columns } of connection.stream(inOrder, never)) {
      if (lengths.length === 1) await database.run('DELETE FROM t WHERE id > 10000')
      lengths.push(length)
      last = columns[0]?.at(-1)
    }
    expect(last).toBe(19_999)
    expect(lengths.reduce((sum, length) => sum + length, 0)).toBe(20_000)
    expect(lengths.slice(1, -1)).toEqual(lengths.slice(1, -1).map(() => 2_000))
    expect(await collect(connection.stream(inOrder, never))).toHaveLength(10_001)
  })

  it('takes fewer rows at once where they are wide', async () => {
    const wide =
      "CREATE TABLE t AS SELECT i AS id, repeat('x', 100000) AS name FROM generate_series(1, 500) AS r(i)"
    const connection = await connectTo(await scratchDatabase(wide))
    const lengths: number[] = []
    for await (const { length } of connection.stream(inOrder, never)) lengths.push(length)
    expect(lengths.reduce((sum, length) => sum + length, 0)).toBe(500)
    expect(Math.max(...lengths.slice(1))).toBeLessThanOrEqual(40)
  })

  it('ends exactly at the border of a batch', async () => {
    for (const rows of [0, 50, 2_050, 4_050]) {
      const connection = await connectTo(
        await scratchDatabase(
          `CREATE TABLE t AS SELECT i AS id, '' AS name FROM generate_series(1, ${rows}) AS r(i)`,
        ),
      )
      expect(await collect(connection.stream(inOrder, never))).toHaveLength(rows)
    }
  })

  it('is cancelled at the server when it is aborted', async () => {
    const database = await scratchDatabase(manyRows)
    const connection = await connectTo(database)
    const stop = new AbortController()
    const reading = collect(connection.stream(sleeping, stop.signal))
    const failed = expect(reading).rejects.toThrow('enough')
    await expect.poll(() => activity(database), { timeout: 10_000 }).toContain('active')
    const startedAt = performance.now()
    stop.abort(new Error('enough'))
    await failed
    expect(performance.now() - startedAt).toBeLessThan(3_000)
    await expect.poll(() => activity(database), { timeout: 10_000 }).toEqual([])
  })

  it('is cancelled at the server when the connection closes', async () => {
    const database = await scratchDatabase(manyRows)
    const connection = await connectTo(database)
    const failed = expect(collect(connection.stream(sleeping, never))).rejects.toMatchObject({
      code: 'broken_stream',
    })
    await expect.poll(() => activity(database), { timeout: 10_000 }).toContain('active')
    await connection.close()
    await failed
    await expect.poll(() => activity(database), { timeout: 10_000 }).toEqual([])
  })

  it('that is left gives its connection back for the next', async () => {
    const database = await scratchDatabase(manyRows)
    const connection = await connectTo(database)
    for (let round = 0; round < 4; round += 1) {
      const { batches } = await readFirst(connection)
      await batches.return?.()
      expect(await activity(database)).toEqual(['idle'])
    }
    await connection.close()
    await expect.poll(() => activity(database), { timeout: 10_000 }).toEqual([])
  })

  it('holds one connection each, of which two are kept', async () => {
    const database = await scratchDatabase(manyRows)
    const connection = await connectTo(database)
    const streams = await Promise.all(Array.from({ length: 4 }, () => readFirst(connection)))
    expect(await activity(database)).toEqual(Array(4).fill('idle in transaction'))
    for (const { batches } of streams) await batches.return?.()
    await expect.poll(() => activity(database), { timeout: 10_000 }).toEqual(['idle', 'idle'])
  })

  it.each(['terminated by an administrator', 'cut on the way'])(
    'that is %s fails, and never ends',
    async (how) => {
      const database = await scratchDatabase(manyRows)
      const proxy = await startProxy(Number(database.settings['port']))
      const connection = await connectTo(database, { port: proxy.port })
      const { batches, length } = await readFirst(connection)
      expect(length).toBeGreaterThan(0)
      if (how === 'cut on the way') proxy.cut()
      else {
        await database.run(
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'sluice'",
        )
      }
      await expect(batches.next()).rejects.toMatchObject({ code: 'broken_stream', isTransient: true })
      // The next one opens a connection of its own.
      expect(await collect(connection.stream(inOrder, never))).toHaveLength(20_000)
    },
  )

  it('fails while a statement runs, when its backend is terminated', async () => {
    const database = await scratchDatabase(manyRows)
    const connection = await connectTo(database)
    const failed = expect(collect(connection.stream(sleeping, never))).rejects.toMatchObject({
      code: 'broken_stream',
    })
    await expect.poll(() => activity(database), { timeout: 10_000 }).toContain('active')
    await database.run(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'sluice'",
    )
    await failed
  })

  it('throws on an error far into its rows, without the value', async () => {
    const connection = await connectTo(
      await scratchDatabase(
        "CREATE TABLE t AS SELECT i AS id, CASE i WHEN 15000 THEN 'CANARY' ELSE '1' END AS name FROM generate_series(0, 19999) AS r(i); CREATE INDEX ON t (id)",
      ),
    )
    const statement = {
      ...inOrder,
      sql: 'SELECT id, CAST(CAST(name AS integer) AS text), id AS o0 FROM public.t',
    }
    const failure = await collect(connection.stream(statement, never)).catch((error: unknown) => error)
    expect(failure).toMatchObject({ code: 'bad_query' })
    expect(`${failure} ${failure instanceof Error ? failure.stack : ''}`).not.toContain('CANARY')
  })

  it('of one connection that was kept and then closed by the server goes over another', async () => {
    const database = await scratchDatabase(manyRows)
    const connection = await connectTo(database)
    await database.run(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'sluice'",
    )
    expect(await readTable(connection, 't')).toHaveLength(20_000)
  })
})

describe('stopping', () => {
  it('does not wait for a server that hangs', async () => {
    const database = await scratchDatabase(manyRows)
    const proxy = await startProxy(Number(database.settings['port']))
    const connection = await connectTo(database, { port: proxy.port })
    const { batches } = await readFirst(connection)
    proxy.silence()
    const stop = new AbortController()
    const startedAt = performance.now()
    setTimeout(() => stop.abort(new Error('enough')), 50)
    await expect(readFirst(connection, inOrder, stop.signal)).rejects.toThrow('enough')
    expect(performance.now() - startedAt).toBeLessThan(2_000)
    proxy.cut()
    await expect(batches.next()).rejects.toMatchObject({ code: 'broken_stream' })
  })

  it('closes the connection where no other is to be had to cancel its query', async () => {
    const database = await scratchDatabase(manyRows)
    const proxy = await startProxy(Number(database.settings['port']))
    const connection = await connectTo(database, { port: proxy.port })
    const stop = new AbortController()
    const failed = expect(collect(connection.stream(sleeping, stop.signal))).rejects.toThrow('enough')
    await expect.poll(() => activity(database), { timeout: 10_000 }).toContain('active')
    proxy.silence()
    stop.abort(new Error('enough'))
    await failed
  })

  it('never cancels at another server, where its number is that of a stranger', async () => {
    const database = await scratchDatabase(manyRows)
    const connection = await connectTo(database)
    const stop = new AbortController()
    const failed = expect(collect(connection.stream(sleeping, stop.signal))).rejects.toThrow('enough')
    await expect.poll(() => activity(database), { timeout: 10_000 }).toContain('active')
    const [[pid] = []] = await database.run(
      "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND state = 'active' AND application_name = 'sluice'",
    )
    const openLink = createOpenLink({ resolveHost: async (host) => [host] })
    const server = parseSettings(database.settings, database.secrets)
    await cancelBackend(() => openLink(server), { pid: String(pid), serverStart: '1' })
    expect(await activity(database)).toContain('active')
    stop.abort(new Error('enough'))
    await failed
  })
})

describe('limits', () => {
  it('a statement that takes too long is cancelled by the server', async () => {
    const connection = await connectTo(await scratchDatabase(manyRows), { statementTimeoutSeconds: 1 })
    const startedAt = performance.now()
    await expect(collect(connection.stream(sleeping, never))).rejects.toMatchObject({ code: 'broken_stream' })
    expect(performance.now() - startedAt).toBeLessThan(5_000)
  })

  it('a table that is no more, or whose columns have gone, is told apart', async () => {
    const connection = await connectTo(await scratchDatabase(manyRows))
    const missing = { ...inOrder, sql: 'SELECT id, name, id AS o0 FROM public.gone' }
    await expect(collect(connection.stream(missing, never))).rejects.toMatchObject({ code: 'not_found' })
    const altered = { ...inOrder, sql: 'SELECT id, gone, id AS o0 FROM public.t' }
    await expect(collect(connection.stream(altered, never))).rejects.toMatchObject({ code: 'bad_query' })
  })

  it('sessions are in UTC, read-only, and answer in ISO, whatever the role or database says', async () => {
    const database = await scratchDatabase(manyRows)
    const name = String(database.settings['database'])
    await database.run(
      `ALTER DATABASE ${name} SET TimeZone = 'Asia/Tokyo'; ALTER DATABASE ${name} SET DateStyle = 'German'; ALTER DATABASE ${name} SET IntervalStyle = 'postgres_verbose'; ALTER DATABASE ${name} SET bytea_output = 'escape'; ALTER DATABASE ${name} SET extra_float_digits = -10; ALTER DATABASE ${name} SET standard_conforming_strings = off; ALTER DATABASE ${name} SET search_path = public`,
    )
    const connection = await connectTo(database)
    const found = await connection.query({
      sql: `SELECT timestamptz '2024-07-01 10:00:00Z' AS a, CAST(date '2024-07-01' AS text) AS b, CAST(interval '1 day' AS text) AS c, CAST(bytea '\\x00' AS text) AS d, 0.1::float8 + 0.2 AS e, 1.50 AS f, current_setting('transaction_read_only') || current_setting('transaction_isolation') AS g, current_setting('search_path') AS h`,
      parameters: [],
      columns: [
        { name: 'a', type: 'date' },
        { name: 'b', type: 'string' },
        { name: 'c', type: 'string' },
        { name: 'd', type: 'string' },
        { name: 'e', type: 'number' },
        { name: 'f', type: 'number' },
        { name: 'g', type: 'string' },
        { name: 'h', type: 'string' },
      ],
    })
    expect(found.columns.flat()).toEqual([
      new Date('2024-07-01T10:00:00Z'),
      '2024-07-01',
      'P1D',
      '\\x00',
      0.1 + 0.2,
      new Decimal('1.50'),
      'onrepeatable read',
      '',
    ])
  })
})
