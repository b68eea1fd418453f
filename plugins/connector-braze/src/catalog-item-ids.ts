/** Which item of which catalog a record is about. */
import { requiredName } from './fields.ts'

/** Items in one request. */
export const maxItems = 50

export const catalogItemFields = {
  catalogName: requiredName(
    {
      title: 'Catalog name',
      description: 'Name of the catalog, which must be there: letters, digits, dashes and underscores.',
      group: 'Catalog',
      examples: ['restaurants'],
    },
    { missing: 'catalog_name_missing', invalid: 'invalid_catalog_name' },
  ),
  itemId: requiredName(
    {
      title: 'Item ID',
      description: 'Identifier of the item: up to 250 letters, digits, dashes and underscores.',
      group: 'Item',
      examples: ['restaurant-1042'],
    },
    { missing: 'item_id_missing', invalid: 'invalid_item_id' },
  ),
}

export interface CatalogItem {
  readonly catalogName: string
  readonly itemId: string
}

export function pathOf({ catalogName }: CatalogItem): string {
  return `/catalogs/${catalogName}/items`
}

/** Items stand in the place of recipients: the changes of one are kept in order. */
export function itemKeyOf({ catalogName, itemId }: CatalogItem): string {
  return `catalog:${catalogName}:${itemId}`
}
