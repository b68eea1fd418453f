/** Braze's error texts as codes of ours. The texts themselves are never kept: a 401 echoes the API key. */
import type { ErrorClass } from '@sluice/connector-sdk'

/** Every code that an answer of Braze can lead to, with the class it is counted under. */
export const errorCatalogue = {
  identifier_missing: 'data',
  several_identifiers: 'data',
  external_id_too_long: 'data',
  blocked_user: 'data',
  invalid_email: 'data',
  bad_email_subscribe: 'data',
  bad_push_subscribe: 'data',
  bad_location: 'data',
  bad_device_id: 'data',
  bad_push_token: 'data',
  bad_subscription_group: 'data',
  attribute_not_settable: 'data',
  bad_quantity: 'data',
  event_schema_violation: 'data',
  vendor_error: 'data',
  unattributed_error: 'data',
  no_valid_data: 'data',
  no_recipients: 'data',
  message_aborted: 'data',
  unknown_campaign: 'setup',
  unknown_canvas: 'setup',
  campaign_paused: 'setup',
  campaign_archived: 'setup',
  campaign_not_transactional: 'setup',
  canvas_paused: 'setup',
  canvas_archived: 'setup',
  unknown_catalog: 'setup',
  unknown_catalog_field: 'setup',
  unknown_catalog_item: 'data',
  invalid_item_id: 'data',
  duplicate_item_id: 'data',
  invalid_item_value: 'data',
  item_too_large: 'limit',
  catalog_storage_full: 'limit',
  vendor_failure: 'transient',
  no_message: 'setup',
  invalid_message_variant: 'setup',
  vendor_notice: 'setup',
  too_many_objects: 'limit',
  body_too_large: 'limit',
  invalid_api_key: 'setup',
  access_denied: 'setup',
  address_not_allowed: 'setup',
  wrong_endpoint: 'setup',
  unreadable_answer: 'transient',
} as const satisfies Record<string, ErrorClass>

export type BrazeErrorCode = keyof typeof errorCatalogue

// Braze documents codes and sends sentences, so each error is known by both.
const knownErrors: readonly (readonly [pattern: RegExp, code: BrazeErrorCode])[] = [
  [/'external_id'.*\bis required$/, 'identifier_missing'],
  [/must specify only one of 'external_id'/, 'several_identifiers'],
  [/^EXTERNAL_USER_ID_TOO_LARGE$/, 'external_id_too_long'],
  [/^BLACKLISTED_EXTERNAL_USER_ID$|external_id is blacklisted/, 'blocked_user'],
  [/^EMAIL_BAD_FORMAT$|'email' field is not a valid email/, 'invalid_email'],
  [/^BAD_EMAIL_SUBSCRIPTION_STATE$|^'email_subscribe' must be/, 'bad_email_subscribe'],
  [/^BAD_PUSH_SUBSCRIPTION_STATE$|^'push_subscribe' must be/, 'bad_push_subscribe'],
  [/^BAD_LOCATION_UPDATE$/, 'bad_location'],
  [/^BAD_DEVICE_ID$|^token import with 'device_id'/, 'bad_device_id'],
  [/^BAD_PUSH_TOKEN_/, 'bad_push_token'],
  [/^BAD_SUBSCRIPTION_GROUP_/, 'bad_subscription_group'],
  [/^INVALID_ATTRIBUTE_EMAIL_SUBSCRIPTION_INFO$/, 'attribute_not_settable'],
  [/^'quantity' is not valid$/, 'bad_quantity'],
  [/^The property '#\/.*' did not contain a required property/, 'event_schema_violation'],
]

/** The code of one entry of `errors[]`, by its `type`. */
export function itemErrorCode(type: unknown): BrazeErrorCode {
  if (typeof type !== 'string') return 'vendor_error'
  return knownErrors.find(([pattern]) => pattern.test(type))?.[1] ?? 'vendor_error'
}

/** The code of a fatal 400, by its `message`; undefined when the message is not known. */
export function fatalErrorCode(message: unknown): BrazeErrorCode | undefined {
  if (typeof message !== 'string') return undefined
  if (message.startsWith('Valid data must be provided')) return 'no_valid_data'
  if (/^Max Input Length Exceeded|^The max number of/.test(message)) return 'too_many_objects'
  if (/^no recipients/i.test(message)) return 'no_recipients'
  if (message.startsWith('Either an email address or a phone number')) return 'several_identifiers'
  return undefined
}
