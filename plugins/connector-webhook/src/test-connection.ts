/** Asks the address itself. What it answers to that says little, but that it answers, and lets the account in. */
import {
  type PlanContext,
  type RequestPlan,
  type VendorResponse,
  verdict,
  verdictByStatus,
} from '@sluice/connector-sdk'
import { basePath } from './settings.ts'

export const testConnection = {
  plan: ({ settings }: PlanContext): RequestPlan => ({
    method: 'GET',
    path: basePath(settings) === '' ? '/' : basePath(settings),
    parts: [],
  }),
  interpret(response: VendorResponse) {
    const byStatus = verdictByStatus(response)
    // Many hooks take no GET: a 404 or 405 comes from there all the same.
    const isAnswered = response.status < 300 || (byStatus.kind === 'refused' && response.status < 500)
    return isAnswered ? verdict.delivered : byStatus
  },
}
