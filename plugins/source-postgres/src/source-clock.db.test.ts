// The server's clock: in the cursor's type and zone, and never in the future.
import { describe, expect, it } from 'vitest'
import { connectTo, scratchDatabase } from '../testing/scratch.ts'

describe('the clock', () => {
  it('speaks in the type of the cursor, and of the last value that is over', async () => {
    const connection = await connectTo(await scratchDatabase())
    const tell = (nativeType: string, timeZone = 'UTC', minusMs = 0) =>
      connection.now({ nativeType, timeZone, minusMs })
    const instant = (text: string) => Date.parse(`${text.replace(' ', 'T').slice(0, 23)}Z`)

    const zoned = await tell('timestamp with time zone')
    expect(zoned).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,6})?\+00$/)
    expect(Math.abs(instant(zoned.replace('+00', '')) - Date.now())).toBeLessThan(5_000)

    const kolkata = await tell('timestamp without time zone', 'Asia/Kolkata', 60_000)
    expect(Math.abs(instant(kolkata) - (Date.now() + 5.5 * 3_600_000 - 60_000))).toBeLessThan(5_000)

    const seconds = await tell('timestamp(0) without time zone')
    expect(seconds).toMatch(/:\d\d$/)
    expect(instant(`${seconds}.000`)).toBeLessThanOrEqual(Date.now() - 1_000)
    expect(await tell('timestamp(3) with time zone')).toMatch(/:\d\d(\.\d{1,3})?\+00$/)

    const yesterday = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10)
    expect(await tell('date')).toBe(yesterday)
  })

  it.each(['bigint', 'text', 'time without time zone'])(
    'has nothing to tell a cursor of type %s',
    async (type) => {
      const connection = await connectTo(await scratchDatabase())
      const told = connection.now({ nativeType: type, timeZone: 'UTC', minusMs: 0 })
      await expect(told).rejects.toMatchObject({ code: 'bad_settings' })
    },
  )
})
