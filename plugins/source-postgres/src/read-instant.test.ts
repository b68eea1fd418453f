// Instants as PostgreSQL writes them in UTC.
import { describe, expect, it } from 'vitest'
import { readInstant } from './read-instant.ts'

describe('the text of an instant', () => {
  it.each([
    ['2024-02-29', '2024-02-29T00:00:00.000Z'],
    ['2024-07-01 10:00:00', '2024-07-01T10:00:00.000Z'],
    ['2024-07-01 10:00:00.1', '2024-07-01T10:00:00.100Z'],
    ['2024-07-01 10:00:00.123999+00', '2024-07-01T10:00:00.123Z'],
    ['2024-07-01 10:00:00.000999', '2024-07-01T10:00:00.000Z'],
    ['1969-12-31 23:59:59.999999+00', '1969-12-31T23:59:59.999Z'],
    ['0099-01-01 00:00:00', '0099-01-01T00:00:00.000Z'],
    ['0001-01-01 BC', '0000-01-01T00:00:00.000Z'],
    ['0044-03-15 00:00:00.5 BC', '-000043-03-15T00:00:00.500Z'],
    ['275760-09-13', '+275760-09-13T00:00:00.000Z'],
  ])('%s is %s', (text, iso) => {
    expect(readInstant(text, 'v').toISOString()).toBe(iso)
  })

  it.each([
    'infinity',
    '-infinity',
    '275760-09-14',
    '294276-12-31 23:59:59',
    '2024-07-01 10:00:00+02',
    '01.07.2024',
  ])('%s is none', (text) => {
    expect(() => readInstant(text, 'v')).toThrow(expect.objectContaining({ code: 'bad_file' }))
  })
})
