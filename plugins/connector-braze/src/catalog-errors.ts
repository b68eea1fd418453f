/** Braze's ids of catalog errors as codes of ours. */
import type { BrazeErrorCode } from './errors.ts'

const codes: ReadonlyMap<unknown, BrazeErrorCode> = new Map([
  ['catalog-not-found', 'unknown_catalog'],
  ['item-not-found', 'unknown_catalog_item'],
  ['invalid-fields', 'unknown_catalog_field'],
  ['items-missing-ids', 'invalid_item_id'],
  ['ids-not-strings', 'invalid_item_id'],
  // The page of the replacing call names it so.
  ['ids-not-string', 'invalid_item_id'],
  ['ids-too-large', 'invalid_item_id'],
  ['invalid-ids', 'invalid_item_id'],
  ['ids-not-unique', 'duplicate_item_id'],
  ['invalid-keys-in-value-object', 'invalid_item_value'],
  ['too-deep-nesting-in-value-object', 'invalid_item_value'],
  ['unable-to-coerce-value', 'invalid_item_value'],
  ['filtered-set-field-too-long', 'invalid_item_value'],
  ['items-too-large', 'item_too_large'],
  ['request-includes-too-many-items', 'too_many_objects'],
  ['company-size-limit-already-reached', 'catalog_storage_full'],
  ['company-size-limit-surge', 'catalog_storage_full'],
  ['arbitrary-error', 'vendor_failure'],
])

/** The code of one entry of `errors[]`, by its `id`; undefined when it is not known. */
export function catalogErrorCode(id: unknown): BrazeErrorCode | undefined {
  return codes.get(id)
}
