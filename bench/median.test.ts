import { expect, test } from 'vitest'
import { median } from './median.ts'

test.each([
  [[3, 1, 200], 3],
  [[4, 1, 2, 200], 3],
  [[10, 9, 100], 10],
  [[], Number.NaN],
])('the median of %j is %j', (figures, expected) => {
  expect(median(figures)).toBe(expected)
})
