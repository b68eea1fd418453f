/** What a live source says of a query: its columns, or everything that is wrong with it. */
import { type SourceColumn, type SourceConnection, SourceError } from '@sluice/connector-sdk'
import type { Query, TableQuery } from '../../engine/documents.ts'
import { suggestion } from '../../engine/rules/nearest-name.ts'
import { issuesOf } from '../problems/issues.ts'
import type { Issue } from '../problems/rules.ts'
import { sqlQuerySchema, tableQuerySchema } from './rules.ts'

/** The columns that a query gives now. */
export async function describeColumns(
  connection: SourceConnection,
  query: Query,
): Promise<readonly SourceColumn[]> {
  if (query.kind === 'sql') return connection.describeSql(query.sql)
  return chosenColumns(query, await connection.describe(query))
}

/** The columns that a query gives now; fails where its condition does not hold any more for the table. */
export async function describeQuery(
  connection: SourceConnection,
  query: Query,
): Promise<readonly SourceColumn[]> {
  if (query.kind === 'table' && query.where !== undefined) {
    await connection.checkCondition(query, query.where)
  }
  return describeColumns(connection, query)
}

export type DescribedQuery =
  | { readonly ok: true; readonly columns: readonly SourceColumn[] }
  | { readonly ok: false; readonly issues: readonly Issue[] }

/** As someone wants it: what is wrong with the text that they wrote is told where it stands in the input. */
export async function admitQuery(connection: SourceConnection, query: Query): Promise<DescribedQuery> {
  if (query.kind === 'sql') {
    const described = await orIssue(connection.describeSql(query.sql), ['query', 'sql'])
    if (!described.ok) return { ok: false, issues: [described.issue] }
    const twice = duplicateIssues(described.value)
    return twice.length > 0 ? { ok: false, issues: twice } : { ok: true, columns: described.value }
  }
  const columns = await connection.describe(query)
  const { where } = query
  const checked =
    where === undefined
      ? undefined
      : await orIssue(connection.checkCondition(query, where), ['query', 'table', 'where'])
  const issues = [
    ...unknownColumns(query, columns),
    ...(checked === undefined || checked.ok ? [] : [checked.issue]),
  ]
  return issues.length > 0 ? { ok: false, issues } : { ok: true, columns: chosenColumns(query, columns) }
}

/** The part that needs no source to be checked. */
export function queryIssues(query: Query): readonly Issue[] {
  return query.kind === 'sql'
    ? issuesOf(sqlQuerySchema.safeParse(query).error?.issues ?? [], ['query'])
    : issuesOf(tableQuerySchema.safeParse(query).error?.issues ?? [], ['query', 'table'])
}

type Answer<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly issue: Issue }

async function orIssue<Value>(answer: Promise<Value>, path: Issue['path']): Promise<Answer<Value>> {
  try {
    return { ok: true, value: await answer }
  } catch (error) {
    const isOfText =
      error instanceof SourceError && (error.code === 'bad_query' || error.code === 'not_allowed')
    if (!isOfText) throw error
    const { code, message, place } = error
    return { ok: false, issue: { path, code, message, ...place } }
  }
}

function chosenColumns({ columns: names }: TableQuery, columns: readonly SourceColumn[]) {
  return names === undefined ? columns : columns.filter(({ name }) => names.includes(name))
}

function unknownColumns(
  { columns: names = [], name: table }: TableQuery,
  columns: readonly SourceColumn[],
): readonly Issue[] {
  const known = columns.map(({ name }) => name)
  return names.flatMap((name, index) => {
    if (known.includes(name)) return []
    const message = `The table "${table}" has no column "${name}". ${suggestion(name, known)}`
    return [{ path: ['query', 'table', 'columns', index], code: 'unknown_column', message }]
  })
}

/** A column is known by its name from here on. */
function duplicateIssues(columns: readonly SourceColumn[]): readonly Issue[] {
  const names = columns.map(({ name }) => name)
  const twice = [...new Set(names.filter((name, index) => names.indexOf(name) !== index))]
  return twice.map((name) => ({
    path: ['query', 'sql'],
    code: 'duplicate_column',
    message: `The query gives several columns named "${name}". Give each a name of its own with AS.`,
  }))
}
