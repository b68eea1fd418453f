/** Catalog Items: puts items into a catalog, or replaces them. */
import { defineAction } from '@sluice/connector-sdk'
import { interpretCatalogItems } from '../catalog-answers.ts'
import { itemKeyOf, maxItems } from '../catalog-item-ids.ts'
import { maxBytes } from '../max-bytes.ts'
import { catalogItemsParameters } from './parameters.ts'
import { planCatalogItems } from './plan.ts'

export const catalogItems = defineAction({
  title: 'Create or Replace Catalog Items',
  description:
    'Puts items into a catalog. An item that is there is replaced as a whole: fields not given are emptied.',
  version: 1,
  modes: ['upsert'],
  parameters: catalogItemsParameters,
  limits: () => ({ weights: { items: maxItems }, bytes: maxBytes, onePerRecipient: true }),
  weigh: () => ({ items: 1 }),
  recipient: itemKeyOf,
  plan: planCatalogItems,
  interpret: interpretCatalogItems,
})
