/** The statements of every read, run by a real DuckDB, against what they mean in plain words. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import type { RecordBatch, SourceConnection, SourceTable } from '@sluice/connector-sdk'
import duckdb from '@sluice/source-duckdb'
import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Query, type SourceDocument, sourceDefaults, type TableQuery } from '../documents.ts'
import { keyOf, orderColumns, type Position } from './position.ts'
import {
  checkStatement,
  countStatement,
  cursorValueStatement,
  everyNthPositionStatement,
  isWithinStatement,
  lastPositionStatement,
  nullPositionsStatement,
  previewStatement,
  rowsStatement,
  stretchStatement,
} from './statements.ts'

const { dialect } = duckdb
let folder: string
let connection: SourceConnection

/** A table whose names and values would break text that was put together carelessly. */
const table = { schema: 'odd "schema', name: `cust'omers"; DROP TABLE untouched; --` }
const evil = `x'); DROP TABLE untouched; --`

/** Two rows a microsecond apart, two of the same microsecond, and rows without a place in the order. */
const setup = `
  CREATE TABLE untouched (a INTEGER);
  CREATE SCHEMA "odd ""schema";
  CREATE TABLE "odd ""schema"."cust'omers""; DROP TABLE untouched; --" (
    "ke""y" VARCHAR, part SMALLINT, changed TIMESTAMP, seq BIGINT, note VARCHAR, "select" BOOLEAN
  );
  INSERT INTO "odd ""schema"."cust'omers""; DROP TABLE untouched; --" VALUES
    ('c', 1, '2024-01-01 00:00:00.000002', 7, 'third', true),
    ('a', 1, '2024-01-01 00:00:00.000001', 5, 'first', false),
    ('a', 2, '2024-01-01 00:00:00.000001', 5, 'second', NULL),
    ('b', 1, '2024-01-01 00:00:00.000002', 9007199254740993, 'fourth', true),
    ('é', 1, '2024-02-01 00:00:00', -3, 'fifth', true),
    ('x''); DROP TABLE untouched; --', 1, '2024-03-01 00:00:00', 1, 'sixth', true),
    ('n', 1, NULL, 1, 'no time', true),
    ('n', 2, '2024-01-15 00:00:00', NULL, 'no number', true),
    (NULL, 3, '2024-01-15 00:00:00', 1, 'no key', true);
  CREATE TABLE counted (id INTEGER, "at" TIMESTAMP, seq INTEGER);
  INSERT INTO counted SELECT n, TIMESTAMP '2024-01-01' + to_microseconds(n // 3), n % 2 FROM range(60) t(n);
  CREATE TABLE many AS
    SELECT n AS id, TIMESTAMP '2024-01-01' + to_seconds((hash(n) % 1000000)::BIGINT) AS "at" FROM range(120000) t(n);`

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-statements-'))
  const path = join(folder, 'test.duckdb')
  const instance = await DuckDBInstance.create(path)
  const writer = await instance.connect()
  await writer.run(setup)
  writer.closeSync()
  instance.closeSync()
  connection = await duckdb.connect(
    { path },
    {},
    { allowedDirectories: [folder], isAddressAllowed: () => false },
  )
})
afterAll(async () => {
  await connection.close()
  await rm(folder, { recursive: true })
})

/** The same rows, by the name of their table or through what a person wrote. */
const forms = ['table', 'condition', 'sql'] as const

function queryOf(form: (typeof forms)[number], of: SourceTable = table): Query {
  const name = [...(of.schema === undefined ? [] : [of.schema]), of.name].map(dialect.quote).join('.')
  switch (form) {
    case 'table':
      return { kind: 'table', ...of }
    case 'condition':
      return { kind: 'table', ...of, where: "1 = 1 OR 'b)' IS NULL -- all of them" }
    case 'sql':
      return { kind: 'sql', sql: `WITH a AS (SELECT * FROM ${name}) SELECT a.* FROM a -- all of them` }
  }
}

