import { expect, test } from 'vitest'
import { canonicalJson, contentHash } from './canonical-json.ts'

test('the order in which names were written does not matter, at any depth; that of lists does', () => {
  const left = { b: [{ y: 1, x: 2 }], a: null }
  const right = { a: null, b: [{ x: 2, y: 1 }] }
  expect(canonicalJson(left)).toBe('{"a":null,"b":[{"x":2,"y":1}]}')
  expect(contentHash(left)).toBe(contentHash(right))
  expect(contentHash([1, 2])).not.toBe(contentHash([2, 1]))
})

test('different values have different hashes, in lower-case hex', () => {
  expect(contentHash({ a: 1 })).toMatch(/^[0-9a-f]{64}$/)
  expect(contentHash({ a: 1 })).not.toBe(contentHash({ a: '1' }))
})
