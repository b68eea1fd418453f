/** A request that stores nothing and shows whether endpoint, key and permission are right. */
import { type RequestPlan, type VendorResponse, type Verdict, verdict } from '@sluice/connector-sdk'
import { isSuccess, readBody, verdictOfFailure } from './answers.ts'

// Braze checks the key and its permission before the content: an empty body gets 401 or 403 from a wrong key, and a
// 400 about the missing data from a right one. Reading a profile instead would ask for one more permission.
export function planTestConnection(): RequestPlan {
  return { method: 'POST', path: '/users/track', body: { kind: 'json', value: {} }, parts: [] }
}

export function interpretTestConnection(response: VendorResponse): Verdict {
  if (!isSuccess(response) && response.status !== 400) return verdictOfFailure(response)
  return typeof readBody(response)?.['message'] === 'string'
    ? verdict.delivered
    : verdict.setup('wrong_endpoint')
}
