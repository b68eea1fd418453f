/** Which codes may be kept: those we or the connector declared. Anything else could carry a value. */
import type { ConnectorDefinition } from '@sluice/connector-sdk'

const shape = /^[a-z][a-z0-9_]{0,63}$/
const httpStatus = /^http_[1-5]\d\d$/
/** Codes of the transport and of this room; the table is in docs/errors.md. */
const ours: ReadonlySet<string> = new Set([
  'connection_failed',
  'host_not_found',
  'tls_failed',
  'request_invalid',
  'timed_out',
  'connection_lost',
  'answer_too_large',
  'answer_unreadable',
  'host_not_allowed',
  'private_address',
  'verdicts_missing',
  'connector_failed',
  'partly_applied',
  'capture_missing',
  'job_handle_missing',
  'too_large',
  'not_planned',
  'throttled',
  'secret_missing',
  'credential_unsupported',
  'token_refused',
  'token_unavailable',
  'no_access_token',
  'key_unusable',
  'certificate_unusable',
  'certificate_refused',
  'authorization_missing',
  'authorization_expired',
])

/** A code of ours as it may be kept. */
export function ownCode(code: string): string {
  return shape.test(code) ? code : 'invalid'
}

/** A vendor's or transport's code as it may be kept: declared by the connector, an HTTP status or ours. */
export function keptCode(code: string, catalogue: ConnectorDefinition['errorCatalogue']): string {
  if (Object.hasOwn(catalogue, code) && shape.test(code)) return code
  return httpStatus.test(code) || ours.has(code) ? code : 'vendor_error'
}
