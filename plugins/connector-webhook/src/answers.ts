/** What an answer means: any success is one, whatever it says. */
import {
  everyPart,
  type RequestPlan,
  type VendorResponse,
  type Verdict,
  verdict,
  verdictByStatus,
} from '@sluice/connector-sdk'

export function interpret(request: RequestPlan, response: VendorResponse): readonly Verdict[] {
  const isTaken = response.status >= 200 && response.status < 300
  return everyPart(request, isTaken ? verdict.delivered : verdictByStatus(response))
}
