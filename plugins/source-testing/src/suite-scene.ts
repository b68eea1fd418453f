/** What the parts of the suite share: a source, its connection, and short ways to read. */
import type {
  AttributeValue,
  RecordBatch,
  Source,
  SourceColumn,
  SourceConnection,
  Statement,
} from '@sluice/connector-sdk'
import { type Position, type Reading, stretchStatement } from './statements.ts'
import type { PreparedSource, TestTable } from './test-table.ts'

export const never = new AbortController().signal

export interface SuiteScene {
  readonly source: Source
  readonly prepared: PreparedSource
  readonly connection: SourceConnection
  /** A reading of a table, whole unless attributes are named. */
  reading(
    table: TestTable,
    order: readonly string[],
    options?: { readonly attributes?: readonly string[]; readonly timeZone?: string },
  ): Promise<Reading>
  rows(statement: Statement): Promise<AttributeValue[][]>
  /** Every row in order. */
  all(
    reading: Reading,
    stretch?: { readonly after?: Position; readonly until?: Position },
  ): Promise<AttributeValue[][]>
}

export function createSuiteScene(
  source: Source,
  prepared: PreparedSource,
  connection: SourceConnection,
): SuiteScene {
  return {
    source,
    prepared,
    connection,
    async reading({ name }, order, { attributes, timeZone = 'UTC' } = {}) {
      const table = prepared.tableOf(name)
      const columns = await connection.describe(table)
      return {
        dialect: source.dialect,
        table,
        attributes: columns.filter((column) => attributes?.includes(column.name) ?? true),
        order: order.map((wanted) => named(columns, wanted)),
        timeZone,
      }
    },
    rows: async (statement) => rowsOf(await connection.query(statement)),
    all: (reading, stretch) => collect(connection.stream(stretchStatement(reading, stretch), never)),
  }
}

export async function collect(batches: AsyncIterable<RecordBatch>): Promise<AttributeValue[][]> {
  const rows: AttributeValue[][] = []
  for await (const batch of batches) rows.push(...rowsOf(batch))
  return rows
}

export function rowsOf({ length, columns }: RecordBatch): AttributeValue[][] {
  return Array.from({ length }, (_, row) => columns.map((column) => column[row] ?? null))
}

export function named(columns: readonly SourceColumn[], name: string): SourceColumn {
  const column = columns.find((each) => each.name === name)
  if (column === undefined) throw new Error(`There is no column ${name}.`)
  return column
}
