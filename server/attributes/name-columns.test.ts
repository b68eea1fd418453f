/** Which attribute a column feeds, and what cannot be. */
import type { SourceColumn } from '@sluice/connector-sdk'
import { expect, it } from 'vitest'
import { nameColumns } from './name-columns.ts'
import type { ColumnAttribute, NamedColumns } from './rules.ts'

const column = (name: string): SourceColumn => ({ name, type: 'string', nativeType: 'text', nullable: false })
const nothing: NamedColumns = { columns: [], ignoredColumns: [] }

function named(names: readonly string[], given: readonly ColumnAttribute[] = [], before = nothing) {
  const { columns, ignoredColumns, issues } = nameColumns(names.map(column), {
    ...{ given, before, needed: ['id'] },
  })
  return {
    feeds: columns.map((each) => [each.column ?? each.name, each.name]),
    ignored: ignoredColumns,
    issues: issues.map(({ path, code }) => [path.join('.'), code]),
    before: { columns, ignoredColumns },
  }
}

it('columns feed attributes of their own names, unless somebody says otherwise', () => {
  const given = [
    { column: 'mail', attribute: 'email' },
    { column: 'noise', attribute: null },
  ]
  const { feeds, ignored, issues, before } = named(['id', 'mail', 'noise'], given)
  expect({ feeds, ignored, issues }).toEqual({
    ...{ ignored: ['noise'], issues: [] },
    feeds: [
      ['id', 'id'],
      ['mail', 'email'],
    ],
  })
  const later = named(['id', 'mail', 'noise', 'new'], [], before)
  expect(later.feeds.at(-1)).toEqual(['new', 'new'])
  expect(later.feeds[1]).toEqual(['mail', 'email'])
  expect(later.ignored).toEqual(['noise'])
  expect(named(['id', 'noise'], [{ column: 'noise', attribute: 'noise' }], before).ignored).toEqual([])
})

it('columns may exchange their names', () => {
  const given = [
    { column: 'a', attribute: 'b' },
    { column: 'b', attribute: 'a' },
  ]
  expect(named(['id', 'a', 'b'], given).issues).toEqual([])
})

it('says all that is wrong, each where it was given', () => {
  const long = 'x'.repeat(63)
  const given = [
    { column: 'id', attribute: null },
    { column: 'nope', attribute: 'x' },
    { column: 'mail', attribute: 'Country' },
    { column: 'mail', attribute: 'again' },
    { column: 'a', attribute: `${long}1` },
    { column: 'b', attribute: '' },
  ]
  expect(named(['id', 'mail', 'country', 'a', `${long}2`, 'b'], given).issues).toEqual([
    ['attributes.1.column', 'unknown_column'],
    ['attributes.3.column', 'duplicate_column'],
    ['attributes.0.attribute', 'column_needed'],
    ['attributes.4.attribute', 'duplicate_attribute'],
    ['attributes.5.attribute', 'too_small'],
  ])
})

it('a database that tells names by case has columns that do', () => {
  expect(named(['id', 'Mail', 'mail']).issues).toEqual([])
  expect(named(['id', 'Mail', 'other'], [{ column: 'other', attribute: 'mail' }]).issues).toEqual([
    ['attributes.0.attribute', 'duplicate_attribute'],
  ])
})
