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

it('the zones above do change what local time means, so that a use of it would show', () => {
  const days = zones.map((zone) => {
    vi.stubEnv('TZ', zone)
    return new Date('1990-05-28T00:00:00Z').getDate()
  })
  expect(new Set(days).size).toBeGreaterThan(1)
})
