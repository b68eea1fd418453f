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
/** The end of a February with a leap day. */
const now = Date.parse('2024-02-29T12:00:00Z')
const at = (text: string) => new Date(text)

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
  ['string', 'isEmpty', undefined, '', true],
  ['string', 'isEmpty', undefined, null, true],
  ['string', 'isEmpty', undefined, ' ', false],
  ['string', 'isNotEmpty', undefined, 'a', true],
  ['string', 'isNotEmpty', undefined, '', false],
  ['string', 'isNotEmpty', undefined, null, false],
  ['stringArray', 'isEmpty', undefined, [], true],
  ['stringArray', 'isEmpty', undefined, [''], false],
  ['numberArray', 'isNotEmpty', undefined, [null], true],
  ['booleanArray', 'isNotEmpty', undefined, null, false],
  ['string', 'matches', 'b+c', 'abbcd', true],
  ['string', 'matches', '^b', 'abc', false],
  ['string', 'matches', '^b', 'a\nb', false],
  ['string', 'matches', 'A', 'a', false],
  ['string', 'matches', '.*', null, false],
  ['stringArray', 'containsItem', 'a', ['b', 'a'], true],
  ['stringArray', 'containsItem', 'a', ['ab', null], false],
  ['stringArray', 'containsItem', 'a', null, false],
  ['stringArray', 'notContainsItem', 'a', ['ab'], true],
  ['stringArray', 'notContainsItem', 'a', ['a'], false],
  ['stringArray', 'notContainsItem', 'a', null, true],
  ['numberArray', 'containsItem', 1, [2n, 1n], true],
  ['numberArray', 'containsItem', 1.5, [new Decimal('1.50')], true],
  ['numberArray', 'containsItem', 1, [Number.NaN, null], false],
  ['booleanArray', 'containsItem', false, [true, false], true],
  ['booleanArray', 'containsItem', false, [true, null], false],
  ['stringArray', 'itemContains', 'b', ['x', 'abc'], true],
  ['stringArray', 'itemContains', 'b', ['x', null], false],
  ['stringArray', 'itemContains', 'b', [], false],
  ['stringArray', 'noItemContains', 'b', ['abc'], false],
  ['stringArray', 'noItemContains', 'b', [null], true],
  ['stringArray', 'noItemContains', 'b', null, true],
  ['stringArray', 'itemStartsWith', 'a', ['x', 'ab'], true],
  ['stringArray', 'itemStartsWith', 'a', ['ba'], false],
  ['stringArray', 'itemEndsWith', 'a', ['ba'], true],
  ['stringArray', 'itemEndsWith', 'a', ['ab', null], false],
  ['booleanArray', 'containsOnly', true, [true, true], true],
  ['booleanArray', 'containsOnly', true, [true, false], false],
  ['booleanArray', 'containsOnly', true, [true, null], false],
  ['booleanArray', 'containsOnly', true, [], false],
  ['booleanArray', 'containsOnly', true, null, false],
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
  ['date', 'onOrBefore', noon, new Date(noonMs), true],
  ['date', 'onOrBefore', noon, new Date(noonMs + 1), false],
  ['date', 'onOrBefore', noon, null, false],
  ['date', 'onOrAfter', noon, new Date(noonMs), true],
  ['date', 'onOrAfter', noon, new Date(noonMs - 1), false],
  ['date', 'onOrAfter', noon, null, false],
  ['date', 'after', { kind: 'now', amount: -1, unit: 'days' }, at('2024-02-28T12:00:00.001Z'), true],
  ['date', 'after', { kind: 'now', amount: -1, unit: 'days' }, at('2024-02-28T12:00:00Z'), false],
  ['date', 'before', { kind: 'now', amount: 0, unit: 'seconds' }, at('2024-02-29T11:59:59.999Z'), true],
  ['date', 'onOrBefore', { kind: 'now', amount: 90, unit: 'seconds' }, at('2024-02-29T12:01:30Z'), true],
  ['date', 'onOrBefore', { kind: 'now', amount: 90, unit: 'seconds' }, at('2024-02-29T12:01:31Z'), false],
  ['date', 'onOrAfter', { kind: 'now', amount: -12, unit: 'months' }, at('2023-02-28T11:59:59.999Z'), false],
  ['date', 'onOrAfter', { kind: 'now', amount: -12, unit: 'months' }, at('2023-02-28T12:00:00Z'), true],
  ['date', 'after', { kind: 'now', amount: -1, unit: 'days' }, null, false],
  ['date', 'occurredLessThanAgo', { amount: 2, unit: 'hours' }, at('2024-02-29T10:00:00.001Z'), true],
  ['date', 'occurredLessThanAgo', { amount: 2, unit: 'hours' }, at('2024-02-29T10:00:00Z'), false],
  ['date', 'occurredLessThanAgo', { amount: 2, unit: 'hours' }, at('2024-02-29T12:00:00Z'), true],
  ['date', 'occurredLessThanAgo', { amount: 2, unit: 'hours' }, at('2024-02-29T12:00:00.001Z'), false],
  ['date', 'occurredLessThanAgo', { amount: 2, unit: 'hours' }, null, false],
  ['date', 'occurredMoreThanAgo', { amount: 1, unit: 'weeks' }, at('2024-02-22T11:59:59.999Z'), true],
  ['date', 'occurredMoreThanAgo', { amount: 1, unit: 'weeks' }, at('2024-02-22T12:00:00Z'), false],
  ['date', 'occurredMoreThanAgo', { amount: 1, unit: 'weeks' }, at('2025-01-01T00:00:00Z'), false],
  ['date', 'occurredMoreThanAgo', { amount: 1, unit: 'weeks' }, null, false],
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
      compilePredicate(conditions, columns)(now)(
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
    )(now)
    const rows = [
      [true, true, true, false, false],
      [true, false, false, false, true],
      [false, false, true, true, false],
    ]
    expect(rows[0]?.map((_, row) => predicate(rows, row))).toEqual([true, false, true, true, false])
  })

  const one = (condition: object, type: AttributeType) => {
    const conditions = conditionsSchema.parse({ any: [{ all: [{ attribute: 'x', ...condition }] }] })
    const matches = compilePredicate(conditions, [{ name: 'x', type }])(now)
    return (value: AttributeValue) => matches([[value]], 0)
  }

  it('ignores case by folding one character at a time, in every text operator', () => {
    const ignoreCase = true
    expect(one({ operator: 'equals', value: 'straße', ignoreCase }, 'string')('STRAẞE')).toBe(true)
    expect(one({ operator: 'equals', value: 'straße', ignoreCase }, 'string')('STRASSE')).toBe(false)
    expect(one({ operator: 'equals', value: 'a+b', ignoreCase }, 'string')('A+B')).toBe(true)
    expect(one({ operator: 'equals', value: 'a', ignoreCase }, 'string')('a\n')).toBe(false)
    expect(one({ operator: 'notEquals', value: 'i', ignoreCase }, 'string')('İ')).toBe(true)
    expect(one({ operator: 'notEquals', value: 'i', ignoreCase }, 'string')('I')).toBe(false)
    expect(one({ operator: 'notEquals', value: 'i', ignoreCase }, 'string')(null)).toBe(true)
    expect(one({ operator: 'contains', value: 'ΟΔΟΣ', ignoreCase }, 'string')('ἡ οδος')).toBe(true)
    expect(one({ operator: 'notContains', value: '.', ignoreCase }, 'string')('abc')).toBe(true)
    expect(one({ operator: 'startsWith', value: 'É', ignoreCase }, 'string')('étage')).toBe(true)
    expect(one({ operator: 'startsWith', value: 'É', ignoreCase }, 'string')('e\u0301tage')).toBe(false)
    expect(one({ operator: 'endsWith', value: 'K', ignoreCase }, 'string')('20 \u212a')).toBe(true)
    expect(one({ operator: 'containsItem', value: 'Nl', ignoreCase }, 'stringArray')(['BE', 'nL'])).toBe(true)
    expect(one({ operator: 'itemContains', value: 'X', ignoreCase }, 'stringArray')(['axe'])).toBe(true)
    expect(one({ operator: 'noItemContains', value: 'X', ignoreCase }, 'stringArray')(['axe'])).toBe(false)
    expect(one({ operator: 'itemStartsWith', value: 'A', ignoreCase }, 'stringArray')(['axe'])).toBe(true)
    expect(one({ operator: 'itemEndsWith', value: 'E', ignoreCase }, 'stringArray')(['axe'])).toBe(true)
    expect(one({ operator: 'matches', value: '^[a-z]$', ignoreCase }, 'string')('K')).toBe(true)
    expect(one({ operator: 'matches', value: '^[a-z]$', ignoreCase }, 'string')('İ')).toBe(false)
  })

  it('looks for a pattern line by line where it is told to', () => {
    const test = one({ operator: 'matches', value: '^b$', multiline: true }, 'string')
    expect(test('a\nb\nc')).toBe(true)
    expect(test('a\nbb\nc')).toBe(false)
  })

  it('compares a date with another attribute, and is false where either has none', () => {
    const value = { kind: 'attribute', attribute: 'y' }
    const results = ['before', 'onOrBefore', 'after', 'onOrAfter'].map((operator) => {
      const conditions = conditionsSchema.parse({ any: [{ all: [{ attribute: 'x', operator, value }] }] })
      const columns = ['x', 'y'].map((name) => ({ name, type: 'date' as const }))
      const matches = compilePredicate(conditions, columns)(now)
      const early = new Date(0)
      const late = new Date(1)
      const rows = [
        [early, early, late, null, early],
        [late, early, early, early, null],
      ]
      return rows[0]?.map((_, row) => matches(rows, row))
    })
    expect(results).toEqual([
      [true, false, false, false, false],
      [true, true, false, false, false],
      [false, false, true, false, false],
      [false, true, true, false, false],
    ])
  })

  it('takes out what meets a group of exclude, also when nothing else is asked', () => {
    const is = (attribute: string) => ({ attribute, operator: 'isTrue' })
    const columns = ['a', 'b', 'c'].map((name) => ({ name, type: 'boolean' as const }))
    const rows = [
      [true, true, true, false],
      [true, false, true, true],
      [false, true, null, false],
    ]
    const matching = (tree: object) => {
      const matches = compilePredicate(conditionsSchema.parse(tree), columns)(now)
      return rows[0]?.map((_, row) => matches(rows, row))
    }
    const exclude = [{ all: [is('b'), is('a')] }, { all: [is('c')] }]
    expect(matching({ any: [{ all: [is('a')] }], exclude })).toEqual([false, false, false, false])
    expect(matching({ any: [{ all: [is('a')] }], exclude: [{ all: [is('c')] }] })).toEqual([
      ...[true, false, true, false],
    ])
    expect(matching({ any: [], exclude: [{ all: [is('b'), is('a')] }] })).toEqual([false, true, false, true])
    expect(matching({ any: [], exclude: [] })).toEqual([true, true, true, true])
  })

  it('says of the same row something else when time has passed', () => {
    const condition = { attribute: 'x', operator: 'occurredLessThanAgo', value: { amount: 1, unit: 'hours' } }
    const at = compilePredicate(conditionsSchema.parse({ any: [{ all: [condition] }] }), [
      { name: 'x', type: 'date' },
    ])
    const rows = [[new Date(noonMs)]]
    const hours = [-1, 0, 0.5, 1, 2].map((hour) => at(noonMs + hour * 3_600_000)(rows, 0))
    expect(hours).toEqual([false, true, true, false, false])
  })

  it('lets every row through when nothing is asked', () => {
    expect(compilePredicate({ any: [] }, [])(now)([], 7)).toBe(true)
  })
})
