/** Looks at a live source with a draft in hand: the query, its columns, and everything that does not fit. */
import type { Dialect, SourceColumn, SourceConnection } from '@sluice/connector-sdk'
import type { Query, SourceDocument } from '../../engine/documents.ts'
import { cursorColumns } from '../../engine/reading/position.ts'
import type { Issue } from '../problems/rules.ts'
import { columnIssues } from './column-issues.ts'
import { admitQuery, queryIssues } from './describe-query.ts'
import { rowIssues } from './row-issues.ts'
import type { SourceDraft } from './rules.ts'
import { chooseTable } from './table-choice.ts'

export type Inspection =
  | { readonly ok: true; readonly query: Query; readonly columns: readonly SourceColumn[] }
  | { readonly ok: false; readonly issues: readonly Issue[] }

export async function inspectSource(
  connection: SourceConnection,
  dialect: Dialect,
  draft: SourceDraft,
): Promise<Inspection> {
  const ranges = draft.query === null ? [] : queryIssues(draft.query)
  if (ranges.length > 0) return { ok: false, issues: ranges }
  const chosen = await chooseQuery(connection, draft)
  if (!chosen.ok) return chosen
  const { query } = chosen
  const described = await admitQuery(connection, query)
  if (!described.ok) return described
  const { columns } = described
  const issues = columnIssues(draft, columns, dialect)
  const inRows = await issuesInRows(connection, dialect, draft, query, columns, issues)
  const all = [...issues, ...inRows]
  return all.length === 0 ? { ok: true, query, columns } : { ok: false, issues: all }
}

type ChosenQuery =
  | { readonly ok: true; readonly query: Query }
  | { readonly ok: false; readonly issues: readonly Issue[] }

/** A table is found among those that there are, with its schema; what else is wanted of it stays. */
async function chooseQuery(
  connection: SourceConnection,
  { query, queryBefore }: Pick<SourceDraft, 'query' | 'queryBefore'>,
): Promise<ChosenQuery> {
  const wanted = query ?? queryBefore
  if (wanted?.kind === 'sql') return { ok: true, query: wanted }
  const before = queryBefore?.kind === 'table' ? queryBefore : null
  const tables = await connection.listTables()
  const choice = chooseTable(tables, query === null ? null : wanted, before)
  return choice.ok
    ? { ok: true, query: { ...wanted, kind: 'table', ...choice.table } }
    : { ok: false, issues: [choice.issue] }
}

/** What the rows tell, about the part of the draft whose columns exist. */
async function issuesInRows(
  connection: SourceConnection,
  dialect: Dialect,
  draft: SourceDraft,
  query: Query,
  columns: readonly SourceColumn[],
  found: readonly Issue[],
): Promise<readonly Issue[]> {
  const isSound = (field: string) => found.every(({ path }) => path[0] !== field)
  const key = draft.keyColumns.length > 0 && isSound('keyColumns')
  const cursor = cursorColumns(draft).length > 0 && isSound('timestampColumn') && isSound('incrementColumn')
  const [anyKey] = draft.keyColumns
  if (!key && !cursor) return []
  const [anyCursor = ''] = cursorColumns(draft)
  const source: SourceDocument = {
    id: '',
    connectionId: '',
    ...draft,
    // The statement asks nothing about time.
    schedule: { kind: 'CONTINUOUS' },
    query,
    columns: [...columns],
    // The statement asks about both; in place of the unsound one stands the other, and its counts are ignored.
    keyColumns: key ? [...draft.keyColumns] : [anyCursor],
    timestampColumn: cursor ? draft.timestampColumn : null,
    incrementColumn: cursor ? draft.incrementColumn : (anyKey ?? draft.incrementColumn),
  }
  return rowIssues(connection, dialect, source, { key, cursor })
}
