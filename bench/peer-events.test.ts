/** That the peer is given the same values. */
import { expect, it } from 'vitest'
import { peerEvent } from './peer-events.ts'
import { rowsOf } from './planning-ceiling.ts'
import { batchesOf, columnsOf, type Kind } from './planning-events.ts'

function eventOf(kind: Kind, index: number) {
  const names = columnsOf[kind].map(({ name }) => name)
  return peerEvent(kind, rowsOf(names, batchesOf(kind, index + 1, names))[index] ?? {}, index)
}

it('a track event has the record’s properties', () => {
  expect(eventOf('track', 1)).toMatchObject({
    type: 'track',
    userId: 'user_31',
    event: 'Video Watched',
    receivedAt: '2026-01-01T02:11:59.000Z',
    properties: { video_id: 'v1', duration: 17, category: 'sports', quality: 'hd', paid: false },
  })
})

it('an identify event has its traits', () => {
  expect(eventOf('identify', 1)).toMatchObject({
    type: 'identify',
    traits: {
      ...{ email: 'user_31@example.com', firstName: 'Ann', lastName: 'Lee', phone: '+31612345671' },
      ...{ gender: 'female', birthday: '1990-04-02', plan: 'gold', ltv: 13, opt_in: true },
      address: { city: 'Delft', country: 'NL' },
    },
  })
})

it('an order has one product for each place of its lists', () => {
  const products = [
    { product_id: 'p1', sku: 's1', price: 0.37, quantity: 2, currency: 'EUR', category: 'home' },
    { product_id: 'p2', sku: 's2', price: 0.74, quantity: 3, currency: 'EUR', category: 'home' },
  ]
  expect(eventOf('purchase', 1)).toMatchObject({
    event: 'Order Completed',
    properties: { order_id: 'o1', currency: 'EUR', products },
  })
})
