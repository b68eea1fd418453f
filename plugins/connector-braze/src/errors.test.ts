/** Braze's error texts as codes. */
import { describe, expect, it } from 'vitest'
import { errorCatalogue, fatalErrorCode, itemErrorCode } from './errors.ts'
import { messageErrorCode, noticeCode } from './message-errors.ts'
import { catalogAnswers, messageAnswers } from './testing/action-cases.ts'

describe('the code of an item error', () => {
  it.each([
    ["'external_id', 'braze_id', 'user_alias', 'email' or 'phone' is required", 'identifier_missing'],
    ["'external_id' or 'braze_id' or 'user_alias' is required", 'identifier_missing'],
    ["You must specify only one of 'external_id', 'user_alias' or 'braze_id'", 'several_identifiers'],
    ["'email_subscribe' must be 'subscribed', 'unsubscribed', or 'opted_in'", 'bad_email_subscribe'],
    ['BAD_EMAIL_SUBSCRIPTION_STATE', 'bad_email_subscribe'],
    ["'push_subscribe' must be 'subscribed', 'unsubscribed', or 'opted_in'", 'bad_push_subscribe'],
    ['BAD_PUSH_SUBSCRIPTION_STATE', 'bad_push_subscribe'],
    ["The value provided for the 'email' field is not a valid email.", 'invalid_email'],
    ['EMAIL_BAD_FORMAT', 'invalid_email'],
    ['provided external_id is blacklisted and disallowed', 'blocked_user'],
    ['BLACKLISTED_EXTERNAL_USER_ID', 'blocked_user'],
    ['EXTERNAL_USER_ID_TOO_LARGE', 'external_id_too_long'],
    ['BAD_LOCATION_UPDATE', 'bad_location'],
    ['BAD_DEVICE_ID', 'bad_device_id'],
    [
      "token import with 'device_id' must have a device_id less than 255 bytes and at least 8 bytes",
      'bad_device_id',
    ],
    ['BAD_PUSH_TOKEN_VALUE', 'bad_push_token'],
    ['BAD_SUBSCRIPTION_GROUP_STATE', 'bad_subscription_group'],
    ['INVALID_ATTRIBUTE_EMAIL_SUBSCRIPTION_INFO', 'attribute_not_settable'],
    ["'quantity' is not valid", 'bad_quantity'],
    ["The property '#/' did not contain a required property of 'product_id'", 'event_schema_violation'],
  ])('for %j is %s', (text, code) => {
    expect(itemErrorCode(text)).toBe(code)
    expect(errorCatalogue).toHaveProperty(code)
  })

  it('for a text that nobody has seen is vendor_error, so that no text of the vendor is kept', () => {
    expect(itemErrorCode('ann@example.com is no good')).toBe('vendor_error')
    expect(itemErrorCode(undefined)).toBe('vendor_error')
    expect(itemErrorCode({ nested: 'EMAIL_BAD_FORMAT' })).toBe('vendor_error')
  })
})

it('a fatal message has a code only when it is known', () => {
  expect(
    fatalErrorCode("Valid data must be provided in the 'attributes', 'events', or 'purchases' fields."),
  ).toBe('no_valid_data')
  expect(fatalErrorCode('Max Input Length Exceeded')).toBe('too_many_objects')
  expect(fatalErrorCode('The max number of ids per request was exceeded')).toBe('too_many_objects')
  expect(fatalErrorCode('Something about ann@example.com')).toBeUndefined()
})

describe('the code of what Braze says of messages', () => {
  it.each([
    ['Invalid Campaign ID', 'unknown_campaign'],
    ['Campaign does not exist', 'unknown_campaign'],
    ['campaign_id must be a string of the campaign api identifier', 'unknown_campaign'],
    ['Invalid Canvas ID', 'unknown_canvas'],
    ['The campaign is paused. Resume the campaign in order for …', 'campaign_paused'],
    ['The campaign is archived. Unarchive the campaign in order for …', 'campaign_archived'],
    ['The Canvas is paused. Resume the Canvas to ensure …', 'canvas_paused'],
    ['The Canvas is archived. Unarchive the Canvas to ensure …', 'canvas_archived'],
    ['The campaign is not a transactional campaign. Only …', 'campaign_not_transactional'],
    ['Message Variant Unspecified', 'invalid_message_variant'],
    ['Invalid Message Variant', 'invalid_message_variant'],
    ['Mismatched Message Type', 'invalid_message_variant'],
    ['No message to send', 'no_message'],
    ['Error authenticating credentials', 'invalid_api_key'],
    ['Invalid whitelisted IPs', 'address_not_allowed'],
    ['You do not have permission to access this resource', 'access_denied'],
  ])('for %j is %s', (text, code) => {
    expect(messageErrorCode(text)).toBe(code)
    expect(errorCatalogue).toHaveProperty(code)
  })

  it('is none for a text that nobody has seen, and vendor_notice beside a success', () => {
    expect(messageErrorCode('Something about ann@example.com')).toBeUndefined()
    expect(messageErrorCode({ id: 1 })).toBeUndefined()
    expect(noticeCode('Something about ann@example.com')).toBe('vendor_notice')
  })
})

it('every code that an answer leads to may be stored', () => {
  const codes = [...messageAnswers, ...catalogAnswers].flatMap(({ verdict }) =>
    'code' in verdict ? [verdict.code] : [],
  )
  const others = codes.filter((code) => !Object.hasOwn(errorCatalogue, code) && !/^http_\d{3}$/.test(code))
  expect(others).toEqual([])
  for (const code of Object.keys(errorCatalogue)) expect(code).toMatch(/^[a-z]+(_[a-z]+)+$/)
})
