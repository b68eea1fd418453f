// Broken files: a coded error that says where, never a value, and never the look of an end.
import { Buffer } from 'node:buffer'
import { readFile, writeFile } from 'node:fs/promises'
import { type AttributeValue, SourceError } from '@sluice/connector-sdk'
import { describe, expect, it } from 'vitest'
import { connectTo, readTable, runIn, scratchFile, scratchFolder } from '../testing/scratch.ts'

const canary = 'CANARY-7f3a'

async function failureOf(work: Promise<unknown>): Promise<SourceError> {
  const outcome = await work.then(
    () => undefined,
    (error: unknown) => error,
  )
  expect(outcome).toBeInstanceOf(SourceError)
  if (!(outcome instanceof SourceError)) throw new Error('unreachable')
  expect(`${outcome.message} ${outcome.stack} ${JSON.stringify(outcome)}`).not.toContain(canary)
  expect(outcome.cause).toBeUndefined()
  return outcome
}

async function read(file: string, table: string): Promise<AttributeValue[][]> {
  return readTable(await connectTo(file), table)
}

const goodRows = Array.from({ length: 60_000 }, (_, id) => `${id},${id / 2},name${id}`).join('\n')
const goodJson = Array.from({ length: 60_000 }, (_, id) => `{"id": ${id}, "amount": ${id / 2}}`).join('\n')

describe('a csv that is broken after 60,000 good rows', () => {
  it.each([
    ['a value that does not fit its type', `60000,${canary},x`, 'the value of column “amount” does not fit'],
    ['too many columns', `60000,1,${canary},more`, 'more or fewer columns'],
    ['too few columns', '60000', 'more or fewer columns'],
    ['a quote that is never closed', `60000,1,"${canary}`, 'a quote is opened and not closed'],
  ])('%s', async (_, line, reason) => {
    const file = await scratchFile('people.csv', `id,amount,name\n${goodRows}\n${line}\n1,2,z\n`)
    const failure = await failureOf(read(file, 'people'))
    expect(failure.code).toBe('bad_file')
    expect(failure.isTransient).toBe(false)
    expect(failure.message).toContain('“people.csv” cannot be read at line 60002')
    expect(failure.message).toContain(reason)
  })

  it('a timestamp that is none', async () => {
    const rows = Array.from({ length: 60_000 }, (_, id) => `${id},2024-07-01 10:00:00`).join('\n')
    const file = await scratchFile('people.csv', `id,updated\n${rows}\n60000,${canary}\n`)
    const failure = await failureOf(read(file, 'people'))
    expect(failure).toMatchObject({ code: 'bad_file', message: expect.stringContaining('column “updated”') })
  })

  it('bytes that are not UTF-8', async () => {
    const head = Buffer.from(`id,amount,name\n${goodRows}\n60000,1,${canary}`)
    const file = await scratchFile('people.csv', Buffer.concat([head, Buffer.from([0xff, 0xfe, 0x0a])]))
    const failure = await failureOf(read(file, 'people'))
    expect(failure).toMatchObject({ code: 'bad_file', message: expect.stringContaining('not UTF-8') })
  })
})

