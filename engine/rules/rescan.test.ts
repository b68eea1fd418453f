/** The times of re-scans. */
import { expect, it } from 'vitest'
import { nextRescan, type RescanSchedule } from './rescan.ts'

const hourly: RescanSchedule = { kind: 'HOURLY' }
const atThree: RescanSchedule = { kind: 'DAILY', hour: 3 }

it.each([
  [hourly, '2026-03-29T01:59:59.999Z', '2026-03-29T02:00:00.000Z'],
  [hourly, '2026-03-29T02:00:00.000Z', '2026-03-29T03:00:00.000Z'],
  [atThree, '2026-03-29T02:59:59.999Z', '2026-03-29T03:00:00.000Z'],
  [atThree, '2026-03-29T03:00:00.000Z', '2026-03-30T03:00:00.000Z'],
  [{ kind: 'DAILY', hour: 0 }, '1969-12-31T12:00:00.000Z', '1970-01-01T00:00:00.000Z'],
] as const)('%j after %s is due at %s', (rescan, after, next) => {
  expect(new Date(nextRescan(rescan, Date.parse(after))).toISOString()).toBe(next)
})
