/** Records of three kinds, as a source would give them: customers' events, profiles and orders. The same each time. */
import type { AttributeType, AttributeValue, RecordBatch } from '@sluice/connector-sdk'

export const kinds = ['track', 'identify', 'purchase'] as const
export type Kind = (typeof kinds)[number]

interface Column {
  readonly name: string
  readonly type: AttributeType
  valueAt(row: number): AttributeValue
}

export interface Mapped {
  readonly parameter: string
  readonly key?: string
  readonly attribute: string
}

const day = 86_400_000
const start = Date.UTC(2026, 0, 1)
const currencies = ['USD', 'EUR', 'GBP', 'JPY']
const instant = (row: number) => new Date(start + ((row * 7_919) % 86_400) * 1_000)
const user: Column = { name: 'user_id', type: 'string', valueAt: (row) => `user_${(row * 31) % 5_000}` }
const text = (name: string, valueAt: (row: number) => string): Column => ({ name, type: 'string', valueAt })
const number = (name: string, valueAt: (row: number) => number): Column => ({ name, type: 'number', valueAt })
const isTrue = (name: string, valueAt: (row: number) => boolean): Column => ({
  name,
  type: 'boolean',
  valueAt,
})
const ofProducts = <Value extends string | number>(row: number, valueAt: (product: number) => Value) =>
  Array.from({ length: 1 + (row % 3) }, (_, index) => valueAt(row + index))

export const columnsOf: Readonly<Record<Kind, readonly Column[]>> = {
  track: [
    user,
    text('event', () => 'Video Watched'),
    { name: 'received_at', type: 'date', valueAt: instant },
    text('video_id', (row) => `v${row % 300}`),
    number('duration', (row) => (row * 17) % 600),
    text('category', () => 'sports'),
    text('quality', () => 'hd'),
    isTrue('paid', (row) => row % 2 === 0),
  ],
  identify: [
    user,
    text('email', (row) => `user_${(row * 31) % 5_000}@example.com`),
    text('first_name', () => 'Ann'),
    text('last_name', () => 'Lee'),
    text('phone', (row) => `+3161234567${row % 10}`),
    text('gender', () => 'female'),
    { name: 'birthday', type: 'date', valueAt: (row) => new Date(Date.UTC(1990, 3, 1) + (row % 9) * day) },
    text('city', () => 'Delft'),
    text('country', () => 'NL'),
    text('plan', () => 'gold'),
    number('ltv', (row) => (row * 13) % 1_000),
    isTrue('opt_in', (row) => row % 3 > 0),
  ],
  purchase: [
    user,
    { name: 'received_at', type: 'date', valueAt: instant },
    text('order_id', (row) => `o${row}`),
    text('currency', (row) => currencies[row % 4] ?? 'USD'),
    text('category', () => 'home'),
    {
      name: 'product_ids',
      type: 'stringArray',
      valueAt: (row) => ofProducts(row, (product) => `p${product % 500}`),
    },
    { name: 'skus', type: 'stringArray', valueAt: (row) => ofProducts(row, (product) => `s${product % 3}`) },
    {
      name: 'prices',
      type: 'numberArray',
      valueAt: (row) => ofProducts(row, (product) => ((product * 37) % 10_000) / 100),
    },
    {
      name: 'quantities',
      type: 'numberArray',
      valueAt: (row) => ofProducts(row, (product) => 1 + (product % 3)),
    },
  ],
}

export const mappingsOf: Readonly<Record<Kind, readonly Mapped[]>> = {
  track: [
    { parameter: 'externalId', attribute: 'user_id' },
    { parameter: 'events', key: 'name', attribute: 'event' },
    { parameter: 'events', key: 'time', attribute: 'received_at' },
    ...['video_id', 'duration', 'category', 'quality', 'paid'].map((name) => ({
      parameter: 'events',
      key: `properties.${name}`,
      attribute: name,
    })),
  ],
  identify: [
    { parameter: 'externalId', attribute: 'user_id' },
    { parameter: 'email', attribute: 'email' },
    { parameter: 'firstName', attribute: 'first_name' },
    { parameter: 'lastName', attribute: 'last_name' },
    { parameter: 'phone', attribute: 'phone' },
    { parameter: 'gender', attribute: 'gender' },
    { parameter: 'dob', attribute: 'birthday' },
    { parameter: 'homeCity', attribute: 'city' },
    { parameter: 'country', attribute: 'country' },
    ...['plan', 'ltv', 'opt_in'].map((name) => ({ parameter: 'attributes', key: name, attribute: name })),
  ],
  purchase: [
    { parameter: 'externalId', attribute: 'user_id' },
    { parameter: 'purchases', key: 'time', attribute: 'received_at' },
    { parameter: 'purchases', key: 'productId', attribute: 'product_ids' },
    { parameter: 'purchases', key: 'currency', attribute: 'currency' },
    { parameter: 'purchases', key: 'price', attribute: 'prices' },
    { parameter: 'purchases', key: 'quantity', attribute: 'quantities' },
    { parameter: 'purchases', key: 'properties.sku', attribute: 'skus' },
    { parameter: 'purchases', key: 'properties.category', attribute: 'category' },
    { parameter: 'purchases', key: 'properties.order_id', attribute: 'order_id' },
  ],
}

/** Batches as large as DuckDB's. */
const batchRows = 2_048

/** The attributes in this order, then the position: cursor and key. */
export function batchesOf(
  kind: Kind,
  records: number,
  attributes: readonly string[],
): readonly RecordBatch[] {
  const columns: readonly Column[] = [
    ...attributes.flatMap((attribute) => columnsOf[kind].filter(({ name }) => name === attribute)),
    text('position_at', (row) => instant(row).toISOString()),
    text('position_key', String),
  ]
  return Array.from({ length: Math.ceil(records / batchRows) }, (_, batch) => {
    const first = batch * batchRows
    const length = Math.min(batchRows, records - first)
    return {
      length,
      columns: columns.map(({ valueAt }) => Array.from({ length }, (_, row) => valueAt(first + row))),
    }
  })
}
