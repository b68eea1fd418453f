/** What the code of a dead letter means, in a sentence for people. docs/errors.md has a line for each of our codes. */
import type { ErrorClass } from '@sluice/connector-sdk'

const unreached = 'The vendor could not be reached until the retries ran out.'
const unfit = "The attribute's value cannot be made what the parameter wants."
const standsStill =
  'The installed packages cannot run what was published. Install those that can, or publish again.'

/** Sluice's own codes. */
export const messages: Readonly<Record<string, string>> = {
  accepted: 'A job of the vendor has taken the record, and is not over.',
  action_type_missing: standsStill,
  answer_too_large: "The vendor's answer is longer than a vendor's answers are.",
  answer_unreadable: "The vendor's answer could not be read.",
  authorization_expired: 'The vendor renews the access no more. Allow it again with beginAuthorization.',
  authorization_missing: 'Nobody has allowed the access at the vendor yet. Begin with beginAuthorization.',
  broken_text: 'A text ends in half a character, which no vendor reads. Correct it in the source.',
  capture_missing: 'An earlier answer of the vendor lacked what a later request needs.',
  certificate_refused: 'The vendor does not accept the client certificate.',
  certificate_unusable: 'Client certificate, key and passphrase do not go together.',
  connection_failed: unreached,
  connection_lost: 'The connection broke off before the answer was complete.',
  connector_type_discontinued: standsStill,
  connector_failed: "The connector's code failed for the record. Tell its author.",
  credential_unsupported: 'The signature or token cannot be made here. Please report this defect.',
  date_out_of_range: 'A date before the year 0 or after 9999. Correct it in the source.',
  further_errors: 'Errors of further kinds: an action counts a hundred kinds a day one by one.',
  held: 'The record waits behind an earlier one of its recipient.',
  host_not_allowed: "The request would have gone to a host that is not the connector's.",
  host_not_found: unreached,
  interrupted: 'A worker died while the record was on its way, and sending it twice could do harm.',
  invalid: 'The record has a fault without a name that may be kept.',
  job_handle_missing: 'A job of the vendor took the record, and the answer did not say which.',
  job_timed_out: 'The job that took the record was not over in the time that the connector gives it.',
  key_unusable: 'The key to sign with is none, or of another kind.',
  line_break: 'A control character in a header, a URL or its parameters. Leave it out of the value.',
  no_access_token: "A template writes an access token, and the connector's authentication makes none.",
  no_key: 'The secret key of a hash in a template is empty. Map it.',
  not_a_boolean: unfit,
  not_a_date: unfit,
  not_a_json_number: 'A number that JSON does not have: NaN or infinity. Correct it in the source.',
  not_a_number: unfit,
  not_a_single_value: unfit,
  not_an_object: 'A template renders no JSON object where a group of parameters needs one.',
  not_json: 'A template that must be JSON renders something else. Use .toJson, or escapeJson within quotes.',
  not_planned: 'The connector made no request for the record.',
  not_sent: 'An earlier request of the row did not go well.',
  number_too_large: 'A number that JSON cannot keep exactly. Map it to a text.',
  output_too_long: 'A template renders too much for the record.',
  partly_applied: "Some of the record's parts were taken by the vendor and others not.",
  plugin_failed: standsStill,
  plugin_missing: standsStill,
  private_address: 'The vendor has a private address, which SLUICE_ALLOW_PRIVATE_HOSTS does not name.',
  request_invalid: 'The request has a character that HTTP forbids in a header or path.',
  secret_missing: 'A secret or setting that authentication needs is not set. Give it.',
  throttled: 'The vendor took no more records until the retries ran out.',
  timed_out: 'The vendor did not answer in time.',
  tls_failed: unreached,
  token_refused: 'The token endpoint gives no token. Check client id, secret and scopes.',
  token_unavailable: 'The token endpoint gave no usable answer until the retries ran out.',
  too_large: 'The record is more than one request may carry.',
  too_many_steps: 'A template works too long for the record.',
  unequal_lengths: 'Arrays that are mapped to one list have different lengths.',
  unfit_mappings: standsStill,
  unfit_templates: standsStill,
  validation_failed: "The record does not fit the action's parameters.",
  vendor_error: 'The vendor gave an answer that the connector does not know.',
  verdicts_missing: "The vendor's answer does not say what became of the record.",
}

/** How codes that a connector declares are introduced; the code itself says the rest. */
const introductions: Readonly<Record<ErrorClass, string>> = {
  data: 'The vendor finds the record itself at fault',
  throttle: 'The vendor found it too fast until the retries ran out',
  setup: 'The vendor finds credentials or configuration at fault',
  transient: 'The vendor could not take it until the retries ran out',
  limit: 'A limit of the vendor was reached',
}

interface Classified {
  readonly reporter: 'SLUICE' | 'VENDOR'
  readonly code: string
}

/** `catalogue` is that of the connector; undefined where its package is not installed. */
export function messageOf(
  { code, reporter }: Classified,
  catalogue: Readonly<Record<string, ErrorClass>> | undefined,
): string {
  const known = Object.hasOwn(messages, code) ? messages[code] : undefined
  if (known !== undefined) return known
  const status = /^http_(?<status>\d{3})$/.exec(code)?.groups?.['status']
  if (status !== undefined) return `The vendor answered with HTTP status ${status}.`
  const words = code.replaceAll('_', ' ')
  if (reporter === 'SLUICE') return `The record does not fit the action's parameters: ${words}.`
  const declared = catalogue !== undefined && Object.hasOwn(catalogue, code) ? catalogue[code] : undefined
  return declared === undefined
    ? `The vendor does not take the record: ${words}.`
    : `${introductions[declared]}: ${words}.`
}
