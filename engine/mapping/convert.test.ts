/** Every kind of value in every form that a parameter can want. */
import { Decimal } from '@sluice/connector-sdk'
import { describe, expect, it } from 'vitest'
import { converterTo, type Value } from './convert.ts'
import type { Target } from './target.ts'

const instant = new Date('2024-02-29T23:30:00.005Z')
const noDate = new Date(Number.NaN)
const afterTime = new Date('+010000-01-01T00:00:00.000Z')
const half = 'a\ud83d'
const refused = (code: string, index?: number) =>
  index === undefined ? { refused: code } : { refused: code, index }

const table: Readonly<Record<string, readonly (readonly [Value, unknown])[]>> = {
  string: [
    ['', ''],
    ['é😀', 'é😀'],
    [1, '1'],
    [-0, '0'],
    [0.1, '0.1'],
    [1e21, '1e+21'],
    [9007199254740993n, '9007199254740993'],
    [new Decimal('12.50'), '12.50'],
    [new Decimal('12345678901234567890.123'), '12345678901234567890.123'],
    [true, 'true'],
    [false, 'false'],
    [instant, '2024-02-29T23:30:00.005Z'],
    [noDate, refused('not_a_date')],
    [afterTime, refused('date_out_of_range')],
    [half, refused('broken_text')],
    [new Decimal('NaN'), refused('not_a_json_number')],
    [new Decimal('-Infinity'), refused('not_a_json_number')],
    [Number.NaN, refused('not_a_json_number')],
    [['a'], refused('not_a_single_value')],
  ],
  number: [
    [1.5, 1.5],
    [7n, 7],
    [-9007199254740991n, -9007199254740991],
    [9007199254740993n, refused('number_too_large')],
    [2n ** 60n, 2 ** 60],
    [new Decimal('12.50'), 12.5],
    [new Decimal('0.33333333333333333333'), 1 / 3],
    [new Decimal('9007199254740993.5'), refused('number_too_large')],
    ['12.5', 12.5],
    ['-1e3', -1000],
    ['0', 0],
    ['9007199254740993', refused('number_too_large')],
    ['1e999', refused('number_too_large')],
    ['', refused('not_a_number')],
    [' 1', refused('not_a_number')],
    ['1,5', refused('not_a_number')],
    ['007', refused('not_a_number')],
    ['0x10', refused('not_a_number')],
    ['Infinity', refused('not_a_number')],
    [Number.NaN, refused('not_a_json_number')],
    [Number.POSITIVE_INFINITY, refused('not_a_json_number')],
    [true, refused('not_a_number')],
    [instant, refused('not_a_number')],
    [[1], refused('not_a_single_value')],
  ],
  boolean: [
    [true, true],
    [false, false],
    ['true', true],
    ['false', false],
    [1, true],
    [0, false],
    [1n, true],
    [new Decimal('0.00'), false],
    ['TRUE', refused('not_a_boolean')],
    ['1', refused('not_a_boolean')],
    ['', refused('not_a_boolean')],
    [2, refused('not_a_boolean')],
    [Number.NaN, refused('not_a_boolean')],
    [instant, refused('not_a_boolean')],
    [new Date(0), refused('not_a_boolean')],
    [[true], refused('not_a_single_value')],
  ],
  instant: [
    [instant, '2024-02-29T23:30:00.005Z'],
    ['whatever the schema says', 'whatever the schema says'],
    [noDate, refused('not_a_date')],
    [afterTime, refused('date_out_of_range')],
    [half, refused('broken_text')],
    [1, refused('not_a_date')],
    [['a'], refused('not_a_single_value')],
  ],
  day: [
    [instant, '2024-02-29'],
    ['2024-02-29', '2024-02-29'],
    [noDate, refused('not_a_date')],
    [afterTime, refused('date_out_of_range')],
    [true, refused('not_a_date')],
  ],
  json: [
    ['a', 'a'],
    [1.5, 1.5],
    [true, true],
    [7n, 7],
    [9007199254740993n, '9007199254740993'],
    [new Decimal('12.50'), 12.5],
    [new Decimal('12345678901234567890'), '12345678901234567890'],
    [new Decimal('NaN'), refused('not_a_json_number')],
    [instant, '2024-02-29T23:30:00.005Z'],
    [noDate, refused('not_a_date')],
    [Number.NaN, refused('not_a_json_number')],
    [Number.NEGATIVE_INFINITY, refused('not_a_json_number')],
    [
      ['a', null],
      ['a', null],
    ],
    [
      [1, 9007199254740993n, new Decimal('0.5')],
      [1, '9007199254740993', 0.5],
    ],
    [[1, Number.NaN], refused('not_a_json_number', 1)],
    [afterTime, refused('date_out_of_range')],
    [half, refused('broken_text')],
    [['a', half], refused('broken_text', 1)],
  ],
}

describe.each(Object.entries(table))('to %s', (kind, rows) => {
  it.each(rows)('%s becomes %j', (value, expected) => {
    expect(converterTo({ kind } as Target)(value)).toEqual(expected)
  })
})

describe('to a list', () => {
  const numbers = converterTo({ kind: 'array', element: { kind: 'number' } })
  it.each<readonly [Value, unknown]>([
    [
      ['1', '2.5'],
      [1, 2.5],
    ],
    [[], []],
    [
      [1, null],
      [1, null],
    ],
    ['7', [7]],
    [['1', 'x'], refused('not_a_number', 1)],
    ['x', refused('not_a_number')],
  ])('%j becomes %j', (value, expected) => {
    expect(numbers(value)).toEqual(expected)
  })

  it('takes a decimal of another copy of the SDK for what it is', () => {
    const foreign = { digits: '1.50', valueOf: () => 1.5, toString: () => '1.50', toJSON: () => 1.5 }
    expect(converterTo({ kind: 'string' })(foreign)).toBe('1.50')
  })
})
