/** The shape of conditions: what is accepted, and that what is not says so. */
import { describe, expect, it } from 'vitest'
import { conditionsSchema } from './conditions.ts'

const groupOf = (...all: readonly unknown[]) => ({ any: [{ all }] })
const condition = { attribute: 'age', operator: 'isAssigned' }

function messagesOf(input: unknown): readonly string[] {
  const parsed = conditionsSchema.safeParse(input)
  return parsed.success ? [] : parsed.error.issues.map(({ message, path }) => `${path.join('.')}: ${message}`)
}

describe('conditionsSchema', () => {
  it.each([
    ['no condition at all', { any: [] }],
    ['an empty text to equal', groupOf({ attribute: 'a', operator: 'equals', value: '' })],
    ['a number to equal', groupOf({ attribute: 'a', operator: 'notEquals', value: -1.5 })],
    ['a text to contain', groupOf({ attribute: 'a', operator: 'contains', value: 'é😀' })],
    ['a day', groupOf({ attribute: 'a', operator: 'before', value: '2024-02-29' })],
    [
      'an instant with offset',
      groupOf({ attribute: 'a', operator: 'after', value: '2024-02-29T23:00:00.5+02:00' }),
    ],
    ['an operator without value', groupOf({ attribute: 'a', operator: 'isTrue' })],
    ['100 conditions', groupOf(...Array.from({ length: 100 }, () => condition))],
    ['50 groups', { any: Array.from({ length: 50 }, () => ({ all: [condition] })) }],
  ])('accepts %s', (_, input) => {
    expect(messagesOf(input)).toEqual([])
  })

  it.each([
    ['an unknown operator', groupOf({ attribute: 'a', operator: 'matches', value: 'x' }), 'one of equals'],
    ['a missing value', groupOf({ attribute: 'a', operator: 'equals' }), 'any.0.all.0.value'],
    ['a superfluous value', groupOf({ attribute: 'a', operator: 'isTrue', value: true }), 'value'],
    ['a text to compare', groupOf({ attribute: 'a', operator: 'lessThan', value: '5' }), 'needs a number'],
    ['NaN', groupOf({ attribute: 'a', operator: 'lessThan', value: Number.NaN }), 'needs a number'],
    ['infinity', groupOf({ attribute: 'a', operator: 'equals', value: Number.POSITIVE_INFINITY }), 'value'],
    [
      'nothing to contain',
      groupOf({ attribute: 'a', operator: 'contains', value: '' }),
      'at least one character',
    ],
    [
      'a day that is none',
      groupOf({ attribute: 'a', operator: 'before', value: '2023-02-29' }),
      'Write the date as',
    ],
    [
      'an instant without zone',
      groupOf({ attribute: 'a', operator: 'after', value: '2024-01-01T00:00:00' }),
      'zone',
    ],
    ['the year 0', groupOf({ attribute: 'a', operator: 'after', value: '0000-05-01' }), 'between the years'],
    ['a NUL', groupOf({ attribute: 'a', operator: 'equals', value: 'a\0b' }), 'NUL'],
    ['half a character', groupOf({ attribute: 'a', operator: 'contains', value: '\ud83d' }), 'surrogate'],
    [
      'a text of 1501 characters',
      groupOf({ attribute: 'a', operator: 'equals', value: 'x'.repeat(1501) }),
      '1500',
    ],
    ['an empty group', { any: [{ all: [] }] }, 'remove the group'],
    ['101 conditions', groupOf(...Array.from({ length: 101 }, () => condition)), '100 conditions'],
    ['51 groups', { any: Array.from({ length: 51 }, () => ({ all: [condition] })) }, '50 groups'],
    ['an exclude, which is not there yet', { any: [], exclude: [] }, 'exclude'],
  ])('refuses %s and says why', (_, input, expected) => {
    expect(messagesOf(input).join('\n')).toContain(expected)
  })
})
