/** Sends a request-as-data: adds base URL and authentication, and turns every ending into verdicts. */
import {
  type Auth,
  type Connector,
  everyPart,
  type PublicSettings,
  type RequestPlan,
  type VendorResponse,
  type Verdict,
  verdict,
  verdictByStatus,
  worstFirst,
} from '@sluice/connector-sdk'
import type { HttpRequest, HttpResult, Transport } from './transport.ts'

/** An account at a vendor, with its secrets: what a request needs beside its plan. */
export interface Account {
  readonly definition: Connector
  readonly settings: PublicSettings
  readonly secrets: Readonly<Record<string, string>>
}

export type Interpret = (request: RequestPlan, response: VendorResponse) => readonly Verdict[]

interface Deps {
  readonly transport: Transport
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
  const http = httpRequest(account, request, encoded, timeoutMs)
  const startedAt = deps.now()
  let result: HttpResult = { kind: 'not-allowed', code: 'host_not_allowed' }
  if (http !== null) {
    result = await deps.transport(http)
    for (let attempt = 1; result.kind === 'not-sent' && attempt < attemptsBeforeFirstByte; attempt += 1) {
      result = await deps.transport(http)
    }
  }
  const receivedAt = deps.now()
  return {
    verdicts: verdictsOf(request, result, receivedAt, interpret),
    latencyMs: receivedAt - startedAt,
  }
}

/** A body as it goes over the wire. */
export interface EncodedBody {
  readonly text: string | null
  readonly contentType: string | null
}

export function encodeBody({ body }: RequestPlan): EncodedBody {
  if (body === undefined) return { text: null, contentType: null }
  switch (body.kind) {
    case 'json':
      return { text: JSON.stringify(body.value), contentType: 'application/json' }
    case 'form': {
      const text = new URLSearchParams(body.fields).toString()
      return { text, contentType: 'application/x-www-form-urlencoded' }
    }
    case 'text':
      return { text: body.text, contentType: body.contentType }
  }
}

/** Whether a body has at most that many bytes in UTF-8; a UTF-16 unit takes at most three. */
export function fits({ text }: EncodedBody, bytes: number): boolean {
  if (text === null || text.length * 3 <= bytes) return true
  return new TextEncoder().encode(text).length <= bytes
}

/** Null where the connector's base URL and path make no address of its own host: nothing may go there. */
export function httpRequest(
  { definition, settings, secrets }: Account,
  request: RequestPlan,
  body: EncodedBody,
  timeoutMs: number,
): HttpRequest | null {
  const url = addressOf(definition, settings, request.path)
  if (url === null) return null
  for (const [name, value] of Object.entries(request.query ?? {})) url.searchParams.set(name, value)
  const headers: Record<string, string> = {
    accept: 'application/json',
    ...(body.contentType === null ? {} : { 'content-type': body.contentType }),
    ...request.headers,
  }
  authenticate(definition.auth, { ...settings, ...secrets }, headers, url)
  return { method: request.method, url: url.toString(), headers, body: body.text, timeoutMs }
}

function addressOf(definition: Connector, settings: PublicSettings, path: string): URL | null {
  try {
    const base = definition.baseUrl(settings).replace(/\/+$/, '')
    const url = new URL(base + path)
    // A path like `@elsewhere` or `.elsewhere` would carry records and the secret to another host.
    return url.origin === new URL(base).origin ? url : null
  } catch {
    // No address at all; what the connector throws may hold values.
    return null
  }
}

function authenticate(
  auth: Auth,
  values: Readonly<Record<string, unknown>>,
  headers: Record<string, string>,
  url: URL,
): void {
  const value = (name: string) => String(values[name] ?? '')
  switch (auth.kind) {
    case 'none':
      return
    case 'bearer':
      headers['authorization'] = `Bearer ${value(auth.secret)}`
      return
    case 'basic':
      headers['authorization'] = `Basic ${btoa(`${value(auth.username)}:${value(auth.password)}`)}`
      return
    case 'header':
      headers[auth.name] = value(auth.secret)
      return
    case 'query':
      url.searchParams.set(auth.name, value(auth.secret))
  }
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
      const response: VendorResponse = { ...result, json: parseJson(result.text), receivedAt }
      const verdicts = interpret?.(request, response) ?? everyPart(request, verdictByStatus(response))
      // A connector that forgets parts must not make them vanish: they may have been applied.
      if (verdicts.length === request.parts.length && verdicts.every(isVerdict)) return verdicts
      return everyPart(request, verdict.unknown('verdicts_missing'))
    }
  }
}

/** What plugin code returns is not checked by its types once it is installed. */
function isVerdict(answer: Verdict | undefined): boolean {
  return answer !== undefined && answer !== null && worstFirst.includes(answer.kind)
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // Not JSON is an answer like any other: `interpret` sees undefined.
    return undefined
  }
}
