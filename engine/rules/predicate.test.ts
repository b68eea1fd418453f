/** What every operator means for every kind of value, null above all. */
import { type AttributeType, type AttributeValue, Decimal } from '@sluice/connector-sdk'
import { describe, expect, it } from 'vitest'
import { conditionsSchema } from './conditions.ts'
import { compilePredicate } from './predicate.ts'

type Row = readonly [
  type: AttributeType,
  operator: string,
  wanted: unknown,
  value: AttributeValue,
  is: boolean,
]

const noon = '2024-01-01T12:00:00Z'
const noonMs = Date.parse(noon)

const table: readonly Row[] = [
  ['string', 'equals', 'a', 'a', true],
  ['string', 'equals', 'a', 'A', false],
  ['string', 'equals', 'a', 'a ', false],
  ['string', 'equals', 'é', 'e\u0301', false],
  ['string', 'equals', '', '', true],
  ['string', 'equals', 'a', null, false],
  ['string', 'notEquals', 'a', 'a', false],
  ['string', 'notEquals', 'a', 'A', true],
  ['string', 'notEquals', 'a', null, true],
  ['number', 'equals', 1, 1, true],
  ['number', 'equals', 1, 1n, true],
  ['number', 'equals', 1.5, new Decimal('1.50'), true],
  ['number', 'equals', 0, -0, true],
  ['number', 'equals', 9007199254740992, 9007199254740993n, true],
  ['number', 'equals', 1, '1', false],
  ['number', 'equals', 1, Number.NaN, false],
  ['number', 'equals', 1, null, false],
  ['number', 'notEquals', 1, 2, true],
  ['number', 'notEquals', 1, 1n, false],
  ['number', 'notEquals', 1, Number.NaN, true],
  ['number', 'notEquals', 1, null, true],
  ['number', 'lessThan', 2, 1, true],
  ['number', 'lessThan', 2, 2, false],
  ['number', 'lessThan', 2, 1n, true],
  ['number', 'lessThan', 2, new Decimal('1.99'), true],
  ['number', 'lessThan', 2, Number.NEGATIVE_INFINITY, true],
  ['number', 'lessThan', 2, Number.NaN, false],
  ['number', 'lessThan', 2, null, false],
  ['number', 'lessThanOrEqual', 2, 2, true],
  ['number', 'lessThanOrEqual', 2, 3, false],
  ['number', 'lessThanOrEqual', 2, Number.NaN, false],
  ['number', 'lessThanOrEqual', 2, null, false],
  ['number', 'greaterThan', -1, 0, true],
  ['number', 'greaterThan', 2, 2, false],
  ['number', 'greaterThan', 2, new Decimal('2.01'), true],
  ['number', 'greaterThan', 2, Number.NaN, false],
  ['number', 'greaterThan', -1, null, false],
  ['number', 'greaterThanOrEqual', 2, 2n, true],
  ['number', 'greaterThanOrEqual', 2, 1, false],
  ['number', 'greaterThanOrEqual', 2, Number.NaN, false],
  ['number', 'greaterThanOrEqual', 0, null, false],
  ['string', 'contains', 'b', 'abc', true],
  ['string', 'contains', 'B', 'abc', false],
  ['string', 'contains', '%', 'abc', false],
  ['string', 'contains', '😀', 'a😀', true],
  ['string', 'contains', 'b', null, false],
  ['string', 'notContains', 'b', 'abc', false],
  ['string', 'notContains', 'x', 'abc', true],
  ['string', 'notContains', 'b', null, true],
  ['string', 'startsWith', 'ab', 'abc', true],
  ['string', 'startsWith', 'bc', 'abc', false],
  ['string', 'startsWith', 'a', null, false],
  ['string', 'endsWith', 'bc', 'abc', true],
  ['string', 'endsWith', 'ab', 'abc', false],
  ['string', 'endsWith', 'a', null, false],
  ['boolean', 'isTrue', undefined, true, true],
  ['boolean', 'isTrue', undefined, false, false],
  ['boolean', 'isTrue', undefined, null, false],
  ['boolean', 'isFalse', undefined, false, true],
  ['boolean', 'isFalse', undefined, true, false],
  ['boolean', 'isFalse', undefined, null, false],
  ['date', 'before', noon, new Date(noonMs - 1), true],
  ['date', 'before', noon, new Date(noonMs), false],
  ['date', 'before', '2024-01-02', new Date('2024-01-01T23:59:59.999Z'), true],
  ['date', 'before', '2024-01-01T13:00:00+01:00', new Date(noonMs), false],
  ['date', 'before', noon, new Date(Number.NaN), false],
  ['date', 'before', noon, null, false],
  ['date', 'after', noon, new Date(noonMs + 1), true],
  ['date', 'after', noon, new Date(noonMs), false],
  ['date', 'after', noon, new Date(Number.NaN), false],
  ['date', 'after', noon, null, false],
  ['string', 'isAssigned', undefined, '', true],
  ['number', 'isAssigned', undefined, Number.NaN, true],
  ['boolean', 'isAssigned', undefined, false, true],
  ['date', 'isAssigned', undefined, new Date(0), true],
  ['stringArray', 'isAssigned', undefined, [], true],
  ['numberArray', 'isAssigned', undefined, [null], true],
  ['booleanArray', 'isAssigned', undefined, null, false],
  ['string', 'isNotAssigned', undefined, '', false],
  ['number', 'isNotAssigned', undefined, 0, false],
  ['boolean', 'isNotAssigned', undefined, null, true],
  ['date', 'isNotAssigned', undefined, null, true],
  ['stringArray', 'isNotAssigned', undefined, [], false],
  ['numberArray', 'isNotAssigned', undefined, null, true],
]

describe('compilePredicate', () => {
  it.each(table)('on %s: %s %s is asked of %s, the answer is %s', (type, operator, value, cell, is) => {
    const condition = { attribute: 'x', operator, ...(value === undefined ? {} : { value }) }
    const conditions = conditionsSchema.parse({ any: [{ all: [condition] }] })
    // The second row is asked, of the second column: indexes must not be mixed up.
    const columns = [
      { name: 'other', type: 'string' as const },
      { name: 'x', type },
    ]
    expect(
      compilePredicate(conditions, columns)(
        [
          [null, null],
          [null, cell],
        ],
        1,
      ),
    ).toBe(is)
  })

  it('joins the conditions of a group by AND and groups by OR', () => {
    const is = (attribute: string) => ({ attribute, operator: 'isTrue' })
    const conditions = conditionsSchema.parse({ any: [{ all: [is('a'), is('b')] }, { all: [is('c')] }] })
    const predicate = compilePredicate(
      conditions,
      ['a', 'b', 'c'].map((name) => ({ name, type: 'boolean' })),
    )
    const rows = [
      [true, true, true, false, false],
      [true, false, false, false, true],
      [false, false, true, true, false],
    ]
    expect(rows[0]?.map((_, row) => predicate(rows, row))).toEqual([true, false, true, true, false])
  })

  it('lets every row through when nothing is asked', () => {
    expect(compilePredicate({ any: [] }, [])([], 7)).toBe(true)
  })
})
