// The clock of files, for each type that a cursor can have.
import { describe, expect, it } from 'vitest'
import { connectTo, dialect, scratchDatabase } from '../testing/scratch.ts'
import { createSourceClock } from './source-clock.ts'

const now = createSourceClock({ now: () => Date.parse('2024-03-31T00:30:05.678Z') })

describe('the clock of a source', () => {
  it.each([
    ['TIMESTAMP WITH TIME ZONE', 'Europe/Berlin', 0, '2024-03-31 00:30:05.678000+00'],
    ['TIMESTAMP', 'UTC', 0, '2024-03-31 00:30:05.678000'],
    ['TIMESTAMP', 'Europe/Berlin', 0, '2024-03-31 01:30:05.678000'],
    ['TIMESTAMP', 'Europe/Berlin', -3_600_000, '2024-03-31 03:30:05.678000'],
    ['TIMESTAMP_NS', 'America/New_York', 0, '2024-03-30 20:30:05.678000'],
    ['TIMESTAMP_MS', 'UTC', 30_000, '2024-03-31 00:29:35.677000'],
    ['TIMESTAMP_S', 'UTC', 0, '2024-03-31 00:30:04'],
    // Today is not over: a row may yet be written with it.
    ['DATE', 'UTC', 0, '2024-03-30'],
    ['DATE', 'America/New_York', 0, '2024-03-29'],
    ['DATE', 'UTC', 3_600_000, '2024-03-29'],
  ])('for %s in %s, less %d ms, reads %s', (nativeType, timeZone, minusMs, text) => {
    expect(now({ nativeType, timeZone, minusMs })).toBe(text)
  })

  it.each(['BIGINT', 'VARCHAR', 'DECIMAL(18,2)', 'TIME'])(
    'has no meaning for a cursor of type %s',
    (nativeType) => {
      expect(() => now({ nativeType, timeZone: 'UTC', minusMs: 0 })).toThrow(
        expect.objectContaining({ code: 'bad_settings' }),
      )
    },
  )

  it('casts to its type, and tells the same instant as the host', async () => {
    const connection = await connectTo(await scratchDatabase('CREATE TABLE t AS SELECT 1 AS id'))
    const nativeType = 'TIMESTAMP'
    const column = { name: 'n', type: 'date', nativeType, nullable: false } as const
    const before = Date.now()
    const text = await connection.now({ nativeType, timeZone: 'Asia/Kolkata', minusMs: 0 })
    const after = Date.now()
    const found = await connection.query({
      sql: `SELECT ${dialect.value(dialect.parameter(1, nativeType), column, 'Asia/Kolkata')}`,
      parameters: [text],
      columns: [column],
    })
    const read = found.columns[0]?.[0]
    expect(read).toBeInstanceOf(Date)
    expect(Number(read)).toBeGreaterThanOrEqual(before)
    expect(Number(read)).toBeLessThanOrEqual(after)
  })
})
