/** Dates from texts, the same in every time zone of the server. */
import { afterEach, describe, expect, it, vi } from 'vitest'
import { toDay, toInstant } from './dates.ts'

const zones = ['UTC', 'Asia/Tokyo', 'America/Los_Angeles', 'Pacific/Kiritimati']

afterEach(() => {
  vi.unstubAllEnvs()
})

describe.each(zones)('on a server in %s', (zone) => {
  it.each([
    ['1990-05-28', '1990-05-28'],
    ['1990-05-28T00:00:00.000Z', '1990-05-28'],
    ['1990-05-28T23:59:59.999Z', '1990-05-28'],
    ['1990-05-28T00:30:00+02:00', '1990-05-28'],
    ['1990-05-28 00:00:00', '1990-05-28'],
    ['0004-02-29', '0004-02-29'],
    ['2024-02-29', '2024-02-29'],
    ['2023-02-29', undefined],
    ['2000-02-29', '2000-02-29'],
    ['1900-02-29', undefined],
    ['2023-02-29T00:00:00.000Z', undefined],
    ['1990-04-31', undefined],
    ['1990-05-00', undefined],
    ['1990-05-1T', undefined],
    ['199O-05-28', undefined],
    ['1990-05-28T00:00:00.000ZT00:00:00.000Z', undefined],
    ['1990-13-01', undefined],
    ['1990-00-10', undefined],
    ['28-05-1990', undefined],
    ['+010000-01-01T00:00:00Z', undefined],
    ['1990-05-28 or so', undefined],
    ['', undefined],
  ])('the day of %j is %j', (text, day) => {
    vi.stubEnv('TZ', zone)
    expect(toDay(text)).toBe(day)
  })

  it.each([
    ['2026-05-28', '2026-05-28T00:00:00.000Z'],
    ['2026-05-28T10:00:00', '2026-05-28T10:00:00.000Z'],
    ['2026-05-28 10:00:00.123456', '2026-05-28T10:00:00.123Z'],
    ['2026-05-28 10:00:00+00', '2026-05-28T10:00:00.000Z'],
    ['2026-05-28T10:00:00+02:00', '2026-05-28T08:00:00.000Z'],
    ['2026-05-28T10:00:00-0730', '2026-05-28T17:30:00.000Z'],
    ['2026-05-28T10:00z', '2026-05-28T10:00:00.000Z'],
    ['2026-05-28T25:00:00Z', undefined],
    ['2026-02-30T10:00:00Z', undefined],
    ['yesterday', undefined],
    ['1779962400000', undefined],
  ])('the instant of %j is %j', (text, instant) => {
    vi.stubEnv('TZ', zone)
    expect(toInstant(text)).toBe(instant)
  })
})

it('a day without a time is the same as with one, which is read another way', () => {
  const days = Array.from({ length: 40_000 }, (_, day) =>
    new Date(day * 86_400_000 - 10 ** 12).toISOString().slice(0, 10),
  )
  const noDays = [
    '1999-02-29',
    '1999-04-31',
    '1999-00-01',
    '1999-01-32',
    '1999-13-01',
    '1999-1-001',
    ' 999-01-01',
  ]
  const texts = [...days, ...noDays]
  const otherwise = texts.map((text) => toDay(`${text}T00:00Z`))
  expect(texts.map(toDay)).toEqual(otherwise)
  expect(texts.map((text) => toDay(`${text}T00:00:00.000Z`))).toEqual(otherwise)
})

it('the zones above do change what local time means, so that a use of it would show', () => {
  const days = zones.map((zone) => {
    vi.stubEnv('TZ', zone)
    return new Date('1990-05-28T00:00:00Z').getDate()
  })
  expect(new Set(days).size).toBeGreaterThan(1)
})
