/** The records of `planning` as the events that Segment would have of them: the same values, in its own shape. */
import type { Kind } from './planning-events.ts'

type Row = Readonly<Record<string, unknown>>
export type PeerEvent = Readonly<Record<string, unknown>>

/** What its default mappings read, for each kind. */
const contentOf: Readonly<Record<Kind, (row: Row) => PeerEvent>> = {
  track: ({ event, received_at, user_id, ...properties }) => ({ type: 'track', event, properties }),
  identify: ({ city, country, first_name, last_name, user_id, birthday, ...traits }) => ({
    type: 'identify',
    traits: {
      ...traits,
      ...{ firstName: first_name, lastName: last_name, birthday: textOf(birthday).slice(0, 10) },
      address: { city, country },
    },
  }),
  purchase: ({ category, currency, order_id, prices, product_ids, quantities, skus }) => ({
    type: 'track',
    event: 'Order Completed',
    properties: {
      order_id,
      currency,
      products: listOf(product_ids).map((product_id, index) => ({
        ...{ product_id, currency, category, sku: listOf(skus)[index] },
        ...{ price: listOf(prices)[index], quantity: listOf(quantities)[index] },
      })),
    },
  }),
}

export function peerEvent(kind: Kind, row: Row, index: number): PeerEvent {
  const at = textOf(row['received_at'] ?? new Date(0))
  return {
    ...{ messageId: `m-${index}`, anonymousId: `a-${index}`, userId: row['user_id'], channel: 'web' },
    ...{ timestamp: at, sentAt: at, receivedAt: at, originalTimestamp: at },
    ...{ context: { library: { name: 'bench', version: '1.0.0' }, traits: {} }, integrations: { All: true } },
    ...contentOf[kind](row),
  }
}

function textOf(value: unknown): string {
  return value instanceof Date ? value.toISOString() : String(value)
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}
