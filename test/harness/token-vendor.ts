/** A vendor with an OAuth 2 token endpoint: checks what it gets, gives out tokens that end, and takes only those. */
import { createHash } from 'node:crypto'
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'

interface Options {
  readonly clientId: string
  /** Null for a public client. */
  readonly clientSecret: string | null
  readonly authentication?: 'basic' | 'body'
  /** Whose name and password it takes for a token. */
  readonly user?: { readonly username: string; readonly password: string }
  readonly scope: string
  readonly expiresInSeconds?: number
  readonly now: () => number
  /** Whether a refresh token works once. */
  readonly rotates?: boolean
  /** Whether the API takes no token at all. */
  readonly takesNone?: () => boolean
  /** Answers a token request before it is looked at. */
  readonly fault?: () => number | null
}

export interface TokenVendor {
  readonly listener: RequestListener
  /** The grants that were asked for, in order. */
  readonly grants: readonly string[]
  /** Parameters of the token requests. */
  readonly forms: readonly URLSearchParams[]
  /** Status of each request to the API, in order. */
  readonly answers: readonly number[]
  /** Bodies that the API took. */
  readonly taken: readonly string[]
  /** Every token that was given out. */
  readonly secrets: readonly string[]
  /** Refresh tokens that were shown twice. */
  reused(): number
  /** Takes back the access tokens that are out. */
  revoke(): void
  /** Takes back what people have allowed. */
  revokeGrants(): void
  /** Somebody opens the page and agrees. */
  allow(page: string): { readonly redirectUri: string; readonly state: string; readonly code: string }
}

export function createTokenVendor(options: Options): TokenVendor {
  const { authentication = 'basic', clientId, clientSecret, expiresInSeconds = 3600, now, scope } = options
  const grants: string[] = []
  const forms: URLSearchParams[] = []
  const answers: number[] = []
  const taken: string[] = []
  const secrets: string[] = []
  const live = new Map<string, number>()
  const codes = new Map<string, URLSearchParams>()
  const refreshTokens = new Set<string>()
  const used = new Set<string>()
  let reused = 0

  function next(kind: string): string {
    const token = `${kind}-${secrets.length + 1}-${Math.random().toString(36).slice(2)}`
    secrets.push(token)
    return token
  }

  function give(withRefresh: boolean) {
    const access = next('access')
    live.set(access, now() + expiresInSeconds * 1000)
    const refresh = withRefresh ? next('refresh') : undefined
    if (refresh !== undefined) refreshTokens.add(refresh)
    return {
      access_token: access,
      token_type: 'Bearer',
      expires_in: expiresInSeconds,
      refresh_token: refresh,
    }
  }

  function isClient(form: URLSearchParams, authorization: string | undefined): boolean {
    if (clientSecret === null) return form.get('client_id') === clientId && authorization === undefined
    if (authentication === 'body') {
      return form.get('client_id') === clientId && form.get('client_secret') === clientSecret
    }
    const encoded = (part: string) => encodeURIComponent(part).replaceAll('%20', '+')
    const pair = `${encoded(clientId)}:${encoded(clientSecret)}`
    return authorization === `Basic ${btoa(pair)}` && !form.has('client_secret')
  }

  function grant(form: URLSearchParams): object | null {
    switch (form.get('grant_type')) {
      case 'client_credentials':
        return form.get('scope') === scope ? give(false) : null
      case 'password': {
        const { password, username } = options.user ?? {}
        const isUser = username === form.get('username') && password === form.get('password')
        return options.user !== undefined && isUser ? give(false) : null
      }
      case 'authorization_code': {
        const code = form.get('code') ?? ''
        const asked = codes.get(code)
        codes.delete(code)
        const challenge = createHash('sha256')
          .update(form.get('code_verifier') ?? '')
          .digest('base64url')
        const fits =
          asked?.get('code_challenge') === challenge && asked.get('redirect_uri') === form.get('redirect_uri')
        return fits ? give(true) : null
      }
      case 'refresh_token': {
        const token = form.get('refresh_token') ?? ''
        if (used.has(token)) reused += 1
        if (!refreshTokens.has(token)) return null
        if (options.rotates !== true) return { ...give(false), refresh_token: undefined }
        refreshTokens.delete(token)
        used.add(token)
        return give(true)
      }
      default:
        return null
    }
  }

  function answerToken(body: string, request: IncomingMessage): [status: number, answer: object] {
    const form = new URLSearchParams(body)
    grants.push(form.get('grant_type') ?? '')
    forms.push(form)
    const fault = options.fault?.() ?? null
    if (fault !== null) return [fault, { error: 'temporarily_unavailable' }]
    if (!isClient(form, request.headers.authorization)) return [401, { error: 'invalid_client' }]
    const tokens = grant(form)
    return tokens === null ? [400, { error: 'invalid_grant' }] : [200, tokens]
  }

  function answerApi(body: string, request: IncomingMessage): [status: number, answer: object] {
    const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? ''
    const isTaken = (live.get(token) ?? 0) > now() && options.takesNone?.() !== true
    const status = isTaken ? 200 : 401
    answers.push(status)
    if (status === 200) taken.push(body)
    return [status, { echo: request.headers.authorization }]
  }

  return {
    grants,
    forms,
    answers,
    taken,
    secrets,
    reused: () => reused,
    revoke: () => live.clear(),
    revokeGrants: () => refreshTokens.clear(),
    allow(page) {
      const { searchParams } = new URL(page)
      const isRight =
        searchParams.get('response_type') === 'code' &&
        searchParams.get('client_id') === clientId &&
        searchParams.get('scope') === scope &&
        searchParams.get('code_challenge_method') === 'S256'
      if (!isRight) throw new Error('The vendor shows an error instead of asking.')
      const code = next('code')
      codes.set(code, searchParams)
      return {
        redirectUri: searchParams.get('redirect_uri') ?? '',
        state: searchParams.get('state') ?? '',
        code,
      }
    },
    listener(request, response) {
      void read(request).then((body) => {
        const isToken = request.url === '/token'
        const [status, answer] = isToken ? answerToken(body, request) : answerApi(body, request)
        send(response, status, answer)
      })
    },
  }
}

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}

function send(response: ServerResponse, status: number, answer: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer))
}