async function documentOf(changes: Partial<SourceDocument> = {}): Promise<SourceDocument> {
  const document: SourceDocument = {
    id: '01900000-0000-7000-8000-000000000001',
    name: 'Customers',
    connectionId: '01900000-0000-7000-8000-000000000002',
    query: queryOf('table'),
    keyColumns: ['ke"y', 'part'],
    cursorMode: 'TIMESTAMP_INCREMENTING',
    timestampColumn: 'changed',
    incrementColumn: 'seq',
    timeZone: 'UTC',
    settleMs: 0,
    pollIntervalMs: 1000,
    ...sourceDefaults,
    columns: [],
    ...changes,
  }
  const { query } = document
  const columns = query.kind === 'sql' ? connection.describeSql(query.sql) : connection.describe(query)
  return { ...document, columns: [...(await columns)] }
}

/** Rows as texts, whichever way they came. */
function rowsOf({ columns, length }: RecordBatch): string[][] {
  return Array.from({ length }, (_, row) => columns.map((column) => String(column[row])))
}

async function stream(statement: Parameters<SourceConnection['stream']>[0]): Promise<string[][]> {
  const rows: string[][] = []
  for await (const batch of connection.stream(statement, new AbortController().signal))
    rows.push(...rowsOf(batch))
  return rows
}

const first = '2024-01-01 00:00:00.000001'
const second = '2024-01-01 00:00:00.000002'
const places: Readonly<Record<string, Position>> = {
  first: [first, '5', 'a', '1'],
  second: [first, '5', 'a', '2'],
  third: [second, '7', 'c', '1'],
  fourth: [second, '9007199254740993', 'b', '1'],
  fifth: ['2024-02-01 00:00:00', '-3', 'é', '1'],
  sixth: ['2024-03-01 00:00:00', '1', evil, '1'],
}
const inOrder = ['first', 'second', 'third', 'fourth', 'fifth', 'sixth']
const end: Position = ['2025-01-01 00:00:00']

function place(note: string): Position {
  return places[note] ?? []
}

