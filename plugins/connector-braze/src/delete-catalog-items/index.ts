/** Delete Catalog Items: takes items out of a catalog. */
import { defineAction, z } from '@sluice/connector-sdk'
import { interpretCatalogItems } from '../catalog-answers.ts'
import { catalogItemFields, itemKeyOf, maxItems } from '../catalog-item-ids.ts'
import { maxBytes } from '../max-bytes.ts'
import { planDeleteCatalogItems } from './plan.ts'

export const deleteCatalogItems = defineAction({
  title: 'Delete Catalog Items',
  description: 'Deletes items of a catalog.',
  version: 1,
  modes: ['upsert'],
  parameters: z.object(catalogItemFields),
  limits: () => ({ weights: { items: maxItems }, bytes: maxBytes, onePerRecipient: true }),
  weigh: () => ({ items: 1 }),
  recipient: itemKeyOf,
  plan: planDeleteCatalogItems,
  interpret: interpretCatalogItems,
})
