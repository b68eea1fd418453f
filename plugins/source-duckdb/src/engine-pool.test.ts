// Locks: DuckDB lets in either readers or one writer, across processes.
import { describe, expect, it } from 'vitest'
import {
  collect,
  connectTo,
  never,
  openInOtherProcess,
  readTable,
  scratchDatabase,
  select,
} from '../testing/scratch.ts'

const manyRows = "CREATE TABLE t AS SELECT i AS id, 'name' || i AS name FROM range(200000) r(i)"
const columns = [{ name: 'id', type: 'number', nativeType: 'BIGINT', nullable: true }] as const

describe('a DuckDB file that others use', () => {
  it('is locked while another process writes to it, and readable after', async () => {
    const file = await scratchDatabase('CREATE TABLE t AS SELECT 1 AS id')
    const writer = await openInOtherProcess(file)
    expect(writer.opened).toBe(true)
    await expect(connectTo(file)).rejects.toMatchObject({ code: 'locked', isTransient: true })
    await writer.close()
    expect(await readTable(await connectTo(file), 't')).toEqual([[1]])
  })

  it('is let go of as soon as the connection is closed', async () => {
    const file = await scratchDatabase('CREATE TABLE t AS SELECT 1 AS id')
    const connection = await connectTo(file)
    await readTable(connection, 't')
    expect((await openInOtherProcess(file)).opened).toBe(false)
    await connection.close()
    expect((await openInOtherProcess(file)).opened).toBe(true)
  })

  it('stays locked for the first reader when a second reader of the same process closes', async () => {
    const file = await scratchDatabase('CREATE TABLE t AS SELECT 1 AS id')
    const first = await connectTo(file)
    const second = await connectTo(file)
    await second.close()
    expect((await openInOtherProcess(file)).opened).toBe(false)
    expect(await readTable(first, 't')).toEqual([[1]])
    await first.close()
    expect((await openInOtherProcess(file)).opened).toBe(true)
  })

  it('is let go of when its streams were stopped early, broken off or never finished', async () => {
    const file = await scratchDatabase(manyRows)
    const connection = await connectTo(file)
    const statement = select(columns, 't', { orderBy: ['id'] })
    for await (const batch of connection.stream(statement, never)) if (batch.length > 0) break
    const abort = new AbortController()
    const aborted = connection.stream(statement, abort.signal)[Symbol.asyncIterator]()
    await aborted.next()
    abort.abort()
    await expect(aborted.next()).rejects.toThrow('aborted')
    const failing = { ...statement, sql: `SELECT 1 / 0 AS "id", CAST("name" AS INTEGER) AS o0 FROM "t"` }
    await expect(collect(connection.stream(failing, never))).rejects.toMatchObject({ code: 'bad_file' })
    const sorting = new AbortController()
    const sorted = collect(
      connection.stream(
        { ...statement, sql: 'SELECT "id", hash("id") AS o0 FROM "t", range(1000)' },
        sorting.signal,
      ),
    )
    sorting.abort()
    await expect(sorted).rejects.toThrow('aborted')
    const unfinished = connection.stream(statement, never)[Symbol.asyncIterator]()
    await unfinished.next()

    await connection.close()
    expect((await openInOtherProcess(file)).opened).toBe(true)
    await expect(unfinished.next()).rejects.toMatchObject({ code: 'broken_stream' })
  })

  it('opens and closes in any order at once without losing its lock', async () => {
    const file = await scratchDatabase('CREATE TABLE t AS SELECT 1 AS id')
    const early = await connectTo(file)
    const [late] = await Promise.all([connectTo(file), early.close()])
    const closing = late.close()
    const last = await connectTo(file)
    await closing
    expect((await openInOtherProcess(file)).opened).toBe(false)
    expect(await readTable(last, 't')).toEqual([[1]])
  })

  it('a failed opening is not remembered', async () => {
    const file = await scratchDatabase('CREATE TABLE t AS SELECT 1 AS id')
    const writer = await openInOtherProcess(file)
    await Promise.allSettled([connectTo(file), connectTo(file)])
    await writer.close()
    await connectTo(file)
  })
})