describe.each(forms)('a stretch, by %s,', (form) => {
  async function notes(after: Position | null, until: Position): Promise<string[]> {
    const source = await documentOf({ query: queryOf(form) })
    const rows = await stream(stretchStatement({ source, dialect, attributes: ['note'] }, { after, until }))
    return rows.map(([note = '']) => note)
  }

  it('holds every row that has a place, in order, however close they are', async () => {
    expect(await notes(null, end)).toEqual(inOrder)
  })

  it('begins behind one row and ends with another, wherever they are', async () => {
    for (const [from, after] of [null, ...inOrder].entries()) {
      for (const [to, until] of inOrder.entries()) {
        const expected = inOrder.slice(from, to + 1)
        expect(await notes(after === null ? null : place(after), place(until))).toEqual(expected)
      }
    }
  })

  it('takes the beginning of a position for all rows that begin so', async () => {
    expect(await notes([first], end)).toEqual(inOrder.slice(2))
    expect(await notes([first, '5'], end)).toEqual(inOrder.slice(2))
    expect(await notes([first, '5', 'a'], [second])).toEqual(['third', 'fourth'])
    expect(await notes([first, '4'], end)).toEqual(inOrder)
    expect(await notes(null, [first])).toEqual(['first', 'second'])
    expect(await notes(null, [second, '7'])).toEqual(['first', 'second', 'third'])
  })

  it('gives attributes by name, then the position as exact text', async () => {
    const source = await documentOf()
    const statement = stretchStatement(
      { source, dialect, attributes: ['select', 'ke"y', 'note'] },
      { after: place('third'), until: place('fourth') },
    )
    expect(statement.columns.map(({ name }) => name)).toEqual([
      'select',
      'ke"y',
      'note',
      'p0',
      'p1',
      'p2',
      'p3',
    ])
    expect(await stream(statement)).toEqual([['true', 'b', 'fourth', ...place('fourth')]])
  })

  it('numbers the parameters of a further condition behind its own', async () => {
    const source = await documentOf()
    const statement = stretchStatement(
      { source, dialect, attributes: ['note'] },
      { after: place('first'), until: end },
      (firstParameter) => ({
        sql: `"note" IN (${dialect.parameter(firstParameter, 'VARCHAR')}, ${dialect.parameter(firstParameter + 1, 'VARCHAR')})`,
        parameters: ['fifth', 'second'],
      }),
    )
    expect((await stream(statement)).map(([note]) => note)).toEqual(['second', 'fifth'])
  })

  it('keeps values out of its text', async () => {
    const source = await documentOf()
    const { sql, parameters } = stretchStatement(
      { source, dialect, attributes: ['note'] },
      { after: place('fifth'), until: place('sixth') },
    )
    expect(parameters).toContain(evil)
    expect(sql).not.toContain("x')")
    expect(await notes(place('fifth'), place('sixth'))).toEqual(['sixth'])
    expect(await connection.listTables()).toContainEqual(expect.objectContaining({ name: 'untouched' }))
  })

  it('is every row between two others, for any two of any rows', async () => {
    const source = await documentOf({
      query: queryOf(form, { name: 'counted' }),
      keyColumns: ['id'],
      timestampColumn: 'at',
      incrementColumn: 'seq',
    })
    const all = await stream(
      stretchStatement({ source, dialect, attributes: ['id'] }, { after: null, until: end }),
    )
    const sorted = Array.from({ length: 60 }, (_, id) => id).sort(
      (a, b) => Math.floor(a / 3) - Math.floor(b / 3) || (a % 2) - (b % 2) || a - b,
    )
    expect(all.map(([id]) => Number(id))).toEqual(sorted)
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: 59 }), fc.nat({ max: 59 }), async (from, to) => {
        const [after, until] = [all[from]?.slice(1) ?? [], all[to]?.slice(1) ?? []]
        const rows = await stream(stretchStatement({ source, dialect, attributes: ['id'] }, { after, until }))
        expect(rows).toEqual(all.slice(from + 1, to + 1))
      }),
      { numRuns: 40 },
    )
  })

  it('loses no row of a timestamp to the border that it stands at, in timestamp mode', async () => {
    const source = await documentOf({
      ...{ query: queryOf(form, { name: 'counted' }), keyColumns: ['id'], cursorMode: 'TIMESTAMP' },
      ...{ timestampColumn: 'at', incrementColumn: null },
    })
    expect(orderColumns(source).map(({ name }) => name)).toEqual(['at', 'id'])
    const all = { after: null, until: end }
    // Three rows share each timestamp, so that most borders stand between rows of one.
    const borders = rowsOf(await connection.query(everyNthPositionStatement(source, dialect, all, 4)))
    expect(borders).toHaveLength(15)
    const read: number[] = []
    let after: Position | null = null
    for (const until of [...borders, end]) {
      const rows = await stream(stretchStatement({ source, dialect, attributes: ['id'] }, { after, until }))
      read.push(...rows.map(([id]) => Number(id)))
      after = until
    }
    expect(read).toEqual(Array.from({ length: 60 }, (_, id) => id))
  })

  it('goes by the number alone in incrementing mode, and names no column twice', async () => {
    const source = await documentOf({
      cursorMode: 'INCREMENTING',
      timestampColumn: null,
      keyColumns: ['seq', 'part'],
    })
    expect(orderColumns(source).map(({ name }) => name)).toEqual(['seq', 'part'])
    const statement = stretchStatement(
      { source, dialect, attributes: ['note'] },
      { after: ['1'], until: ['7', '1'] },
    )
    expect((await stream(statement)).map(([note]) => note)).toEqual(['first', 'second', 'third'])
    expect(keyOf(source, ['7', '1'])).toEqual(['7', '1'])
  })
})

