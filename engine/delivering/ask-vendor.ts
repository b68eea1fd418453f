/** Asks the vendor something that changes nothing, with the connector's plan, and has the connector read the answer. */
import {
  type PlanContext,
  type RequestPlan,
  type VendorResponse,
  type Verdict,
  verdict,
  verdictByStatus,
} from '@sluice/connector-sdk'
import { type EncodedBody, encodeBody } from '../sending/body.ts'
import { keptCode } from '../sending/codes.ts'
import { sendRequest } from '../sending/send-request.ts'
import type { PassDeps } from './pass-deps.ts'
import { planContext } from './plan-groups.ts'

export type Asked<Answer> =
  | { readonly kind: 'answer'; readonly answer: Answer }
  /** The vendor can't be asked now. */
  | { readonly kind: 'later'; readonly afterMs: number | undefined }
  /** Credentials or configuration don't work. */
  | { readonly kind: 'setup'; readonly code: string }

/** A connector that throws is asked again later, as is a vendor that fails. */
export async function askVendor<Answer>(
  deps: PassDeps,
  plan: (context: PlanContext) => RequestPlan,
  interpret: (response: VendorResponse) => Answer,
): Promise<Asked<Answer>> {
  const { account, lane, progress } = deps
  const found: { answer?: { readonly value: Answer } } = {}
  let asking: RequestPlan
  let body: EncodedBody
  try {
    const request = plan(planContext(lane, progress.start.createdAt))
    asking = { ...request, parts: [{ item: 0, part: 0, effect: 'set' }] }
    body = encodeBody(asking)
  } catch {
    // Plugin code: its message may hold the handle.
    return { kind: 'later', afterMs: undefined }
  }
  const { verdicts } = await sendRequest(
    deps,
    account,
    asking,
    body,
    lane.action.requestTimeoutMs,
    (_, response) => [read(response)],
  )
  if (found.answer !== undefined) return { kind: 'answer', answer: found.answer.value }
  const [ending] = verdicts
  switch (ending?.kind) {
    case 'setup':
      return { kind: 'setup', code: keptCode(ending.code, lane.connectorDefinition.errorCatalogue) }
    case 'throttled':
      return { kind: 'later', afterMs: ending.retryAfterMs }
    default:
      return { kind: 'later', afterMs: undefined }
  }

  function read(response: VendorResponse): Verdict {
    const byStatus = verdictByStatus(response)
    if (byStatus.kind !== 'delivered' && byStatus.kind !== 'refused') return byStatus
    try {
      found.answer = { value: interpret(response) }
      return verdict.delivered
    } catch {
      // Plugin code that can't read an answer learns nothing from it.
      return verdict.retry('answer_unreadable')
    }
  }
}
