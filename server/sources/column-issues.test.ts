/** Which columns can serve as key and cursor: what is missing, of the wrong type, or not comparable at its source. */
import { sourceDefaults } from '../../engine/documents.ts'
import type { SourceColumn } from '@sluice/connector-sdk'
import duckdb from '@sluice/source-duckdb'
import postgres from '@sluice/source-postgres'
import { expect, it } from 'vitest'
import { columnIssues } from './column-issues.ts'
import type { SourceDraft } from './rules.ts'

const draft: SourceDraft = {
  ...{ name: 'Customers', type: 'any', table: null, tableBefore: null },
  ...{ keyColumns: ['id'], cursorMode: 'TIMESTAMP_INCREMENTING', timestampColumn: 'changed_at' },
  ...{ incrementColumn: 'id', timeZone: 'UTC', settleMs: 0, pollIntervalMs: 60_000 },
  ...sourceDefaults,
}
const changedAt: SourceColumn = {
  ...{ name: 'changed_at', type: 'date', nativeType: 'date', nullable: false },
}
const id = (nativeType: string): SourceColumn => ({ name: 'id', type: 'string', nativeType, nullable: false })

it('columns that can be compared have nothing wrong', () => {
  expect(columnIssues(draft, [changedAt, id('text')], postgres.dialect)).toEqual([])
})

it.each([
  [postgres.dialect, 'date', 'citext'],
  [postgres.dialect, 'date', 'money'],
  [duckdb.dialect, 'DATE', 'INTEGER[]'],
])('a key that its source cannot compare is found before the first poll: %#', (dialect, date, nativeType) => {
  const issues = columnIssues(draft, [{ ...changedAt, nativeType: date }, id(nativeType)], dialect)
  expect(issues.map(({ code, path }) => [code, path])).toEqual([
    ['column_type', ['keyColumns', 0]],
    ['column_type', ['incrementColumn']],
  ])
  expect(issues[0]?.message).toContain(nativeType)
})