describe('rows by their keys', () => {
  async function rows(keys: readonly Position[], until: Position): Promise<string[][]> {
    const source = await documentOf()
    const batch = await connection.query(
      rowsStatement({ source, dialect, attributes: ['note'] }, keys, until),
    )
    return rowsOf(batch).sort()
  }

  it('are the current rows, with a mark for those that still stand within the stretch', async () => {
    const keys = [
      ['a', '2'],
      ['c', '1'],
      ['b', '1'],
      [evil, '1'],
    ]
    expect(await rows(keys, place('third'))).toEqual([
      ['fourth', ...place('fourth'), '0'],
      ['second', ...place('second'), '1'],
      ['sixth', ...place('sixth'), '0'],
      ['third', ...place('third'), '1'],
    ])
  })

  it('need the whole key, and are none where there is none', async () => {
    expect(await rows([['a', '3']], end)).toEqual([])
    expect(await rows([['1', '1']], end)).toEqual([])
  })

  it('that lost their place stand outside', async () => {
    const found = await rows([['n', '1']], end)
    expect(found.map((row) => [row[0], row.at(-1)])).toEqual([['no time', '0']])
  })

  it('are found by the key within a position, whatever its order', async () => {
    const source = await documentOf({ keyColumns: ['part', 'ke"y'] })
    expect(keyOf(source, [second, '7', '1', 'c'])).toEqual(['1', 'c'])
    const reversed = await documentOf()
    expect(keyOf(reversed, place('third'))).toEqual(['c', '1'])
  })
})

describe('the last position', () => {
  async function last(after: Position | null, limit: string | null): Promise<string[][]> {
    return rowsOf(await connection.query(lastPositionStatement(await documentOf(), dialect, after, limit)))
  }

  it('is that of the last row', async () => {
    expect(await last(null, null)).toEqual([place('sixth')])
  })

  it('is that of the last row at or before a limit, to the microsecond', async () => {
    expect(await last(null, second)).toEqual([place('fourth')])
    expect(await last(null, first)).toEqual([place('second')])
    expect(await last(null, '2024-01-31 23:59:59.999999')).toEqual([place('fourth')])
  })

  it('is none where nothing is new', async () => {
    expect(await last(place('sixth'), null)).toEqual([])
    expect(await last(place('fourth'), second)).toEqual([])
    expect(await last(null, '2000-01-01 00:00:00')).toEqual([])
  })
})

describe('every n-th position', () => {
  it('is that of the n-th row of a stretch, the 2n-th and so on, or none', async () => {
    const source = await documentOf()
    for (const n of [1, 2, 3, 4, 5]) {
      const stretch = { after: place('first'), until: place('fifth') }
      const found = rowsOf(await connection.query(everyNthPositionStatement(source, dialect, stretch, n)))
      const expected = [1, 2, 3, 4].filter((row) => row % n === 0)
      expect(found).toEqual(expected.map((row) => place(inOrder[row] ?? '')))
    }
  })

  it('counts only rows that may match', async () => {
    const source = await documentOf()
    const statement = everyNthPositionStatement(
      source,
      dialect,
      { after: null, until: end },
      2,
      (parameter) => ({
        sql: `"part" = ${dialect.parameter(parameter, 'SMALLINT')}`,
        parameters: ['1'],
      }),
    )
    expect(rowsOf(await connection.query(statement))).toEqual([place('third'), place('fifth')])
  })

  it('finds a large n to some per cent, in whatever order the rows lie', async () => {
    const source = await documentOf({
      query: queryOf('table', { name: 'many' }),
      keyColumns: ['id'],
      incrementColumn: 'id',
      timestampColumn: 'at',
    })
    const stretch = { after: null, until: end }
    const found = rowsOf(await connection.query(everyNthPositionStatement(source, dialect, stretch, 20_000)))
    expect([5, 6]).toContain(found.length)
    expect(found).toEqual(found.toSorted())
    const ends = [...found, stretch.until]
    const counts: number[] = []
    for (const [index, until] of ends.entries()) {
      const within = { after: ends[index - 1] ?? null, until }
      const { columns } = await connection.query(countStatement(source, dialect, within))
      counts.push(Number(columns[0]?.[0]))
    }
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(120_000)
    for (const count of counts.slice(0, 5)) {
      expect(count).toBeGreaterThan(18_000)
      expect(count).toBeLessThan(22_000)
    }
  })
})

