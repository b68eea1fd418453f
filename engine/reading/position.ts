/** Where a lane stands in its source: the values that order change, as the database's own text. */
import type { SourceColumn } from '@sluice/connector-sdk'
import { z } from '@sluice/connector-sdk'
import type { SourceDocument } from '../documents.ts'

/**
 * A place in the order of change: cursor values, then key values, each the database's own exact text. They
 * are compared only in SQL: a JavaScript Date would cut microseconds.
 */
export type Position = readonly string[]

/** The part of a source between two places: after (exclusive; null is the beginning) and until (inclusive). */
export interface Stretch {
  readonly after: Position | null
  readonly until: Position
}

export const positionSchema = z.array(z.string()).min(1)

/** Whether two positions are the same text. Their order only the database knows. */
export function isSamePosition(a: Position, b: Position): boolean {
  return a.length === b.length && a.every((value, index) => value === b[index])
}

/** The columns that order change, without the key that tells equal ones apart. */
export function cursorColumns({
  incrementColumn,
  timestampColumn,
}: Pick<SourceDocument, 'incrementColumn' | 'timestampColumn'>): readonly string[] {
  return [timestampColumn, incrementColumn].filter((name) => name !== null)
}

/** The columns that order rows: cursor first, then the key columns that are not part of it. */
export function orderColumns(source: SourceDocument): readonly SourceColumn[] {
  const cursor = cursorColumns(source)
  const names = [...cursor, ...source.keyColumns.filter((name) => !cursor.includes(name))]
  return names.map((name) => columnNamed(source, name))
}

/** The values of the key columns within a position. */
export function keyOf(source: SourceDocument, position: Position): readonly string[] {
  const order = orderColumns(source)
  return source.keyColumns.map((name) => position[order.findIndex((column) => column.name === name)] ?? '')
}

export function columnNamed(source: Pick<SourceDocument, 'name' | 'columns'>, name: string): SourceColumn {
  const column = source.columns.find((each) => each.name === name)
  if (column === undefined) throw new UnknownColumnError(source.name, name)
  return column
}

/** A configuration names a column that the source does not have. Publishing checks this; a worker trusts it. */
export class UnknownColumnError extends Error {
  override readonly name = 'UnknownColumnError'
  readonly code = 'unknown_column'
  constructor(source: string, column: string) {
    super(`The data source "${source}" has no column "${column}". Check the source again and publish.`)
  }
}
