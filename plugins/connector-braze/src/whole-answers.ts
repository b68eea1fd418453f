/** What an answer means that speaks for a whole request and names no item. */
import {
  everyPart,
  type RequestPlan,
  type VendorResponse,
  type Verdict,
  verdict,
} from '@sluice/connector-sdk'
import { isSuccess, readBody, verdictOfFailure } from './answers.ts'

export function interpretWhole(request: RequestPlan, response: VendorResponse): readonly Verdict[] {
  return everyPart(
    request,
    isSuccess(response) ? verdictOfWholeSuccess(response) : verdictOfFailure(response),
  )
}

export function verdictOfWholeSuccess(response: VendorResponse): Verdict {
  const body = readBody(response)
  if (typeof body?.['message'] !== 'string') return verdict.unknown('unreadable_answer')
  return hasErrors(body) ? verdict.deliveredWithWarning('unattributed_error') : verdict.delivered
}

/** Whether a success complains all the same: Braze documents no errors here, so none can be told whose it is. */
export function hasErrors(body: Readonly<Record<string, unknown>>): boolean {
  const { errors } = body
  if (errors === undefined || errors === null) return false
  return !Array.isArray(errors) || errors.length > 0
}
