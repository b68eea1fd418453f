/** Cutting into slices: for any items and limits nothing is lost, moved or too much. */
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { cut, type Weighed } from './cut.ts'

interface Numbered extends Weighed {
  readonly index: number
}

const item = fc.record({
  weight: fc.dictionary(fc.constantFrom('a', 'b', 'free'), fc.nat({ max: 12 })),
  recipient: fc.option(fc.constantFrom('ann', 'bob', 'cid', 'dan')),
})
const items = fc
  .array(item, { maxLength: 60 })
  .map((list): Numbered[] => list.map((each, index) => ({ ...each, index })))
const limits = fc.record({
  weights: fc.dictionary(fc.constantFrom('a', 'b'), fc.integer({ min: 1, max: 10 })),
  bytes: fc.constant(1000),
  onePerRecipient: fc.boolean(),
})

function total(slice: readonly Weighed[], unit: string): number {
  return slice.reduce((sum, { weight }) => sum + (weight[unit] ?? 0), 0)
}

it('keeps every item, in order, in slices that are not empty', () =>
  fc.assert(
    fc.property(items, limits, (list, limit) => {
      const slices = cut(list, limit)
      expect(slices.flat()).toEqual(list)
      expect(slices.every((slice) => slice.length > 0)).toBe(true)
    }),
  ))

it('keeps the weights within the limits, except for an item that is too heavy by itself', () =>
  fc.assert(
    fc.property(items, limits, (list, limit) => {
      for (const slice of cut(list, limit)) {
        const isWithin = Object.entries(limit.weights).every(([unit, most]) => total(slice, unit) <= most)
        // Items of no weight may stand beside the heavy one.
        const heavy = slice.filter(({ weight }) => Object.keys(limit.weights).some((unit) => weight[unit]))
        expect(isWithin || heavy.length === 1).toBe(true)
      }
    }),
  ))

it('puts a recipient once into a slice where the connector wants that, and only there', () =>
  fc.assert(
    fc.property(items, limits, (list, limit) => {
      for (const slice of cut(list, limit)) {
        const recipients = slice.flatMap(({ recipient }) => recipient ?? [])
        if (limit.onePerRecipient) expect(new Set(recipients).size).toBe(recipients.length)
      }
    }),
  ))

it('starts a slice only where the one before could not take the next item', () =>
  fc.assert(
    fc.property(items, limits, (list, limit) => {
      const slices = cut(list, limit)
      for (const [index, slice] of slices.slice(1).entries()) {
        const joined = [...(slices[index] ?? []), ...slice.slice(0, 1)]
        expect(cut(joined, limit)).toHaveLength(2)
      }
    }),
  ))

it('does not split items that no limit names', () => {
  const list = Array.from({ length: 1000 }, () => ({ weight: { free: 9 }, recipient: 'ann' }))
  expect(cut(list, { weights: { a: 1 }, bytes: 1000, onePerRecipient: false })).toHaveLength(1)
})

it('gives a heavy item a slice of its own between its neighbours', () => {
  const list = [1, 7, 1].map((a) => ({ weight: { a }, recipient: null }))
  const slices = cut(list, { weights: { a: 5 }, bytes: 1000, onePerRecipient: false })
  expect(slices.map((slice) => slice.map(({ weight }) => weight.a))).toEqual([[1], [7], [1]])
})

it('makes nothing of nothing', () => {
  expect(cut([], { weights: { a: 5 }, bytes: 1000, onePerRecipient: true })).toEqual([])
})
