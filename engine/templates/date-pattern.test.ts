/** Date patterns against what the JDK makes of them. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compileDatePattern } from './date-pattern.ts'
import { instants, jdkDates } from './jdk-dates.ts'

function format(pattern: string, ms: number): string {
  const compiled = compileDatePattern(pattern)
  return compiled.ok ? compiled.format(new Date(ms)) : compiled.message
}

describe('compileDatePattern', () => {
  it.each(Object.entries(jdkDates))('writes %s as the JDK does', (pattern, dates) => {
    expect(instants.map((ms) => format(pattern, ms))).toEqual(dates)
  })

  it.each([
    ['yyyy-MM-DDTHH', '"T" is no field of a date'],
    ['b', '"b" is no field'],
    ['XXXX', '"XXXX" is too long'],
    ["yyyy 'o''clock", 'a quote that is never closed'],
  ])('refuses %s and says why', (pattern, reason) => {
    expect(compileDatePattern(pattern)).toMatchObject({ ok: false, message: expect.stringContaining(reason) })
  })

  it('writes the parts of any date that a form of ISO 8601 has', () => {
    const date = fc.date({ min: new Date(0), max: new Date('9999-12-31T23:59:59.999Z'), noInvalidDate: true })
    fc.assert(
      fc.property(date, (each) => {
        expect(format("yyyy-MM-dd'T'HH:mm:ss.SSSX", each.getTime())).toBe(each.toISOString())
      }),
    )
  })

  it('takes any text without throwing', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 50 }), fc.date({ noInvalidDate: true }), (pattern, date) => {
        const compiled = compileDatePattern(pattern)
        expect(typeof (compiled.ok ? compiled.format(date) : compiled.message)).toBe('string')
      }),
    )
  })
})
