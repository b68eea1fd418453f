/** Which columns can serve as key and cursor: what is missing, of the wrong type, or not comparable at its source. */

import type { SourceColumn } from '@sluice/connector-sdk'
import duckdb from '@sluice/source-duckdb'
import postgres from '@sluice/source-postgres'
import { expect, it } from 'vitest'
import { sourceDefaults } from '../../engine/documents.ts'
import { columnIssues } from './column-issues.ts'
import type { SourceDraft } from './rules.ts'

const draft: SourceDraft = {
  ...{ name: 'Customers', query: null, queryBefore: null },
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

it.each<[SourceDraft['cursorMode'], string | null, string | null, readonly string[]]>([
  ['INCREMENTING', null, 'id', []],
  ['INCREMENTING', 'changed_at', null, ['timestampColumn not_applicable', 'incrementColumn required']],
  ['TIMESTAMP', 'changed_at', null, []],
  ['TIMESTAMP', null, 'id', ['timestampColumn required', 'incrementColumn not_applicable']],
  ['TIMESTAMP_INCREMENTING', 'changed_at', 'id', []],
  ['TIMESTAMP_INCREMENTING', null, null, ['timestampColumn required', 'incrementColumn required']],
  ['FULL_RESYNC', 'changed_at', null, []],
  ['FULL_RESYNC', null, 'id', []],
  ['FULL_RESYNC', 'changed_at', 'id', []],
  ['FULL_RESYNC', null, null, ['incrementColumn required']],
])(
  '%s needs its cursor columns and no others: %s, %s',
  (cursorMode, timestampColumn, incrementColumn, found) => {
    const wanted = { ...draft, cursorMode, timestampColumn, incrementColumn }
    const issues = columnIssues(wanted, [changedAt, id('text')], postgres.dialect)
    expect(issues.map(({ code, path }) => `${path[0]} ${code}`)).toEqual(found)
  },
)
