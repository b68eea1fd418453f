/** Order and positions: pages that follow each other give every row once, however their borders fall. */
import type { AttributeValue } from '@sluice/connector-sdk'
import { describe, expect, it } from 'vitest'
import {
  countStatement,
  everyNthPositionStatement,
  isWithinStatement,
  lastPositionStatement,
  type Position,
  type Reading,
  rowsStatement,
} from './statements.ts'
import type { SuiteScene } from './suite-scene.ts'
import { changeCount, changedAt, changes, keyTexts, textKeys, values } from './suite-tables.ts'

const texts = (row: readonly AttributeValue[] | undefined): Position => (row ?? []).map(String)

/** All rows by pages of n. */
async function byPages(scene: SuiteScene, reading: Reading, n: number): Promise<AttributeValue[][]> {
  const borders = (await scene.rows(everyNthPositionStatement(reading, n))).map(texts)
  const last = texts((await scene.rows(lastPositionStatement(reading)))[0])
  const pages: AttributeValue[][][] = []
  let after: Position | undefined
  for (const until of [...borders, last]) {
    pages.push(await scene.all(reading, { until, ...(after === undefined ? {} : { after }) }))
    after = until
  }
  return pages.flat()
}

export function testOrder(scene: () => SuiteScene): void {
  describe('order', () => {
    it.each(['at', 'local_at'])('is by %s, then key, over many batches', async (cursor) => {
      const { reading, all } = scene()
      const rows = await all(await reading(changes, [cursor, 'id'], { attributes: ['id'] }))
      expect(rows.map(([id]) => id)).toEqual(Array.from({ length: changeCount }, (_, id) => id))
    })

    it('keeps every microsecond in positions', async () => {
      const { reading, all } = scene()
      const rows = await all(await reading(changes, ['local_at', 'id'], { attributes: [] }))
      // Zeros at the end of a fraction may be left out.
      const trimmed = (text: unknown) =>
        String(text)
          .replace(/(\.\d*?)0+$/, '$1')
          .replace(/\.$/, '')
      expect(rows.map(([at]) => trimmed(at))).toEqual(rows.map((_, id) => trimmed(changedAt(id))))
    })

    it.each([
      ['at', 999],
      ['local_at', 1_000],
      ['at', 2_001],
    ])('by %s in pages of %d gives every row once, in order', async (cursor, n) => {
      const reading = await scene().reading(changes, [cursor, 'id'], { attributes: ['id'] })
      const rows = await byPages(scene(), reading, n)
      expect(rows.map(([id]) => id)).toEqual(Array.from({ length: changeCount }, (_, id) => id))
    })

    it.each([
      ['key', textKeys, ['key']],
      ['decimal and text', textKeys, ['rank', 'key']],
      ['large integers', values, ['large']],
      ['decimals', values, ['exact']],
      ['doubles', values, ['double']],
      ['texts', values, ['text']],
      ['a naive timestamp', values, ['wall', 'id']],
      ['days', values, ['day', 'id']],
      ['booleans', values, ['flag', 'id']],
    ] as const)('by %s is the same row by row as in one go', async (_, table, order) => {
      const { reading, rows, all } = scene()
      const whole = await reading(table, order)
      const filled = (read: readonly AttributeValue[][]) =>
        read.filter((row) => row.slice(-order.length).every((value) => value !== null))
      const inOneGo = filled(await all(whole))
      const borders = (await rows(everyNthPositionStatement(whole, 1))).map(texts)
      const rowByRow: AttributeValue[][] = []
      for (const [index, until] of borders.slice(0, inOneGo.length).entries()) {
        const after = borders[index - 1]
        rowByRow.push(...(await all(whole, { until, ...(after === undefined ? {} : { after }) })))
      }
      expect(rowByRow).toEqual(inOneGo)
      expect(inOneGo.length).toBe(table === textKeys ? keyTexts.length : 4)
    })

    it('of two positions alone is that of their rows', async () => {
      const { reading, rows } = scene()
      for (const [table, order] of [
        [textKeys, ['rank', 'key']],
        [changes, ['at', 'id']],
      ] as const) {
        const whole = await reading(table, order)
        const positions = (await rows(everyNthPositionStatement(whole, table === changes ? 501 : 1))).map(
          texts,
        )
        for (const [index, position] of positions.entries()) {
          const next = positions[index + 1] ?? position
          const isLast = next === position
          expect(await rows(isWithinStatement(whole, position, next))).toEqual([[1]])
          expect(await rows(isWithinStatement(whole, next, position))).toEqual([[isLast ? 1 : 0]])
        }
      }
    })

    it('takes a position of the first columns alone for all rows that begin with it', async () => {
      const { reading, all } = scene()
      const whole = await reading(changes, ['local_at', 'id'], { attributes: ['id'] })
      const upTo = await all(whole, { until: [changedAt(700)] })
      expect(upTo).toHaveLength(Math.floor(700 / 7) * 7 + 7)
      expect((await all(whole, { after: [changedAt(700)] }))[0]?.[0]).toBe(707)
    })
  })

  describe('rows', () => {
    it('are read again by their keys, with whether they moved on', async () => {
      const { reading, rows } = scene()
      const whole = await reading(changes, ['at', 'id'], { attributes: ['id', 'note'] })
      const keys = Array.from({ length: 900 }, (_, index) => String(index * 5))
      const found = await rows(rowsStatement(whole, [...keys, '999999'], [`${changedAt(2_100)}+00`]))
      const byId = found.toSorted(([a], [b]) => Number(a) - Number(b))
      expect(byId.map(([id]) => id)).toEqual(keys.map(Number))
      expect(byId.map((row) => row.at(-1))).toEqual(keys.map((key) => (Number(key) < 2_107 ? 1 : 0)))
    })

    it('are found by every text key, whatever its characters', async () => {
      const { reading, rows } = scene()
      const whole = await reading(textKeys, ['key'])
      for (const key of keyTexts) {
        expect((await rows(rowsStatement(whole, [key], [key]))).map(([found]) => found)).toEqual([key])
      }
    })

    it('are counted', async () => {
      const { reading, rows } = scene()
      const whole = await reading(changes, ['id'])
      expect(await rows(countStatement(whole, { sql: 'TRUE', parameters: [] }))).toEqual([[changeCount]])
    })
  })
}
