/** What Braze's answer to a request for catalog items means: it takes all of them, or refuses all. */
import {
  everyPart,
  type RequestPlan,
  type VendorResponse,
  type Verdict,
  verdict,
} from '@sluice/connector-sdk'
import { isSuccess, readBody, verdictOfFailure } from './answers.ts'
import { catalogErrorCode } from './catalog-errors.ts'
import type { BrazeErrorCode } from './errors.ts'
import { verdictOfWholeSuccess } from './whole-answers.ts'

export function interpretCatalogItems(request: RequestPlan, response: VendorResponse): readonly Verdict[] {
  return everyPart(
    request,
    isSuccess(response) ? verdictOfWholeSuccess(response) : verdictOfRefusal(response),
  )
}

function verdictOfRefusal(response: VendorResponse): Verdict {
  const code = isRefusal(response) ? codeOf(readBody(response)?.['errors']) : undefined
  if (code === undefined) return verdictOfFailure(response)
  if (code === 'vendor_failure') return verdict.retry(code)
  // One bad item is enough for the others to be refused with it, so the host has to look for it.
  return sameForEveryItem.has(code) ? verdict.refused(code) : verdict.refusedWhole(code)
}

const sameForEveryItem: ReadonlySet<BrazeErrorCode> = new Set(['unknown_catalog', 'catalog_storage_full'])

function isRefusal({ status }: VendorResponse): boolean {
  return status === 400 || status === 404
}

/** The first that is known: of several, any one keeps the request from being taken. */
function codeOf(errors: unknown): BrazeErrorCode | undefined {
  if (!Array.isArray(errors)) return undefined
  for (const error of errors as readonly unknown[]) {
    const code = catalogErrorCode((error as { readonly id?: unknown } | null)?.id)
    if (code !== undefined) return code
  }
  return undefined
}
