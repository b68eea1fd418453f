// Naive timestamps and dates of a source that declares a zone.
import { describe, expect, it } from 'vitest'
import { connectTo, readTable, scratchDatabase } from '../testing/scratch.ts'

const wallClocks = [
  ['2024-01-15 12:00:00.123456', 'Europe/Berlin', '2024-01-15T11:00:00.123Z'],
  ['2024-07-15 12:00:00', 'Europe/Berlin', '2024-07-15T10:00:00Z'],
  ['2024-03-31 01:59:59.999', 'Europe/Berlin', '2024-03-31T00:59:59.999Z'],
  ['2024-03-31 03:00:00', 'Europe/Berlin', '2024-03-31T01:00:00Z'],
  // An hour that the clock skips is read as if it had not yet been put forward.
  ['2024-03-31 02:30:00', 'Europe/Berlin', '2024-03-31T01:30:00Z'],
  // An hour that comes twice is its second time.
  ['2024-10-27 02:30:00', 'Europe/Berlin', '2024-10-27T01:30:00Z'],
  ['2024-10-27 03:00:00', 'Europe/Berlin', '2024-10-27T02:00:00Z'],
  ['2024-07-15 12:00:00', 'America/New_York', '2024-07-15T16:00:00Z'],
  ['2024-12-15 12:00:00', 'America/New_York', '2024-12-15T17:00:00Z'],
  ['2024-07-15 12:00:00', 'Asia/Kolkata', '2024-07-15T06:30:00Z'],
  ['2024-07-15 12:00:00', 'asia/kathmandu', '2024-07-15T06:15:00Z'],
  ['2024-07-15 12:00:00', 'UTC', '2024-07-15T12:00:00Z'],
  ['2024-07-15 12:00:00', 'Etc/UTC', '2024-07-15T12:00:00Z'],
] as const

describe('the zone of naive timestamps', () => {
  it.each(wallClocks)('%s in %s is %s', async (wall, timeZone, instant) => {
    const types = ['TIMESTAMP', 'TIMESTAMP_MS', 'TIMESTAMP_NS']
    const columns = types.map((type, index) => `'${wall}'::${type} AS c${index}`)
    const connection = await connectTo(
      await scratchDatabase(`CREATE TABLE t AS SELECT ${columns.join(', ')}`),
    )
    expect(await readTable(connection, 't', { timeZone })).toEqual([types.map(() => new Date(instant))])
  })

  it('leaves instants alone, and days of the calendar, which have no zone', async () => {
    const connection = await connectTo(
      await scratchDatabase(
        `CREATE TABLE t AS SELECT DATE '2024-07-01' AS summer, DATE '2024-01-01' AS winter, TIMESTAMPTZ '2024-07-01 12:00:00+02' AS at,
         '2024-07-01 12:00:00'::TIMESTAMP_S AS seconds`,
      ),
    )
    expect(await readTable(connection, 't', { timeZone: 'Europe/Berlin' })).toEqual([
      [
        new Date('2024-07-01T00:00:00Z'),
        new Date('2024-01-01T00:00:00Z'),
        new Date('2024-07-01T10:00:00Z'),
        new Date('2024-07-01T10:00:00Z'),
      ],
    ])
  })

  it.each(['Nowhere/Land', "UTC'; DROP TABLE t; --", '+02:00', ''])(
    'is refused when it is not known: %s',
    async (timeZone) => {
      const connection = await connectTo(
        await scratchDatabase("CREATE TABLE t AS SELECT TIMESTAMP '2024-07-01' AS at"),
      )
      await expect(readTable(connection, 't', { timeZone })).rejects.toMatchObject({ code: 'bad_settings' })
    },
  )
})
