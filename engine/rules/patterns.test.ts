/** Patterns: which are taken, and that none takes more than a text's length in time. */
import { describe, expect, it } from 'vitest'
import { compilePattern } from './patterns.ts'

const plain = { ignoreCase: false, multiline: false }

function test(pattern: string, text: string, options = plain): boolean {
  const compiled = compilePattern(pattern, options)
  if (!compiled.ok) throw new Error(compiled.message)
  return compiled.test(text)
}

describe('compilePattern', () => {
  it.each([
    ['b+', 'abbc', true],
    ['^b', 'ab', false],
    ['.', '\n', false],
    ['(?s).', '\n', true],
    ['^\\p{L}+$', 'Straße', true],
    ['😀', 'a😀', true],
    ['^.$', '😀', true],
    ['[^x]', 'x', false],
  ])('finds %s in %j: %s', (pattern, text, is) => {
    expect(test(pattern, text)).toBe(is)
  })

  it.each([
    ['(', 'missing closing )'],
    ['[a', 'missing closing ]'],
    ['a{2,1}', 'invalid repeat count'],
    ['(?=a)', 'Look-around and back references are not supported'],
    ['(?<!a)b', 'Look-around'],
    ['(a)\\1', 'back references'],
    ['\\pL{1001}', 'repeat count'],
    ['((((a?){30}){30}))', 'too large'],
    ['*', 'missing argument to repetition operator'],
  ])('refuses %s and says why', (pattern, message) => {
    const compiled = compilePattern(pattern, plain)
    expect(compiled).toEqual({ ok: false, message: expect.stringContaining(message) })
  })

  it.each([
    ['(x+x+)+y', 'x'],
    ['(a|a)*$b', 'a'],
    ['^(([a-z])+.)+[A-Z]([a-z])+$', 'a'],
    ['(.*)*(.*)*z', 'x'],
  ])('%s on a hundred thousand characters ends', (pattern, letter) => {
    // JavaScript's own engine would not come back in a lifetime.
    expect(test(pattern, letter.repeat(100_000))).toBe(false)
  })
})
