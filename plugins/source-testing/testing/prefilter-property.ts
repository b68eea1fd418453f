/** The one promise of the SQL prefilter: a row that meets the conditions meets the SQL. For the host's own sources. */
import type {
  AttributeValue,
  Dialect,
  RecordBatch,
  SelectedColumn,
  SourceColumn,
  SourceConnection,
} from '@sluice/connector-sdk'
import fc from 'fast-check'
import { expect } from 'vitest'
import { type Conditions, conditionsSchema } from '../../../engine/rules/conditions.ts'
import { toDouble } from '../../../engine/rules/numbers.ts'
import { operatorsFor } from '../../../engine/rules/operators.ts'
import { compilePredicate } from '../../../engine/rules/predicate.ts'
import { compilePrefilter } from '../../../engine/rules/prefilter.ts'
import { text } from './prefilter-values.ts'

/** A table that {@link tableSql} made, in a source that is connected. */
export interface PrefilterScene {
  readonly connection: SourceConnection
  readonly dialect: Dialect
  /** The table as it stands in SQL. */
  readonly table: string
  /** Its columns without `id`. */
  readonly columns: readonly SourceColumn[]
  readonly rowCount: number
}

const idColumn: SelectedColumn = { name: 'id', type: 'number' }

/** The SQL lets through what the predicate lets through, and still filters. */
export async function expectSoundPrefilter(scene: PrefilterScene, timeZone: string): Promise<void> {
  const rows = await everyRow(scene, timeZone)
  const seen = { matched: 0, filtered: 0 }
  const property = fc.asyncProperty(conditionTree(scene, rows), async (conditions) => {
    const { sql, missed, matched, passed } = await compare(scene, conditions, rows, timeZone)
    seen.matched += matched
    seen.filtered += scene.rowCount - passed
    expect(missed, sql).toEqual([])
  })
  await fc.assert(property, { numRuns: 400 })
  // Without these the property could hold for empty reasons.
  expect(seen.matched).toBeGreaterThan(scene.rowCount)
  expect(seen.filtered).toBeGreaterThan(scene.rowCount)
}

/** Every number is found by the double that it is to the predicate. */
export async function expectNumbersFound(scene: PrefilterScene): Promise<void> {
  const rows = await everyRow(scene, 'UTC')
  const numbers = [...scene.columns.entries()].filter(([, { type }]) => type === 'number')
  for (const [index, { name }] of numbers) {
    const doubles = [...new Set((rows.columns[index + 1] ?? []).map(toDouble).filter(Number.isFinite))]
    for (let start = 0; start < doubles.length; start += 30) {
      const any = doubles.slice(start, start + 30).map((value) => {
        const operators = value < 0 ? ['equals'] : ['lessThanOrEqual', 'greaterThanOrEqual']
        return { all: operators.map((operator) => ({ attribute: name, operator, value })) }
      })
      const { sql, missed } = await compare(scene, conditionsSchema.parse({ any }), rows, 'UTC')
      expect(missed, sql).toEqual([])
    }
  }
}

/** Values of the column itself and their nearest neighbours: where a prefilter goes wrong by a hair. */
function near(cells: readonly AttributeValue[], type: 'string' | 'number' | 'date') {
  const cell = fc.constantFrom(...cells.filter((value) => value !== null))
  const step = fc.constantFrom(0, 0, 1, -1)
  switch (type) {
    case 'string':
      return fc.oneof(cell.map(String), text)
    case 'number':
      return fc
        .tuple(fc.oneof(cell.map(toDouble), fc.integer({ min: -4, max: 6 })), step)
        .map(([value, steps]) => value + steps * Math.abs(value) * Number.EPSILON)
        .filter(Number.isFinite)
    case 'date':
      return fc
        .tuple(cell, step)
        .map(([value, ms]) => new Date((value instanceof Date ? value.getTime() : 0) + ms).toISOString())
  }
}

function condition({ columns }: PrefilterScene, rows: RecordBatch): fc.Arbitrary<unknown> {
  return fc.nat(columns.length - 1).chain((index) => {
    const { name, type } = columns[index] ?? { name: '', type: 'string' }
    return fc.constantFrom(...operatorsFor(type)).chain((operator) => {
      const hasNoValue = operator.startsWith('is')
      if (hasNoValue || (type !== 'string' && type !== 'number' && type !== 'date')) {
        return fc.constant({ attribute: name, operator })
      }
      return near(rows.columns[index + 1] ?? [], type).map((value) => ({ attribute: name, operator, value }))
    })
  })
}

function conditionTree(scene: PrefilterScene, rows: RecordBatch): fc.Arbitrary<Conditions> {
  const group = fc.record({ all: fc.array(condition(scene, rows), { minLength: 1, maxLength: 2 }) })
  return fc
    .record({ any: fc.array(group, { minLength: 1, maxLength: 2 }) })
    .map((tree) => conditionsSchema.safeParse(tree))
    .filter(({ success }) => success)
    .map(({ data }) => data ?? { any: [] })
}

async function everyRow(
  { columns, connection, dialect, rowCount, table }: PrefilterScene,
  timeZone: string,
): Promise<RecordBatch> {
  const list = columns.map((column) => dialect.value(dialect.quote(column.name), column, timeZone))
  const outputs = ['id', ...list].map((sql, index) => `${sql} AS c${index}`)
  const rows = await connection.query({
    sql: `SELECT ${outputs.join(', ')} FROM ${table}`,
    parameters: [],
    columns: [idColumn, ...columns],
  })
  expect(rows.length).toBe(rowCount)
  return rows
}

interface Outcome {
  readonly sql: string
  /** Ids of rows that the predicate lets through and the SQL does not. */
  readonly missed: readonly unknown[]
  readonly matched: number
  readonly passed: number
}

async function compare(
  { columns, connection, dialect, table }: PrefilterScene,
  conditions: Conditions,
  rows: RecordBatch,
  timeZone: string,
): Promise<Outcome> {
  const predicate = compilePredicate(conditions, [idColumn, ...columns])
  const { sql, parameters } = compilePrefilter(conditions, columns, dialect, { timeZone, firstParameter: 1 })
  const found = await connection.query({
    sql: `SELECT id FROM ${table} WHERE ${sql}`,
    parameters,
    columns: [idColumn],
  })
  const passed = new Set(found.columns[0])
  const matching = (rows.columns[0] ?? []).filter((_, row) => predicate(rows.columns, row))
  const missed = matching.filter((id) => !passed.has(id))
  return { sql, missed, matched: matching.length, passed: passed.size }
}
