/** What statements read FROM: the table by its name, or what a person wrote, as a derived table. */
import type { Dialect, SourceTable } from '@sluice/connector-sdk'
import type { SourceDocument } from '../documents.ts'

/** The part of a source that says what is read. */
export type QueriedSource = Pick<SourceDocument, 'columns' | 'query'>

/**
 * The line break keeps a comment at the end of a person's text from swallowing what follows. That the text closes no
 * bracket that it has not opened was found when it was saved: by itself it is one SELECT, or one condition.
 */
export function fromQuery({ columns, query }: QueriedSource, dialect: Dialect): string {
  if (query.kind === 'sql') return `(${query.sql}\n) AS queried`
  const table = tableOf(query, dialect)
  if (query.where === undefined) return table
  const selected = columns.map(({ name }) => dialect.quote(name)).join(', ')
  return `(SELECT ${selected} FROM ${table} WHERE (${query.where}\n)) AS queried`
}

function tableOf({ schema, name }: SourceTable, dialect: Dialect): string {
  const quoted = dialect.quote(name)
  return schema === undefined ? quoted : `${dialect.quote(schema)}.${quoted}`
}