describe('other broken files', () => {
  it.each([
    ['too few columns', `id,name\n1,a\n2\n3,${canary}\n`, 'line 3: it has more or fewer columns'],
    ['too many columns', `id,name\n1,a\n2,b\n3,${canary},c\n`, 'line 4: it has more or fewer columns'],
    ['what looks like a comment', `id,name\n1,a\n#${canary}\n3,c\n`, 'line 3: it has more or fewer columns'],
    ['a quote that is never closed', `id,name\n1,a\n2,"${canary}\n3,c\n`, 'line 3: a quote is opened'],
  ])('a csv with %s among its first rows names the line when it is opened', async (_, content, reason) => {
    const failure = await failureOf(connectTo(await scratchFile('people.csv', content)))
    expect(failure.code).toBe('bad_file')
    expect(failure.message).toContain(`“people.csv” cannot be read at ${reason}`)
  })

  it.each([
    ['a value of another type', `{"id": "${canary}", "amount": 1}`],
    ['text that is no JSON', `{"id": 1, "${canary}`],
  ])('json with %s after many rows names the line', async (_, line) => {
    const file = await scratchFile('people.ndjson', `${goodJson}\n${line}\n`)
    const failure = await failureOf(read(file, 'people'))
    expect(failure.code).toBe('bad_file')
    expect(failure.message).toMatch(/“people\.ndjson” cannot be read at line 6000[12]/)
  })

  it('a damaged parquet file, a cut one, and one that is none', async () => {
    const folder = await scratchFolder()
    await runIn(
      ':memory:',
      `COPY (SELECT i AS id, '${canary}' || i AS name FROM range(60000) r(i)) TO '${folder}/p.parquet' (ROW_GROUP_SIZE 5000)`,
    )
    const bytes = await readFile(`${folder}/p.parquet`)
    const damaged = Buffer.from(bytes).fill(7, bytes.length >> 1, (bytes.length >> 1) + 3000)
    for (const content of [damaged, bytes.subarray(0, bytes.length >> 1), Buffer.from(canary)]) {
      await writeFile(`${folder}/p.parquet`, content)
      expect((await failureOf(read(`${folder}/p.parquet`, 'p'))).code).toBe('bad_file')
    }
  })

  it('a database that is none, a cut one, and a damaged one', async () => {
    const folder = await scratchFolder()
    const file = `${folder}/w.duckdb`
    await runIn(file, `CREATE TABLE t AS SELECT i AS id, '${canary}' || i AS name FROM range(300000) r(i)`)
    const bytes = await readFile(file)
    const damaged = Buffer.from(bytes)
    for (let at = 13_000; at < damaged.length; at += 65_536) damaged.fill(9, at, at + 50)
    for (const content of [Buffer.from(canary.repeat(1000)), bytes.subarray(0, bytes.length >> 1), damaged]) {
      await writeFile(file, content)
      expect((await failureOf(read(file, 't'))).code).toBe('bad_file')
    }
  })

  it.each(['e.csv', 'e.json', 'e.parquet', 'e.duckdb'])('an empty file is no table (%s)', async (name) => {
    expect((await failureOf(connectTo(await scratchFile(name, '')))).code).toBe('bad_file')
  })

  it('a query for a column that is no more names the column', async () => {
    const connection = await connectTo(await scratchFile('c.csv', 'id\n1\n'))
    const failure = await failureOf(
      connection.query({ sql: 'SELECT "nonesuch" FROM "c"', parameters: [], columns: [] }),
    )
    expect(failure).toMatchObject({
      code: 'bad_query',
      message: expect.stringContaining('there is no column “nonesuch”'),
    })
  })

  it('what DuckDB takes for a name is told only where the statement quotes it as one', async () => {
    const connection = await connectTo(await scratchFile('c.csv', 'id\n1\n'))
    const failure = await failureOf(
      connection.query({ sql: 'SELECT nonesuch FROM "c"', parameters: [], columns: [] }),
    )
    expect(failure.code).toBe('bad_query')
    expect(failure.message).not.toContain('nonesuch')
  })

  it('a parameter that does not fit its type is refused without being quoted', async () => {
    const connection = await connectTo(await scratchFile('c.csv', 'id\n1\n'))
    const failure = await failureOf(
      connection.query({
        sql: 'SELECT "id" FROM "c" WHERE "id" > CAST($1 AS BIGINT)',
        parameters: [canary],
        columns: [{ name: 'id', type: 'number' }],
      }),
    )
    expect(failure.code).toBe('bad_query')
  })

  it('a view of a database that does not work says so', async () => {
    const folder = await scratchFolder()
    await runIn(
      `${folder}/w.duckdb`,
      'CREATE TABLE t (a INTEGER)',
      'CREATE VIEW v AS SELECT a FROM t',
      'ALTER TABLE t RENAME a TO b',
    )
    const connection = await connectTo(`${folder}/w.duckdb`)
    expect((await failureOf(connection.describe({ name: 'v' }))).code).toBe('bad_file')
  })
})
