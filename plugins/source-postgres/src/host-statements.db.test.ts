// The statements that the host builds, run as they are: bounds, pages, checks, counts and previews.
import type { SourceConnection, Statement } from '@sluice/connector-sdk'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type SourceDocument, sourceDefaults } from '../../../engine/documents.ts'
import {
  checkStatement,
  countStatement,
  everyNthPositionStatement,
  isWithinStatement,
  lastPositionStatement,
  nullPositionsStatement,
  previewStatement,
  rowsStatement,
  stretchStatement,
} from '../../../engine/reading/statements.ts'
import {
  anywhere,
  collect,
  createDatabase,
  dialect,
  never,
  publicTable,
  rowsOf,
  type ScratchDatabase,
} from '../testing/scratch.ts'
import source from './index.ts'

const rowCount = 30_000
let database: ScratchDatabase
let connection: SourceConnection
let document: SourceDocument

beforeAll(async () => {
  database = await createDatabase()
  await database.run(`
    CREATE TABLE customers (tenant integer, email text, at timestamp, n bigint);
    INSERT INTO customers SELECT i % 3, 'e' || i, timestamp '2024-07-01' + (i / 7) * interval '1 microsecond', i
      FROM generate_series(0, ${rowCount - 1}) AS r(i);
    INSERT INTO customers VALUES (1, NULL, '2024-07-01', 1), (1, 'e1', NULL, NULL), (NULL, 'x', '2024-07-01', 2)`)
  connection = await source.connect(database.settings, database.secrets, anywhere)
  document = {
    id: 's',
    name: 'customers',
    connectionId: 'c',
    query: { kind: 'table', ...publicTable('customers') },
    keyColumns: ['tenant', 'email'],
    cursorMode: 'TIMESTAMP_INCREMENTING',
    timestampColumn: 'at',
    incrementColumn: 'n',
    timeZone: 'Europe/Berlin',
    settleMs: 0,
    pollIntervalMs: 1_000,
    ...sourceDefaults,
    columns: [...(await connection.describe(publicTable('customers')))],
  }
})
afterAll(async () => {
  await connection.close()
  await database.drop()
})

const ask = async (statement: Statement) => rowsOf(await connection.query(statement))
const lastPosition = async (limit: string | null) =>
  (await ask(lastPositionStatement(document, dialect, null, limit)))[0]?.map(String) ?? []

describe("the host's statements", () => {
  it('find bounds and pages, and read every page once', async () => {
    const until = await lastPosition(null)
    expect(until).toEqual(['2024-07-01 00:00:00.004285', '29999', '2', 'e29999'])
    expect((await lastPosition('2024-07-01 00:00:00.000001'))[1]).toBe('13')
    const borders = await ask(everyNthPositionStatement(document, dialect, { after: null, until }, 7_000))
    const selection = { source: document, dialect, attributes: ['n', 'email'] }
    const read: unknown[] = []
    let after: readonly string[] | null = null
    for (const border of [...borders.map((row) => row.map(String)), until]) {
      const statement = stretchStatement(selection, { after, until: border })
      const rows = await collect(connection.stream(statement, never))
      expect(rows.at(-1)?.slice(2)).toEqual(border)
      read.push(...rows.map(([n]) => n))
      after = border
    }
    expect(read).toEqual(Array.from({ length: rowCount }, (_, n) => n))
  })

  it('find the borders of large pages among one row in so many', async () => {
    const until = await lastPosition(null)
    const borders = await ask(everyNthPositionStatement(document, dialect, { after: null, until }, 12_000))
    expect(borders).toHaveLength(2)
  })

  it('count, check, preview, compare and read again', async () => {
    const until = await lastPosition(null)
    const stretch = { after: null, until }
    expect(await ask(countStatement(document, dialect, stretch))).toEqual([[rowCount]])
    expect(await ask(checkStatement(document, dialect))).toEqual([[rowCount + 3, 2, 1, 1]])
    expect(await ask(nullPositionsStatement(document, dialect))).toEqual([[2, 1]])
    expect(await ask(previewStatement(document, dialect, 5))).toHaveLength(5)
    expect(await ask(isWithinStatement(document, dialect, until, until))).toEqual([[1]])
    expect(await ask(isWithinStatement(document, dialect, until, [...until.slice(0, 3), 'e']))).toEqual([[0]])
    const selection = { source: document, dialect, attributes: ['n', 'at'] }
    const keys = Array.from({ length: 1_000 }, (_, i) => [String(i % 3), `e${i}`])
    const again = await ask(rowsStatement(selection, keys, ['2024-07-01 00:00:00.000070', '499']))
    const found = again.filter(([n]) => n !== null).toSorted(([a], [b]) => Number(a) - Number(b))
    expect(found.map(([n]) => n)).toEqual(keys.map((_, n) => n))
    expect(found[0]?.[1]).toEqual(new Date('2024-06-30T22:00:00Z'))
    expect(found.filter((row) => row.at(-1) === 1)).toHaveLength(497)
  })
})
