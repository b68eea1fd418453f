/** The shape of conditions: what is accepted, and that what is not says so. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { conditionsSchema } from './conditions.ts'
import { operators } from './operators.ts'

const groupOf = (...all: readonly unknown[]) => ({ any: [{ all }] })
const date = (value: unknown) => groupOf({ attribute: 'a', operator: 'onOrAfter', value })
const ago = (value: unknown) => groupOf({ attribute: 'a', operator: 'occurredLessThanAgo', value })
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
    ['groups to exclude', { any: [], exclude: [{ all: [condition] }] }],
    ['nothing to exclude', { any: [], exclude: [] }],
    [
      'a pattern',
      groupOf({ attribute: 'a', operator: 'matches', value: '^a+$', ignoreCase: true, multiline: true }),
    ],
    [
      'a text whose case does not count',
      groupOf({ attribute: 'a', operator: 'contains', value: 'x', ignoreCase: true }),
    ],
    ['another attribute', date({ kind: 'attribute', attribute: 'b' })],
    ['a hundred years from now', date({ kind: 'now', amount: 1_200, unit: 'months' })],
    ['a hundred years ago', ago({ amount: 36_525, unit: 'days' })],
    ['an item that is true', groupOf({ attribute: 'a', operator: 'containsItem', value: true })],
    ['100 conditions', groupOf(...Array.from({ length: 100 }, () => condition))],
    ['50 groups', { any: Array.from({ length: 50 }, () => ({ all: [condition] })) }],
  ])('accepts %s', (_, input) => {
    expect(messagesOf(input)).toEqual([])
  })

  it.each([
    ['an unknown operator', groupOf({ attribute: 'a', operator: 'resembles', value: 'x' }), 'one of equals'],
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
    [
      '51 groups to exclude',
      { any: [], exclude: Array.from({ length: 51 }, () => ({ all: [condition] })) },
      '50',
    ],
    [
      '101 conditions, some of them to exclude',
      {
        any: [{ all: Array.from({ length: 60 }, () => condition) }],
        exclude: [{ all: Array.from({ length: 41 }, () => condition) }],
      },
      '100 conditions',
    ],
    ['an empty group to exclude', { any: [], exclude: [{ all: [] }] }, 'remove the group'],
    ['groups within groups', groupOf({ any: [{ all: [condition] }] }), 'needs an operator'],
    ['an unknown part', { any: [], some: [] }, 'some'],
    [
      'a pattern that is none',
      groupOf({ attribute: 'a', operator: 'matches', value: '(' }),
      'any.0.all.0.value',
    ],
    [
      'a pattern of 501 characters',
      groupOf({ attribute: 'a', operator: 'matches', value: 'x'.repeat(501) }),
      '500',
    ],
    [
      'an empty pattern',
      groupOf({ attribute: 'a', operator: 'matches', value: '' }),
      'at least one character',
    ],
    [
      'an option that is none',
      groupOf({ attribute: 'a', operator: 'startsWith', value: 'x', multiline: true }),
      'multiline',
    ],
    [
      'ignoreCase that is no boolean',
      groupOf({ attribute: 'a', operator: 'equals', value: 'x', ignoreCase: 'yes' }),
      'true or false',
    ],
    ['a moment of an unknown kind', date({ kind: 'then', amount: 1 }), 'a time from now'],
    ['a moment without unit', date({ kind: 'now', amount: 1 }), 'Use one of seconds'],
    ['half a day from now', date({ kind: 'now', amount: 0.5, unit: 'days' }), 'whole number'],
    [
      'a moment in a thousand years',
      date({ kind: 'now', amount: 12_000, unit: 'months' }),
      'a hundred years',
    ],
    ['a time ago of nothing', ago({ amount: 0, unit: 'days' }), 'at least 1'],
    ['a time ago in seconds', ago({ amount: 1, unit: 'seconds' }), 'Use one of minutes'],
    ['a number as a date', date(1), 'Compare with a date'],
  ])('refuses %s and says why', (_, input, expected) => {
    expect(messagesOf(input).join('\n')).toContain(expected)
  })
})

it('explains every operator in docs/conditions.md', () => {
  const page = readFileSync(new URL('../../docs/conditions.md', import.meta.url), 'utf8')
  expect(Object.keys(operators).filter((operator) => !page.includes(`\`${operator}\``))).toEqual([])
})
