/** What an open group of JSON takes, and what it becomes. */
import { describe, expect, it } from 'vitest'
import { jsonEntries } from './json-entries.ts'

const rules = { invalid: 'invalid_entry', size: { maxBytes: 40, tooLarge: 'entries_too_large' } }
const entries = jsonEntries({ title: 'Entries', description: 'Any.' }, rules)
const issues = (value: unknown) =>
  entries.safeParse(value).error?.issues.map(({ message, path }) => [message, path])

describe('entries', () => {
  it('become JSON, and those that are null are left out', () => {
    expect(entries.parse({ at: new Date(0), none: null, not: undefined })).toEqual({
      at: '1970-01-01T00:00:00.000Z',
    })
    expect(entries.parse({ n: 2n ** 60n })).toEqual({ n: '1152921504606846976' })
    expect(entries.parse(undefined)).toBeUndefined()
  })

  it('are refused when they are no JSON or have no name, all at once', () => {
    expect(issues({ a: Number.NaN, ' ': 1, b: () => 1 })).toEqual([
      ['invalid_entry', ['a']],
      ['invalid_entry', [' ']],
      ['invalid_entry', ['b']],
    ])
  })

  it('are refused when they take too many bytes', () => {
    expect(issues({ a: 'é'.repeat(16) })).toBeUndefined()
    expect(issues({ a: 'é'.repeat(17) })).toEqual([['entries_too_large', []]])
  })
})
