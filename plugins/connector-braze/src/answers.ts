/** What an answer means before its content is looked at: the same for every endpoint of Braze. */
import { type VendorResponse, type Verdict, verdict, verdictByStatus } from '@sluice/connector-sdk'
import { fatalErrorCode } from './errors.ts'

/** The parsed body as named values, undefined when it is no JSON object. */
export function readBody(response: VendorResponse): Readonly<Record<string, unknown>> | undefined {
  const { json } = response
  return typeof json === 'object' && json !== null && !Array.isArray(json)
    ? (json as Readonly<Record<string, unknown>>)
    : undefined
}

export function isSuccess(response: VendorResponse): boolean {
  return response.status >= 200 && response.status < 300
}

/** The verdict for all of a request that did not succeed. */
export function verdictOfFailure(response: VendorResponse): Verdict {
  const { status } = response
  if (status === 400)
    return verdict.refusedWhole(fatalErrorCode(readBody(response)?.['message']) ?? 'http_400')
  if (status === 413) return verdict.refusedWhole('body_too_large')
  if (status === 401) return verdict.setup('invalid_api_key')
  if (status === 403) return verdict.setup('access_denied')
  // Braze neither redirects nor misses these paths: the endpoint setting points somewhere else.
  if (status === 404 || status === 405 || (status >= 300 && status < 400))
    return verdict.setup('wrong_endpoint')
  return verdictByStatus(response)
}
