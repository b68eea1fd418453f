/** For any payloads: who shares a request, in which order, and never more than it takes. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { batches } from './batches.ts'

const someItems = fc
  .array(fc.record({ campaign: fc.constantFrom('a', 'b', 'c'), send: fc.constantFrom('', 'a') }), {
    maxLength: 60,
  })
  .map((payloads) => payloads.map((payload) => ({ payload, change: 'upsert' as const, key: '' })))

it('every item is in one batch, with others that share what it has, in order, up to the maximum', () => {
  fc.assert(
    fc.property(someItems, fc.integer({ min: 1, max: 7 }), (items, most) => {
      const all = batches(items, {
        most,
        effect: 'append',
        shared: ({ campaign, send }) => [campaign, send],
      })
      const carried = all.map(({ parts }) => parts.map(({ item }) => item))
      expect(carried.flat().sort((one, other) => one - other)).toEqual([...items.keys()])
      for (const [index, { first, payloads, parts }] of all.entries()) {
        expect(payloads.length).toBeGreaterThan(0)
        expect(payloads.length).toBeLessThanOrEqual(most)
        expect(payloads).toEqual(payloads.map(() => first))
        expect(parts).toEqual(carried[index]?.map((item) => ({ item, part: 0, effect: 'append' })))
        expect(payloads).toEqual(carried[index]?.map((item) => items[item]?.payload))
        expect(carried[index]).toEqual([...(carried[index] ?? [])].sort((one, other) => one - other))
      }
      const firsts = carried.map(([item]) => item)
      expect(firsts).toEqual([...firsts].sort((one = 0, other = 0) => one - other))
    }),
  )
})

it('texts that only look alike when joined are told apart', () => {
  const items = [
    { payload: ['a', 'b,c'], change: 'upsert' as const, key: '' },
    { payload: ['a,b', 'c'], change: 'upsert' as const, key: '' },
  ]
  expect(batches(items, { most: 50, effect: 'set', shared: (payload) => payload })).toHaveLength(2)
})
