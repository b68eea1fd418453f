/** What Braze's answer to /transactional/v1/campaigns/{id}/send means for its one e-mail. */
import {
  everyPart,
  type RequestPlan,
  type VendorResponse,
  type Verdict,
  verdict,
} from '@sluice/connector-sdk'
import { isSuccess, readBody } from '../answers.ts'
import { verdictOfSentMessages, verdictOfUnsentMessages } from '../message-answers.ts'

export function interpretTransactionalEmail(
  request: RequestPlan,
  response: VendorResponse,
): readonly Verdict[] {
  return everyPart(request, verdictOf(response))
}

function verdictOf(response: VendorResponse): Verdict {
  const body = readBody(response)
  const message = body?.['message']
  // A repetition came before the first one was through: that one is on its way.
  if (isAlreadyQueued(message)) return verdict.delivered
  if (isSuccess(response)) {
    const status = body?.['status']
    return status === 'aborted' || status === 'bounced'
      ? verdict.refused('message_aborted')
      : verdictOfSentMessages(response)
  }
  const unsent = verdictOfUnsentMessages(response)
  // The id stands in the path: Braze's own words, and no page of another server, mean that it is not known.
  const isUnknownPath = response.status === 404 && unsent.kind === 'setup' && typeof message === 'string'
  return isUnknownPath && unsent.code === 'wrong_endpoint' ? verdict.refused('unknown_campaign') : unsent
}

function isAlreadyQueued(message: unknown): boolean {
  return typeof message === 'string' && message.startsWith('The external reference has been queued')
}
