/** Sends a request-as-data, with what must be made for it first, and turns every ending into verdicts. */
import {
  everyPart,
  type RequestPlan,
  type VendorResponse,
  type Verdict,
  verdict,
  verdictByStatus,
  worstFirst,
} from '@sluice/connector-sdk'
import type { Account } from './account.ts'
import type { Authorize, Authorized } from './authorize.ts'
import type { EncodedBody } from './body.ts'
import { httpRequest, type NotAllowed } from './http-request.ts'
import type { HttpRequest, HttpResult, Transport } from './transport.ts'

export type Interpret = (request: RequestPlan, response: VendorResponse) => readonly Verdict[]

/** How requests leave. */
export interface SendingDeps {
  readonly transport: Transport
  /** Makes signatures and tokens. Without it, accounts that need one send nothing. */
  readonly authorize?: Authorize
}

interface Deps extends SendingDeps {
  readonly now: () => number
}

/** The result of one request, with a verdict for each of its parts. */
export interface Sent {
  readonly verdicts: readonly Verdict[]
  readonly latencyMs: number
}

/** How often a request that never left is tried at once. */
const attemptsBeforeFirstByte = 2

export async function sendRequest(
  deps: Deps,
  account: Account,
  request: RequestPlan,
  encoded: EncodedBody,
  timeoutMs: number,
  interpret: Interpret | undefined,
): Promise<Sent> {
  const startedAt = deps.now()
  const result = await exchange(deps, httpRequest(account, request, encoded, timeoutMs))
  const receivedAt = deps.now()
  return {
    verdicts: verdictsOf(request, result, receivedAt, interpret),
    latencyMs: receivedAt - startedAt,
  }
}

/**
 * One request and its answer. A request that the vendor answered with 401 was refused, so it is sent again, once,
 * where a new token or signature can be made.
 */
export async function exchange(deps: SendingDeps, http: HttpRequest | NotAllowed): Promise<HttpResult> {
  if ('kind' in http) return http
  const { credential } = http
  if (credential === undefined) return dispatch(deps, http)
  const { authorize } = deps
  if (authorize === undefined) return { kind: 'not-allowed', code: 'credential_unsupported' }
  const first = await authorize(http, credential, null)
  const result = await dispatchAuthorized(deps, first)
  if (first.kind !== 'ready' || result.kind !== 'answer' || result.status !== 401) return result
  const second = await authorize(http, credential, first.proof)
  return second.kind === 'nothing-new' ? result : dispatchAuthorized(deps, second)
}

async function dispatchAuthorized(deps: SendingDeps, authorized: Authorized): Promise<HttpResult> {
  switch (authorized.kind) {
    case 'ready':
      return dispatch(deps, authorized.request)
    case 'nothing-new':
      return { kind: 'not-allowed', code: 'token_refused' }
    case 'not-sent':
    case 'not-allowed':
      return authorized
  }
}

async function dispatch({ transport }: SendingDeps, http: HttpRequest): Promise<HttpResult> {
  let result = await transport(http)
  for (let attempt = 1; result.kind === 'not-sent' && attempt < attemptsBeforeFirstByte; attempt += 1) {
    result = await transport(http)
  }
  return result
}

function verdictsOf(
  request: RequestPlan,
  result: HttpResult,
  receivedAt: number,
  interpret: Interpret | undefined,
): readonly Verdict[] {
  switch (result.kind) {
    case 'not-sent':
      return everyPart(request, verdict.retry(result.code))
    case 'no-answer':
      return everyPart(request, verdict.unknown(result.code))
    case 'not-allowed':
      return everyPart(request, verdict.setup(result.code))
    case 'answer': {
      const response = responseOf(result, receivedAt)
      const verdicts = interpret?.(request, response) ?? everyPart(request, verdictByStatus(response))
      // A connector that forgets parts must not make them vanish: they may have been applied.
      if (verdicts.length === request.parts.length && verdicts.every(isVerdict)) return verdicts
      return everyPart(request, verdict.unknown('verdicts_missing'))
    }
  }
}

/** What plugin code returns is not checked by its types once it is installed. */
export function isVerdict(answer: Verdict | undefined | null): answer is Verdict {
  return answer !== undefined && answer !== null && worstFirst.includes(answer.kind)
}

/** An answer as `interpret` sees it. */
export function responseOf(
  { headers, status, text }: Extract<HttpResult, { readonly kind: 'answer' }>,
  receivedAt: number,
): VendorResponse {
  return { status, headers, text, json: parseJson(text), receivedAt }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // Not JSON is an answer like any other: `interpret` sees undefined.
    return undefined
  }
}
