/** What Braze's answer to /users/delete means: it speaks for the whole request, an unknown user is no error. */
import {
  everyPart,
  type RequestPlan,
  type VendorResponse,
  type Verdict,
  verdict,
} from '@sluice/connector-sdk'
import { isSuccess, readBody, verdictOfFailure } from '../answers.ts'

export function interpretDeleteUser(request: RequestPlan, response: VendorResponse): readonly Verdict[] {
  if (!isSuccess(response)) return everyPart(request, verdictOfFailure(response))
  const body = readBody(response)
  const isReadable = typeof body?.['deleted'] === 'number' || typeof body?.['message'] === 'string'
  return everyPart(request, isReadable ? verdict.delivered : verdict.unknown('unreadable_answer'))
}
