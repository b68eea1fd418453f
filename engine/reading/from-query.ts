/** What statements read FROM: the table by its name, or what a person wrote, as a derived table. */
import type { Dialect, SourceTable } from '@sluice/connector-sdk'
import type { SourceDocument } from '../documents.ts'
import { nameInSource } from './columns.ts'

/** The part of a source that says what is read. */
export type QueriedSource = Pick<SourceDocument, 'columns' | 'query'>

/**
 * Columns bear the names of their attributes. Databases see through the renaming: they find ranges by indexes, and
 * read no column that is not asked for.
 */
export function fromQuery(source: QueriedSource, dialect: Dialect): string {
  const { columns, query } = source
  const isNamed = columns.some(({ column }) => column !== undefined)
  const isPlain = query.kind === 'table' && query.where === undefined
  const from = isPlain ? tableOf(query, dialect) : `${derived(source, dialect)} AS queried`
  if (!isNamed) return from
  // With the table before each name: some databases would take another column's new name for it.
  const named = columns.map((column) => {
    return `queried.${dialect.quote(nameInSource(column))} AS ${dialect.quote(column.name)}`
  })
  return `(SELECT ${named.join(', ')} FROM ${isPlain ? `${from} AS queried` : from}) AS named`
}

/**
 * The line break keeps a comment at the end of a person's text from swallowing what follows. That the text closes no
 * bracket that it has not opened was found when it was saved: by itself it is one SELECT, or one condition.
 */
function derived({ columns, query }: QueriedSource, dialect: Dialect): string {
  if (query.kind === 'sql') return `(${query.sql}\n)`
  const selected = columns.map((column) => dialect.quote(nameInSource(column))).join(', ')
  return `(SELECT ${selected} FROM ${tableOf(query, dialect)} WHERE (${query.where}\n))`
}

function tableOf({ schema, name }: SourceTable, dialect: Dialect): string {
  const quoted = dialect.quote(name)
  return schema === undefined ? quoted : `${dialect.quote(schema)}.${quoted}`
}
