/** Dates as texts, beside what the language itself makes of them. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { hasIsoText, isoDay, isoInstant } from './iso-text.ts'

const msPerDay = 86_400_000

function agrees(date: Date): void {
  expect(hasIsoText(date)).toBe(true)
  const iso = date.toISOString()
  expect(isoInstant(date)).toBe(iso)
  expect(isoDay(date)).toBe(iso.slice(0, iso.indexOf('T')))
}

it.each([
  '0000-01-01T00:00:00.000Z',
  '0099-03-01T01:02:03.004Z',
  '1969-12-31T23:59:59.999Z',
  '1970-01-01T00:00:00.000Z',
  '2024-02-29T00:00:00.000Z',
  '2024-02-29T09:09:09.099Z',
  '9999-12-31T23:59:59.999Z',
])('%s is written as it is read', (text) => {
  agrees(new Date(text))
})

it.each([
  '-000001-12-31T23:59:59.999Z',
  '+010000-01-01T00:00:00.000Z',
  '-271821-04-20T00:00:00.000Z',
  '+275760-09-13T00:00:00.000Z',
])('%s has a year that others do not read', (text) => {
  expect(hasIsoText(new Date(text))).toBe(false)
})

const years = {
  min: new Date('0000-01-01T00:00:00Z'),
  max: new Date('9999-12-31T23:59:59.999Z'),
  noInvalidDate: true,
}

it('any instant and any day is written as the language writes it', () => {
  fc.assert(fc.property(fc.date(years), agrees))
  fc.assert(
    fc.property(fc.date({ noInvalidDate: true, min: new Date(0), max: new Date('2100-01-01') }), agrees),
  )
  fc.assert(
    fc.property(fc.integer({ min: -719_000, max: 2_900_000 }), (day) => agrees(new Date(day * msPerDay))),
  )
})
