/** Suggestions for mistyped names. */
import { expect, it } from 'vitest'
import { nearestName, suggestion } from './nearest-name.ts'

const names = ['email', 'country', 'order_count', 'a']

it.each([
  ['emial', 'email'],
  ['EMAIL', 'email'],
  ['countr', 'country'],
  ['ordercount', 'order_count'],
  ['b', 'a'],
  ['postcode', undefined],
  ['', undefined],
])('suggests for "%s" %s', (name, expected) => {
  expect(nearestName(name, names.slice(0, name === 'b' ? 4 : 3))).toBe(expected)
})

it('lists what there is when nothing is near', () => {
  expect(suggestion('postcode', names)).toBe('Use one of "email", "country", "order_count", "a".')
  expect(suggestion('x', [])).toBe('There are none to choose from.')
})
