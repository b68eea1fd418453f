/** Payloads as requests to PUT /catalogs/{name}/items, which queues the items of one catalog. */
import type { JsonValue, PlannedItem, RequestPlan } from '@sluice/connector-sdk'
import { batches } from '../batches.ts'
import { maxItems, pathOf } from '../catalog-item-ids.ts'
import type { CatalogItems } from './parameters.ts'

export function planCatalogItems(items: readonly PlannedItem<CatalogItems>[]): readonly RequestPlan[] {
  return batches(items, { most: maxItems, effect: 'set', shared: pathOf }).map(
    ({ first, payloads, parts }) => ({
      method: 'PUT',
      path: pathOf(first),
      body: { kind: 'json', value: { items: payloads.map(itemObject) } },
      parts,
    }),
  )
}

function itemObject({ itemId, fields }: CatalogItems): JsonValue {
  // The parameters' check has made the values JSON.
  return { id: itemId, ...(fields as Readonly<Record<string, JsonValue>> | undefined) }
}
