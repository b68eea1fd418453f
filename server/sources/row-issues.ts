/** Whether the rows of a source have usable keys and cursors: counts and column names, never values. */

import type { Dialect, SourceConnection } from '@sluice/connector-sdk'
import type { SourceDocument } from '../../engine/documents.ts'
import { cursorColumns } from '../../engine/reading/position.ts'
import { checkStatement } from '../../engine/reading/statements.ts'
import type { Issue } from '../problems/rules.ts'

interface Checked {
  /** Which of the two can be asked about: a column that does not exist cannot. */
  readonly key: boolean
  readonly cursor: boolean
}

export async function rowIssues(
  connection: SourceConnection,
  dialect: Dialect,
  source: SourceDocument,
  checked: Checked,
): Promise<readonly Issue[]> {
  const batch = await connection.query(checkStatement(source, dialect))
  const [rows = 0, nullKeys = 0, duplicateKeys = 0, nullCursors = 0] = batch.columns.map((column) =>
    Number(column[0] ?? 0),
  )
  const key = quoted(source.keyColumns)
  const cursor = quoted(cursorColumns(source))
  const issues: Issue[] = []
  if (checked.key && nullKeys > 0) {
    issues.push({
      path: ['keyColumns'],
      code: 'key_null',
      message: `${nullKeys} of ${rows} rows have no value in the key ${key}. Choose columns that every row fills.`,
    })
  }
  if (checked.key && duplicateKeys > 0) {
    issues.push({
      path: ['keyColumns'],
      code: 'key_not_unique',
      message: `The key ${key} is not unique: ${duplicateKeys} of ${rows} rows repeat the key of another row. Choose columns that tell every row apart, or add one.`,
    })
  }
  if (checked.cursor && nullCursors > 0) {
    issues.push({
      path: [source.timestampColumn === null ? 'incrementColumn' : 'timestampColumn'],
      code: 'cursor_null',
      message: `${nullCursors} of ${rows} rows have no value in the cursor ${cursor}: they would never be read. Choose columns that every row fills.`,
    })
  }
  return issues
}

function quoted(names: readonly string[]): string {
  return names.map((name) => `"${name}"`).join(', ')
}