describe('a preview', () => {
  it('is a few rows with every column', async () => {
    const source = await documentOf()
    const statement = previewStatement(source, dialect, 3)
    const batch = await connection.query(statement)
    expect(batch.length).toBe(3)
    expect(statement.columns.map(({ name }) => name)).toEqual([
      'ke"y',
      'part',
      'changed',
      'seq',
      'note',
      'select',
    ])
  })

  it('shows rows that meet a condition', async () => {
    const source = await documentOf()
    const batch = await connection.query(
      previewStatement(source, dialect, 10, (parameter) => ({
        sql: `"note" = ${dialect.parameter(parameter, 'VARCHAR')}`,
        parameters: [`fifth`],
      })),
    )
    expect(batch.length).toBe(1)
  })
})

describe('the check of key and cursor', () => {
  async function checked(changes: Partial<SourceDocument>): Promise<Record<string, number>> {
    const statement = checkStatement(await documentOf(changes), dialect)
    const [row = []] = rowsOf(await connection.query(statement))
    return Object.fromEntries(statement.columns.map(({ name }, index) => [name, Number(row[index])]))
  }

  it('counts rows, keys that are missing, and cursors that are', async () => {
    expect(await checked({})).toEqual({ rows: 9, nullKeys: 1, duplicateKeys: 0, nullCursors: 2 })
  })

  it('counts keys that are not unique', async () => {
    expect(await checked({ keyColumns: ['ke"y'] })).toMatchObject({ nullKeys: 1, duplicateKeys: 2 })
    expect(await checked({ keyColumns: ['part'] })).toMatchObject({ nullKeys: 0, duplicateKeys: 6 })
  })

  it('asks only the cursor of the mode', async () => {
    const incrementing = { cursorMode: 'INCREMENTING', timestampColumn: null } as const
    expect(await checked(incrementing)).toMatchObject({ nullCursors: 1 })
  })
})

describe('the count of rows without a place', () => {
  async function counted(changes: Partial<SourceDocument>): Promise<number> {
    const statement = nullPositionsStatement(await documentOf(changes), dialect)
    const [[keys, cursors] = []] = rowsOf(await connection.query(statement))
    return Number(keys) + Number(cursors)
  }

  it('counts each row once that lacks a value in cursor or key, and no other', async () => {
    expect(await counted({})).toBe(3)
    expect(
      await counted({
        query: queryOf('table', { name: 'counted' }),
        keyColumns: ['id'],
        timestampColumn: 'at',
      }),
    ).toBe(0)
  })

  it('asks only the columns that make a position', async () => {
    expect(await counted({ cursorMode: 'INCREMENTING', timestampColumn: null })).toBe(2)
    expect(await counted({ keyColumns: ['part'] })).toBe(2)
  })
})

describe('a place that names only the first columns', () => {
  it('is compared by those alone', async () => {
    const source = await documentOf()
    const isWithin = async (a: Position, b: Position) =>
      rowsOf(await connection.query(isWithinStatement(source, dialect, a, b)))
    expect(await isWithin([first], place('third'))).toEqual([['1']])
    expect(await isWithin([second], place('third'))).toEqual([['1']])
    expect(await isWithin(['2024-02-01'], place('third'))).toEqual([['0']])
  })
})

describe('a value of the cursor', () => {
  const column = { name: 'changed', type: 'date', nativeType: 'TIMESTAMP', nullable: true } as const
  const value = async (text: string, limit: string | null) =>
    rowsOf(await connection.query(cursorValueStatement(dialect, column, text, limit)))

  it('is written as the source writes it, and compared with a limit', async () => {
    expect(await value('2024-01-02', null)).toEqual([['2024-01-02 00:00:00', '1']])
    expect(await value('2024-01-02', '2024-01-02 00:00:00')).toEqual([['2024-01-02 00:00:00', '1']])
    expect(await value('2024-01-02', first)).toEqual([['2024-01-02 00:00:00', '0']])
  })

  it('fails where it is none of the column’s type', async () => {
    await expect(value(evil, null)).rejects.toMatchObject({ code: 'bad_query' })
  })
})

