/** A table in memory behind the source's port: it reads a statement's parameters and columns, not its SQL. */
import {
  type AttributeValue,
  type Dialect,
  defineSource,
  type OrderedStatement,
  type RecordBatch,
  type SourceConnection,
  type Statement,
  z,
} from '@sluice/connector-sdk'
import { type ConnectionDocument, type SourceDocument, sourceDefaults } from '../../engine/documents.ts'
import type { Position } from '../../engine/reading/position.ts'

/** A customer: key `id`, ordered by (`changed`, `id`). */
export interface Row {
  readonly id: number
  readonly changed: number
  readonly user: string | null
  readonly value: string
  /** Of which segment it is, where a test asks for one. */
  readonly segment?: string
}

export interface MemorySource {
  readonly rows: Map<number, Row>
  /** How many batches were handed out. */
  batchesRead(): number
  connect(options?: { beforeBatch?(index: number): Promise<void> }): SourceConnection
}

export const memoryConnection: ConnectionDocument = {
  id: '01900000-0000-7000-8000-000000000006',
  name: 'Memory',
  type: 'memory',
  settings: {},
}

export const memorySourceDocument: SourceDocument = {
  id: '01900000-0000-7000-8000-000000000001',
  name: 'Customers',
  connectionId: memoryConnection.id,
  query: { kind: 'table', name: 'customers' },
  keyColumns: ['id'],
  cursorMode: 'TIMESTAMP_INCREMENTING',
  timestampColumn: 'changed',
  incrementColumn: 'id',
  timeZone: 'UTC',
  settleMs: 0,
  pollIntervalMs: 1000,
  ...sourceDefaults,
  columns: [
    { name: 'id', type: 'number', nativeType: 'INTEGER', nullable: false },
    { name: 'changed', type: 'number', nativeType: 'INTEGER', nullable: false },
    { name: 'user', type: 'string', nativeType: 'VARCHAR', nullable: true },
    { name: 'value', type: 'string', nativeType: 'VARCHAR', nullable: false },
    { name: 'segment', type: 'string', nativeType: 'VARCHAR', nullable: true },
  ],
}

const dialect: Dialect = {
  quote: (identifier) => `"${identifier}"`,
  parameter: (index) => `$${index}`,
  text: (expression) => expression,
  value: (expression) => expression,
  contains: () => 'TRUE',
  startsWith: () => 'TRUE',
  endsWith: () => 'TRUE',
  nativeType: () => 'VARCHAR',
}

export const memorySource = defineSource({
  id: 'memory',
  name: 'Memory',
  api: '^1',
  docs: { summary: 'Rows in memory.', links: [] },
  settings: z.object({}),
  defaultSettleMs: 0,
  dialect,
  connect: () => Promise.reject(new Error('Tests connect by themselves.')),
})

/** How a statement asks for every n-th position, here of one row in so many. */
const everyNth = /(?:WHERE s % (\d+) = 0.*)?WHERE n % (\d+) = 0/

/** How many values a position has. */
const positionLength = 2

export function positionOf({ changed, id }: Row): Position {
  return [String(changed), String(id)]
}

export function comparePositions(a: Position, b: Position): number {
  for (const [index, value] of a.entries()) {
    const difference = Number(value) - Number(b[index])
    if (difference !== 0) return difference
  }
  return 0
}

export function createMemorySource(initial: readonly Row[], batchRows = 7): MemorySource {
  const rows = new Map(initial.map((row) => [row.id, row]))
  let read = 0

  function within({ parameters }: Statement): Row[] {
    const until = parameters.slice(-positionLength)
    const after = parameters.slice(0, -positionLength)
    return [...rows.values()]
      .filter((row) => after.length === 0 || comparePositions(positionOf(row), after) > 0)
      .filter((row) => comparePositions(positionOf(row), until) <= 0)
      .sort((a, b) => comparePositions(positionOf(a), positionOf(b)))
  }

  return {
    rows,
    batchesRead: () => read,
    connect: ({ beforeBatch } = {}) => ({
      listTables: async () => [{ name: 'customers' }],
      describe: async () => memorySourceDocument.columns,
      describeSql: async () => memorySourceDocument.columns,
      checkCondition: async () => {},
      now: async () => '0',
      async query(statement) {
        await beforeBatch?.(-1)
        const asked = everyNth.exec(statement.sql)
        if (asked !== null) {
          const n = Number(asked[1] ?? 1) * Number(asked[2])
          return batchOf(
            statement,
            within(statement).filter((_, index) => (index + 1) % n === 0),
          )
        }
        const until = statement.parameters.slice(0, positionLength)
        const keys = statement.parameters.slice(positionLength)
        const found = keys.flatMap((key) => rows.get(Number(key)) ?? [])
        return batchOf(statement, found, until)
      },
      async *stream(statement: OrderedStatement, signal: AbortSignal) {
        // What a database shows to one statement does not change while it is read.
        const snapshot = within(statement)
        for (let start = 0; start < snapshot.length; start += batchRows) {
          await beforeBatch?.(start / batchRows)
          signal.throwIfAborted()
          read += 1
          yield batchOf(statement, snapshot.slice(start, start + batchRows))
        }
      },
      close: async () => {},
    }),
  }
}

function batchOf({ columns }: Statement, rows: readonly Row[], until?: Position): RecordBatch {
  return {
    length: rows.length,
    columns: columns.map(({ name }) => rows.map((row) => cellOf(row, name, until))),
  }
}

function cellOf(row: Row, column: string, until: Position = []): AttributeValue {
  switch (column) {
    case 'id':
    case 'changed':
    case 'user':
    case 'value':
      return row[column]
    case 'segment':
      return row.segment ?? null
    case 'p0':
      return String(row.changed)
    case 'p1':
      return String(row.id)
    case 'is_within':
      return comparePositions(positionOf(row), until) <= 0 ? 1 : 0
    default:
      throw new Error(`There is no column ${column}.`)
  }
}
