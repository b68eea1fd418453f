/** What Braze's answer to /users/track means for each attributes, event and purchase object. */
import {
  everyPart,
  type RequestPlan,
  type VendorResponse,
  type Verdict,
  verdict,
} from '@sluice/connector-sdk'
import { isSuccess, readBody, verdictOfFailure } from '../answers.ts'
import { itemErrorCode } from '../errors.ts'

export function interpretTrackUser(request: RequestPlan, response: VendorResponse): readonly Verdict[] {
  const body = readBody(response)
  if (isSuccess(response)) {
    if (typeof body?.['message'] !== 'string') return everyPart(request, verdict.unknown('unreadable_answer'))
    return verdictsOfSuccess(request, body['errors'])
  }
  // A 400 that names every object says all there is to say; any other one may be due to a single object.
  const named = response.status === 400 ? readErrors(request, body?.['errors']).refused : new Map()
  if (named.size > 0 && named.size === request.parts.length) {
    return request.parts.map((_, index) => verdict.refused(named.get(index) ?? 'vendor_error'))
  }
  return everyPart(request, verdictOfFailure(response))
}

function verdictsOfSuccess(request: RequestPlan, errors: unknown): Verdict[] {
  const { refused, hasUnattributed } = readErrors(request, errors)
  const others = hasUnattributed ? verdict.deliveredWithWarning('unattributed_error') : verdict.delivered
  if (refused.size === 0) return everyPart(request, others)
  return request.parts.map((_, index) => {
    const code = refused.get(index)
    return code === undefined ? others : verdict.refused(code)
  })
}

interface ItemErrors {
  /** Codes by index of the part. */
  readonly refused: ReadonlyMap<number, string>
  /** True when something was refused and Braze does not say what. */
  readonly hasUnattributed: boolean
}

function readErrors(request: RequestPlan, errors: unknown): ItemErrors {
  const refused = new Map<number, string>()
  if (errors === undefined || errors === null) return { refused, hasUnattributed: false }
  if (!Array.isArray(errors)) return { refused, hasUnattributed: true }
  let hasUnattributed = false
  for (const error of errors as readonly unknown[]) {
    const index = partIndex(request, error)
    if (index === undefined) hasUnattributed = true
    else if (!refused.has(index)) refused.set(index, itemErrorCode((error as { type?: unknown }).type))
  }
  return { refused, hasUnattributed }
}

/** The part that an entry of `errors[]` is about: parts stand in the order of the arrays, `index` counts within one. */
function partIndex({ body }: RequestPlan, error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || body?.kind !== 'json') return undefined
  const { input_array: array, index } = error as { input_array?: unknown; index?: unknown }
  if (typeof index !== 'number' || !Number.isInteger(index) || index < 0) return undefined
  const sent = body.value as Readonly<Record<string, readonly unknown[] | undefined>>
  let before = 0
  for (const name of arrays) {
    const length = sent[name]?.length ?? 0
    if (name === array) return index < length ? before + index : undefined
    before += length
  }
  return undefined
}

const arrays = ['attributes', 'events', 'purchases'] as const
