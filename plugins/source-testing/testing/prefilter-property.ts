/** The one promise of the SQL prefilter: a row that meets the conditions meets the SQL. For the host's own sources. */
import type {
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
import { compilePredicate } from '../../../engine/rules/predicate.ts'
import { compilePrefilter } from '../../../engine/rules/prefilter.ts'
import { conditionTree } from './prefilter-conditions.ts'
import { now } from './prefilter-values.ts'

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

/** The SQL lets through what the predicate lets through, nothing else where it says so, and still filters. */
export async function expectSoundPrefilter(scene: PrefilterScene, timeZone: string): Promise<void> {
  const rows = await everyRow(scene, timeZone)
  const seen = { matched: 0, filtered: 0, exact: 0 }
  const tree = conditionTree(scene.columns, rows.columns.slice(1))
  const property = fc.asyncProperty(tree, async (conditions) => {
    const { sql, missed, matched, passed, isExact } = await compare(scene, conditions, rows, timeZone)
    seen.matched += matched
    seen.filtered += scene.rowCount - passed
    if (isExact) seen.exact += 1
    expect(missed, sql).toEqual([])
    if (isExact) expect(passed, sql).toBe(matched)
  })
  await fc.assert(property, { numRuns: 400 })
  // Without these the property could hold for empty reasons.
  expect(seen.matched).toBeGreaterThan(scene.rowCount)
  expect(seen.filtered).toBeGreaterThan(scene.rowCount)
  expect(seen.exact).toBeGreaterThan(20)
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
  readonly isExact: boolean
}

async function compare(
  { columns, connection, dialect, table }: PrefilterScene,
  conditions: Conditions,
  rows: RecordBatch,
  timeZone: string,
): Promise<Outcome> {
  const matches = compilePredicate(conditions, [idColumn, ...columns])(now)
  const options = { timeZone, now, firstParameter: 1 }
  const { sql, parameters, isExact } = compilePrefilter(conditions, columns, dialect, options)
  const found = await connection.query({
    sql: `SELECT id FROM ${table} WHERE ${sql}`,
    parameters,
    columns: [idColumn],
  })
  const passed = new Set(found.columns[0])
  const matching = (rows.columns[0] ?? []).filter((_, row) => matches(rows.columns, row))
  const missed = matching.filter((id) => !passed.has(id))
  return { sql, missed, matched: matching.length, passed: passed.size, isExact }
}
