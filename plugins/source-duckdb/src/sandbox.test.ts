// What a statement, even one that the host would never build, may not do.
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { SourceConnection } from '@sluice/connector-sdk'
import { describe, expect, it } from 'vitest'
import { collect, connectTo, never, runIn, scratchFolder } from '../testing/scratch.ts'

async function sandbox(kind: 'duckdb' | 'csv'): Promise<{ folder: string; connection: SourceConnection }> {
  const folder = await scratchFolder()
  await writeFile(`${folder}/other.csv`, 'id\n7\n')
  await runIn(`${folder}/other.duckdb`, 'CREATE TABLE t AS SELECT 7 AS id')
  await mkdir(`${folder}/in`)
  if (kind === 'csv') await writeFile(`${folder}/in/t.csv`, 'id\n1\n')
  else {
    const view = `CREATE VIEW peek AS SELECT * FROM read_csv('${folder}/other.csv')`
    await runIn(`${folder}/in/t.duckdb`, 'CREATE TABLE t AS SELECT 1 AS id', view)
  }
  return { folder, connection: await connectTo(`${folder}/in/t.${kind}`) }
}

const statements = (folder: string): readonly string[] => [
  `COPY (SELECT 1) TO '${folder}/out.csv'`,
  `COPY t TO '${folder}/in/out.parquet'`,
  `COPY t FROM '${folder}/other.csv'`,
  `ATTACH '${folder}/other.duckdb' AS o`,
  `ATTACH '${folder}/new.duckdb' AS n`,
  `EXPORT DATABASE '${folder}/dump'`,
  'INSTALL httpfs',
  'LOAD httpfs',
  "SET memory_limit = '10GB'",
  'SET enable_external_access = true',
  `SET temp_directory = '${folder}'`,
  'RESET lock_configuration',
  'PRAGMA enable_profiling',
  'CALL enable_logging()',
  'CREATE TABLE mine (id INTEGER)',
  'CREATE TEMP TABLE mine AS SELECT 1',
  'INSERT INTO t VALUES (2)',
  'DELETE FROM t',
  'DROP TABLE t',
  'CHECKPOINT',
  'USE memory',
  'SELECT 1; SELECT 2',
  'SELECT 1; DROP TABLE t',
  '',
  'nonsense',
  `SELECT * FROM read_csv('${folder}/other.csv')`,
  `SELECT * FROM '${folder}/other.csv'`,
  `SELECT * FROM read_text('${folder}/other.csv')`,
  `SELECT * FROM read_blob('/etc/hostname')`,
  `SELECT * FROM glob('${folder}/*')`,
  `SELECT * FROM read_csv('http://127.0.0.1:9/x.csv')`,
  `SELECT * FROM duckdb_secrets(), read_text('${folder}/in/../other.csv')`,
]

describe.each(['duckdb', 'csv'] as const)('the sandbox of a %s file', (kind) => {
  it('refuses everything but a SELECT over the file itself, and changes nothing', async () => {
    const { folder, connection } = await sandbox(kind)
    const before = await readdir(folder, { recursive: true })
    const content = await readFile(`${folder}/in/t.${kind}`)
    for (const sql of statements(folder)) {
      const asked = { sql, parameters: [], columns: [] }
      const coded = { name: 'SourceError', code: expect.stringMatching(/^(not_allowed|bad_query|bad_file)$/) }
      await expect(connection.query(asked), sql).rejects.toMatchObject(coded)
      await expect(collect(connection.stream({ ...asked, orderBy: [] }, never)), sql).rejects.toMatchObject(
        coded,
      )
    }
    expect(await readdir(folder, { recursive: true })).toEqual(before)
    expect(await readFile(`${folder}/in/t.${kind}`)).toEqual(content)
    const one = {
      sql: 'SELECT "id" FROM "t"',
      parameters: [],
      columns: [{ name: 'id', type: 'number' }],
    } as const
    expect((await connection.query(one)).columns).toEqual([[1]])
  })
})

describe('the sandbox of a database', () => {
  it('keeps its views from reading other files', async () => {
    const { connection } = await sandbox('duckdb')
    await expect(connection.describe({ name: 'peek' })).rejects.toMatchObject({ code: 'not_allowed' })
    await expect(
      connection.query({ sql: 'SELECT * FROM "peek"', parameters: [], columns: [] }),
    ).rejects.toMatchObject({ code: 'not_allowed' })
  })
})

describe('a read that outgrows its memory limit', () => {
  it.each(['duckdb', 'parquet'])('fails loudly and writes nothing to disk (%s)', async (ending) => {
    const folder = await scratchFolder()
    const rows = "SELECT i AS id, repeat('x' || i, 50) AS v FROM range(400000) r(i)"
    if (ending === 'duckdb') await runIn(`${folder}/t.duckdb`, `CREATE TABLE t AS ${rows}`)
    else await runIn(':memory:', `COPY (${rows}) TO '${folder}/t.parquet'`)
    const connection = await connectTo(path.join(folder, `t.${ending}`), { memoryLimitMiB: 64 })
    const sorted = connection.stream(
      {
        sql: 'SELECT "v" FROM "t"',
        parameters: [],
        columns: [{ name: 'v', type: 'string' }],
        orderBy: ['v'],
      },
      never,
    )
    await expect(collect(sorted)).rejects.toMatchObject({
      code: 'out_of_memory',
      isTransient: false,
      message: expect.stringContaining('64 MiB'),
    })
    expect(await readdir(folder)).toEqual([`t.${ending}`])
    expect(await readdir('.')).not.toContain('.tmp')
  })
})
