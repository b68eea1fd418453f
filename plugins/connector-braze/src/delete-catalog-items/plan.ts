/** Payloads as requests to DELETE /catalogs/{name}/items, which queues the items of one catalog. */
import type { PlannedItem, RequestPlan } from '@sluice/connector-sdk'
import { batches } from '../batches.ts'
import { type CatalogItem, maxItems, pathOf } from '../catalog-item-ids.ts'

export function planDeleteCatalogItems(items: readonly PlannedItem<CatalogItem>[]): readonly RequestPlan[] {
  return batches(items, { most: maxItems, effect: 'set', shared: pathOf }).map(
    ({ first, payloads, parts }) => ({
      method: 'DELETE',
      path: pathOf(first),
      body: { kind: 'json', value: { items: payloads.map(({ itemId }) => ({ id: itemId })) } },
      parts,
    }),
  )
}
