/** Codes that may be kept: what nobody declared could be a value of a record. */
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { keptCode, ownCode } from './codes.ts'

const catalogue = { invalid_email: 'data', rate_limited: 'throttle', 'Ann Smith': 'data' } as const

it('keeps what the connector declared', () => {
  expect(keptCode('invalid_email', catalogue)).toBe('invalid_email')
})

it('keeps HTTP statuses and our own codes', () => {
  for (const code of [
    'http_200',
    'http_503',
    'timed_out',
    'connection_lost',
    'private_address',
    'partly_applied',
  ]) {
    expect(keptCode(code, {})).toBe(code)
  }
})

it('keeps a declared code only where it is written like one', () => {
  expect(keptCode('Ann Smith', catalogue)).toBe('vendor_error')
})

it.each([
  'constructor',
  '__proto__',
  'toString',
  'hasOwnProperty',
  'http_999',
  'http_5033',
  'HTTP_503',
  ' timed_out',
])('takes nothing of %j that nobody declared', (code) => {
  expect(keptCode(code, catalogue)).toBe('vendor_error')
})

it('lets no text through that nobody declared', () => {
  const known = /^(invalid_email|rate_limited|http_[1-5]\d\d|[a-z]+(_[a-z]+)+|throttled)$/
  return fc.assert(
    fc.property(fc.string(), (text) => {
      expect(keptCode(text, catalogue)).toMatch(known)
    }),
  )
})

it('keeps a code of ours only where it is written like one', () => {
  expect(ownCode('not_a_number')).toBe('not_a_number')
  for (const text of ['', 'Ann', 'ann@example.com', 'two words', '1st', `a${'b'.repeat(64)}`]) {
    expect(ownCode(text)).toBe('invalid')
  }
})
