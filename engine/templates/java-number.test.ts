/** Numbers against what the JDK writes. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { javaDouble } from './java-number.ts'

it.each([
  [0, '0.0'],
  [-0, '-0.0'],
  [1, '1.0'],
  [-3, '-3.0'],
  [1.5, '1.5'],
  [0.001, '0.001'],
  [0.00099, '9.9E-4'],
  [9_999_999, '9999999.0'],
  [10_000_000, '1.0E7'],
  [12_345_678.9, '1.23456789E7'],
  [1e21, '1.0E21'],
  [1e-7, '1.0E-7'],
  [123_456.789, '123456.789'],
  [Number.MAX_VALUE, '1.7976931348623157E308'],
])('writes %d as %s, as the JDK does', (number, text) => {
  expect(javaDouble(number)).toBe(text)
})

it('loses no digit of any number', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true }), (number) => Object.is(Number(javaDouble(number)), number)),
  )
})
