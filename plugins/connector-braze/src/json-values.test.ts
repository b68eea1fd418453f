/** Mapped values as JSON. */
import { Decimal } from '@sluice/connector-sdk'
import { describe, expect, it } from 'vitest'
import { toJsonValue } from './json-values.ts'

describe('a mapped value as JSON', () => {
  it.each<[string, unknown, unknown]>([
    ['a text as it is', 'Zoë 🎉', 'Zoë 🎉'],
    ['a number as it is', -1.5, -1.5],
    ['null as null', null, null],
    ['a date as an ISO instant', new Date('2026-05-28T10:00:00Z'), '2026-05-28T10:00:00.000Z'],
    ['a decimal as a number', new Decimal('12.50'), 12.5],
    ['a small big integer as a number', 42n, 42],
    ['a big integer beyond 2^53 with all its digits', 9_007_199_254_740_993n, '9007199254740993'],
    ['an array without its nulls', ['a', null, 1n], ['a', 1]],
    ['an object without its nulls', { a: null, b: { c: undefined, d: true } }, { b: { d: true } }],
  ])('is %s', (_, value, json) => {
    expect(toJsonValue(value)).toEqual(json)
  })

  it.each<[string, unknown]>([
    ['NaN, which JSON would turn into a removal', Number.NaN],
    ['an infinite number', Number.POSITIVE_INFINITY],
    ['an infinite number inside an array', [1, Number.NEGATIVE_INFINITY]],
    ['a date that is none', new Date(Number.NaN)],
    ['a function', () => 1],
    ['undefined', undefined],
    ['a symbol inside an object', { a: Symbol('a') }],
  ])('is not there for %s', (_, value) => {
    expect(toJsonValue(value)).toBeUndefined()
  })

  it('is not there for a value that contains itself', () => {
    const value: Record<string, unknown> = {}
    value['self'] = value
    expect(toJsonValue(value)).toBeUndefined()
  })
})
