/** What an answer to a request for messages means: one word for all of its recipients. */
import {
  everyPart,
  type RequestPlan,
  type VendorResponse,
  type Verdict,
  verdict,
} from '@sluice/connector-sdk'
import { isSuccess, readBody, verdictOfFailure } from './answers.ts'
import type { BrazeErrorCode } from './errors.ts'
import { messageErrorCode, noticeCode } from './message-errors.ts'
import { hasErrors } from './whole-answers.ts'

export function interpretMessages(request: RequestPlan, response: VendorResponse): readonly Verdict[] {
  return everyPart(
    request,
    isSuccess(response) ? verdictOfSentMessages(response) : verdictOfUnsentMessages(response),
  )
}

export function verdictOfSentMessages(response: VendorResponse): Verdict {
  const body = readBody(response)
  const { dispatch_id: dispatchId, message, notice } = body ?? {}
  if (body === undefined || (typeof dispatchId !== 'string' && typeof message !== 'string')) {
    return verdict.unknown('unreadable_answer')
  }
  // Braze took it, and sends nothing while the campaign or Canvas rests.
  if (notice !== undefined && notice !== null) return verdict.deliveredWithWarning(noticeCode(notice))
  return hasErrors(body) ? verdict.deliveredWithWarning('unattributed_error') : verdict.delivered
}

// What the campaign or Canvas is refused for is the same for each recipient, so that no half would fare better.
export function verdictOfUnsentMessages(response: VendorResponse): Verdict {
  const code = isClientError(response) ? messageErrorCode(readBody(response)?.['message']) : undefined
  if (code === undefined) return verdictOfFailure(response)
  return keyErrors.has(code) ? verdict.setup(code) : verdict.refused(code)
}

const keyErrors: ReadonlySet<BrazeErrorCode> = new Set([
  'invalid_api_key',
  'address_not_allowed',
  'access_denied',
])

function isClientError({ status }: VendorResponse): boolean {
  return status >= 400 && status < 500 && status !== 429
}
