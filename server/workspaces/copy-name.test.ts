/** Names of copies. */
import { expect, it } from 'vitest'
import { copyName } from './copy-name.ts'

it.each([
  ['Dutch', [], 'Dutch - copy'],
  ['Dutch', ['Dutch - copy'], 'Dutch - copy 2'],
  ['Dutch', ['Dutch - copy', 'Dutch - copy 2'], 'Dutch - copy 3'],
  ['x'.repeat(200), [], `${'x'.repeat(193)} - copy`],
  [`${'x'.repeat(192)}😀${'x'.repeat(6)}`, [], `${'x'.repeat(192)} - copy`],
])('a copy of %j beside %j is named %j', (name, taken, expected) => {
  expect(copyName(name, new Set(taken))).toBe(expected)
})
