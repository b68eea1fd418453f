/** Looks at a live source with a draft in hand: the table, its columns, and everything that does not fit. */
import type { Dialect, SourceColumn, SourceConnection, SourceTable } from '@sluice/connector-sdk'
import type { SourceDocument } from '../../engine/documents.ts'
import { cursorColumns } from '../../engine/reading/position.ts'
import type { Issue } from '../problems/rules.ts'
import { columnIssues } from './column-issues.ts'
import { rowIssues } from './row-issues.ts'
import type { SourceDraft } from './rules.ts'
import { chooseTable } from './table-choice.ts'

export type Inspection =
  | { readonly ok: true; readonly table: SourceTable; readonly columns: readonly SourceColumn[] }
  | { readonly ok: false; readonly issues: readonly Issue[] }

export async function inspectSource(
  connection: SourceConnection,
  dialect: Dialect,
  draft: SourceDraft,
): Promise<Inspection> {
  const choice = chooseTable(await connection.listTables(), draft.table, draft.tableBefore)
  if (!choice.ok) return { ok: false, issues: [choice.issue] }
  const { table } = choice
  const columns = await connection.describe(table)
  const issues = columnIssues(draft, columns, dialect)
  const inRows = await issuesInRows(connection, dialect, draft, table, columns, issues)
  const all = [...issues, ...inRows]
  return all.length === 0 ? { ok: true, table, columns } : { ok: false, issues: all }
}

/** What the rows tell, about the part of the draft whose columns exist. */
async function issuesInRows(
  connection: SourceConnection,
  dialect: Dialect,
  draft: SourceDraft,
  table: SourceTable,
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
    settings: {},
    ...draft,
    // The statement asks nothing about time.
    schedule: { kind: 'CONTINUOUS' },
    table,
    columns: [...columns],
    // The statement asks about both; in place of the unsound one stands the other, and its counts are ignored.
    keyColumns: key ? [...draft.keyColumns] : [anyCursor],
    timestampColumn: cursor ? draft.timestampColumn : null,
    incrementColumn: cursor ? draft.incrementColumn : (anyKey ?? draft.incrementColumn),
  }
  return rowIssues(connection, dialect, source, { key, cursor })
}