describe.each(forms)('by %s', (form) => {
  it('every other statement finds the same', async () => {
    const [source, plain] = [await documentOf({ query: queryOf(form) }), await documentOf()]
    const stretch = { after: place('first'), until: end }
    const statementsOf = (read: SourceDocument) => [
      rowsStatement({ source: read, dialect, attributes: ['note'] }, [['a', '2']], end),
      lastPositionStatement(read, dialect, place('first'), '2024-02-01 00:00:00'),
      countStatement(read, dialect, stretch),
      everyNthPositionStatement(read, dialect, stretch, 2),
      checkStatement(read, dialect),
      nullPositionsStatement(read, dialect),
      previewStatement(read, dialect, 100),
    ]
    const expected = statementsOf(plain)
    for (const [index, statement] of statementsOf(source).entries()) {
      const found = rowsOf(await connection.query(statement))
      const wanted = rowsOf(await connection.query(expected[index] ?? statement))
      expect(found.toSorted(), statement.sql).toEqual(wanted.toSorted())
      expect(wanted.length).toBeGreaterThan(0)
    }
  })
})

/** Every column feeds an attribute called as another column is. */
function renamed(source: SourceDocument): SourceDocument {
  const own = source.columns.map(({ name }) => name)
  const names = new Map(own.map((name, index) => [name, own[(index + 1) % own.length] ?? name]))
  const one = (name: string) => names.get(name) ?? name
  const orNull = (name: string | null) => (name === null ? null : one(name))
  return {
    ...source,
    keyColumns: source.keyColumns.map(one),
    timestampColumn: orNull(source.timestampColumn),
    incrementColumn: orNull(source.incrementColumn),
    columns: source.columns.map((column) => ({ ...column, name: one(column.name), column: column.name })),
  }
}

describe.each(forms)('with attributes that bear the names of other columns, by %s', (form) => {
  it('every statement finds the same', async () => {
    const source = await documentOf({ query: queryOf(form) })
    const stretch = { after: place('first'), until: end }
    const statementsOf = (read: SourceDocument) => {
      const attributes = read.columns.map(({ name }) => name)
      return [
        rowsStatement({ source: read, dialect, attributes }, [['a', '2']], end),
        lastPositionStatement(read, dialect, place('first'), '2024-02-01 00:00:00'),
        countStatement(read, dialect, stretch),
        everyNthPositionStatement(read, dialect, stretch, 2),
        checkStatement(read, dialect),
        nullPositionsStatement(read, dialect),
        previewStatement(read, dialect, 100),
      ]
    }
    const expected = statementsOf(source)
    for (const [index, statement] of statementsOf(renamed(source)).entries()) {
      const found = rowsOf(await connection.query(statement))
      expect(found.toSorted(), statement.sql).toEqual(
        rowsOf(await connection.query(expected[index] ?? statement)).toSorted(),
      )
    }
    const read = (of: SourceDocument) =>
      stream(
        stretchStatement({ source: of, dialect, attributes: of.columns.map(({ name }) => name) }, stretch),
      )
    expect(await read(renamed(source))).toEqual(await read(source))
    expect((await read(source)).length).toBeGreaterThan(0)
  })
})

it('chosen columns and a condition leave the rest unread', async () => {
  const query = { ...queryOf('table'), where: `"select" AND seq > 1`, columns: ['note'] } as TableQuery
  const columns = (await documentOf()).columns.filter(({ name }) => name === 'note')
  const source = { name: 'Customers', query, columns, timeZone: 'UTC' }
  const found = rowsOf(await connection.query(previewStatement(source, dialect, 100)))
  expect(found.toSorted()).toEqual([['fourth'], ['third']])
})

it('refuses a column that the source does not have, by name', async () => {
  const source = await documentOf()
  const selection = { source, dialect, attributes: ['nope'] }
  expect(() => stretchStatement(selection, { after: null, until: end })).toThrow(
    'The data source "Customers" has no column "nope".',
  )
})
