/** The parameters of Catalog Items. */
import { z } from '@sluice/connector-sdk'
import { catalogItemFields } from '../catalog-item-ids.ts'
import { issue } from '../fields.ts'
import { jsonEntries } from '../json-entries.ts'

export const catalogItemsParameters = z
  .object({
    ...catalogItemFields,
    fields: jsonEntries(
      {
        title: 'Fields',
        description:
          'Values by the name that the catalog has for the field, in the type of the field; up to 5,000 characters each.',
        group: 'Item',
        examples: [{ city: 'Utrecht', rating: 4 }],
      },
      { invalid: 'invalid_item_value' },
    ),
  })
  .check(({ value: { fields = {} }, issues }) => {
    // The item's own id has a parameter of its own.
    if (Object.hasOwn(fields, 'id')) issues.push(issue('reserved_field_name', ['fields', 'id']))
  })

export type CatalogItems = z.output<typeof catalogItemsParameters>
