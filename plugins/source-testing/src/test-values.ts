/** Values: exact, whatever their type, and instants in the right zone. */
import { Decimal } from '@sluice/connector-sdk'
import { describe, expect, it } from 'vitest'
import type { SuiteScene } from './suite-scene.ts'
import { clocks, infinite, values } from './suite-tables.ts'

const later = [
  new Date('2024-07-01T10:00:00.123Z'),
  new Date(-1),
  new Date('2024-02-29T00:00:00Z'),
  ['a', null, '', 'b,c', '{x}', '"q"', '\\', 'NULL', "it's", ' '],
  [1, null, -3],
  [true, null, false],
]

export function testValues(scene: () => SuiteScene): void {
  describe('values', () => {
    it('of every type arrive exactly, and NULL as null', async () => {
      const { reading, all } = scene()
      expect(await all(await reading(values, ['id']))).toEqual([
        [
          1,
          -2_147_483_648,
          2n ** 53n + 1n,
          new Decimal('12345678901234.5600'),
          0.1,
          true,
          `it's "ü" 日本 😀\n\\ %_`,
          ...later,
          '1',
        ],
        [2, 7, -(2n ** 53n) - 1n, new Decimal('-0.0500'), Number.NaN, false, '', ...later, '2'],
        [3, 0, 2 ** 53, new Decimal('0.0000'), Number.NEGATIVE_INFINITY, true, ' both ends ', ...later, '3'],
        [4, 1, -42, new Decimal('7.0000'), 1e300, true, 'NULL', ...later, '4'],
        [5, ...Array.from({ length: 12 }, () => null), '5'],
      ])
    })

    it('that are infinite dates are refused loudly, and not as the end', async () => {
      const { reading, all } = scene()
      await expect(all(await reading(infinite, ['id']))).rejects.toMatchObject({ code: 'bad_file' })
    })
  })

  describe('time zones', () => {
    it.each([
      [
        'Europe/Berlin',
        [
          '2024-01-15T11:00:00.123Z',
          '2024-07-15T10:00:00Z',
          '2024-03-31T00:59:59.999Z',
          '2024-03-31T01:00:00Z',
          '2024-03-31T01:30:00Z',
          '2024-10-27T01:30:00Z',
          '2024-10-27T02:00:00Z',
        ],
      ],
      [
        'UTC',
        [
          '2024-01-15T12:00:00.123Z',
          '2024-07-15T12:00:00Z',
          '2024-03-31T01:59:59.999Z',
          '2024-03-31T03:00:00Z',
          '2024-03-31T02:30:00Z',
          '2024-10-27T02:30:00Z',
          '2024-10-27T03:00:00Z',
        ],
      ],
    ])('%s is that of naive timestamps, and of nothing else', async (timeZone, instants) => {
      const { reading, all } = scene()
      const rows = await all(await reading(clocks, ['id'], { timeZone }))
      expect(rows.map(([, wall]) => wall)).toEqual(instants.map((instant) => new Date(instant)))
      for (const [, , at, day] of rows) {
        expect(at).toEqual(new Date('2024-07-01T10:00:00Z'))
        expect(day).toEqual(new Date('2024-07-01T00:00:00Z'))
      }
    })

    it.each(['Nowhere/Land', "UTC'; DROP TABLE clocks; --", ''])('%s is refused', async (timeZone) => {
      const { reading, all } = scene()
      const read = async () => all(await reading(clocks, ['id'], { timeZone }))
      await expect(read()).rejects.toMatchObject({ code: 'bad_settings' })
    })
  })
}
