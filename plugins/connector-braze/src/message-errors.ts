/** Braze's refusals to send messages, and its remarks beside a success, as codes of ours. */
import type { BrazeErrorCode } from './errors.ts'

// Braze's page of errors gives labels rather than exact texts, so these are matched loosely.
const knownMessageErrors: readonly (readonly [pattern: RegExp, code: BrazeErrorCode])[] = [
  [/^invalid campaign id|^campaign does not exist|^campaign_id must be/i, 'unknown_campaign'],
  [/^invalid canvas id|^canvas does not exist|^canvas_id must be/i, 'unknown_canvas'],
  [/campaign is paused/i, 'campaign_paused'],
  [/campaign is archived/i, 'campaign_archived'],
  [/canvas is paused/i, 'canvas_paused'],
  [/canvas is archived/i, 'canvas_archived'],
  [/^the campaign is not a transactional campaign/i, 'campaign_not_transactional'],
  [
    /^message variant unspecified|^invalid message variant|^mismatched message type/i,
    'invalid_message_variant',
  ],
  [/^no message to send/i, 'no_message'],
  [/^error authenticating credentials/i, 'invalid_api_key'],
  [/^invalid whitelisted ips/i, 'address_not_allowed'],
  [/^you do not have permission/i, 'access_denied'],
]

/** The code of a refusal to send messages that is due to the campaign, the Canvas or the key. */
export function messageErrorCode(message: unknown): BrazeErrorCode | undefined {
  if (typeof message !== 'string') return undefined
  return knownMessageErrors.find(([pattern]) => pattern.test(message))?.[1]
}

/** The code of what Braze remarks beside a success. */
export function noticeCode(notice: unknown): BrazeErrorCode {
  return messageErrorCode(notice) ?? 'vendor_notice'
}
