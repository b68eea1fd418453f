/** Columns that came, went and changed their type, and which of that stops a source. */
import type { AttributeType, SourceColumn } from '@sluice/connector-sdk'
import { describe, expect, it } from 'vitest'
import { brokenColumns, columnChanges } from './column-changes.ts'

const column = (name: string, type: AttributeType, nativeType: string): SourceColumn => ({
  ...{ name, type, nativeType, nullable: true },
})
const id = column('id', 'number', 'BIGINT')
const age = column('age', 'number', 'INTEGER')
const note = column('note', 'string', 'VARCHAR')
const before = [id, age, note]
const read = { order: ['id'], attributes: ['age'] }

describe('a source whose columns', () => {
  it('are as they were has no changes, whether or not they may be empty', () => {
    const now = before.map((each) => ({ ...each, nullable: false }))
    expect(columnChanges(before, now)).toEqual([])
    expect(brokenColumns(before, now, read)).toBeNull()
  })

  it('are renamed has one that is missing and one that was added', () => {
    expect(columnChanges(before, [id, age, column('remark', 'string', 'VARCHAR')])).toEqual([
      { kind: 'MISSING', column: 'note', before: 'VARCHAR', now: null },
      { kind: 'ADDED', column: 'remark', before: null, now: 'VARCHAR' },
    ])
  })

  it.each([
    ['one that nobody reads is gone', [id, age], 'MISSING', null],
    ['one that is read is gone', [id, note], 'MISSING', 'column_missing'],
    ['the key is gone', [age, note], 'MISSING', 'column_missing'],
    ['one is new', [...before, column('x', 'date', 'DATE')], 'ADDED', null],
    ['a number that is read is wider', [id, column('age', 'number', 'DOUBLE'), note], 'RETYPED', null],
    [
      'a number that is read is text',
      [id, column('age', 'string', 'VARCHAR'), note],
      'RETYPED',
      'column_changed',
    ],
    ['what nobody reads is another kind', [id, age, column('note', 'date', 'DATE')], 'RETYPED', null],
    ['the key is wider', [column('id', 'number', 'HUGEINT'), age, note], 'RETYPED', 'column_changed'],
  ])('changed so that %s', (_, now, kind, broken) => {
    expect(columnChanges(before, now).map((change) => change.kind)).toEqual([kind])
    expect(brokenColumns(before, now, read)).toBe(broken)
  })
})
