/** One request: where it goes, what it carries, and a verdict for every part however it ends. */
import {
  type Auth,
  basic,
  bearer,
  header,
  noAuth,
  query,
  type RequestPlan,
  type Verdict,
  verdict,
} from '@sluice/connector-sdk'
import { describe, expect, it } from 'vitest'
import { testConnector } from '../../test/harness/test-connector.ts'
import type { Authorize } from './authorize.ts'
import { encodeBody, fits } from './body.ts'
import { httpRequest } from './http-request.ts'
import { type Interpret, sendRequest } from './send-request.ts'
import type { HttpRequest, HttpResult } from './transport.ts'

const request: RequestPlan = {
  method: 'POST',
  path: '/users',
  body: { kind: 'json', value: { a: 1 } },
  parts: [0, 1].map((item) => ({ item, part: 0, effect: 'set' })),
}

function account(auth: Auth, baseUrl = () => 'https://vendor.test') {
  return {
    definition: { ...testConnector, auth, baseUrl },
    settings: { name: 'ann', region: 'eu' },
    secrets: { key: 's3cret', name: 'secret wins' },
  }
}

function made(changes: Partial<RequestPlan>, auth = noAuth, baseUrl = () => 'https://vendor.test') {
  const plan = { ...request, ...changes }
  return httpRequest(account(auth, baseUrl), plan, encodeBody(plan), 1000)
}

/** What goes out; fails where nothing may. */
function allowed(...given: Parameters<typeof made>): HttpRequest {
  const http = made(...given)
  if ('kind' in http) throw new Error(http.code)
  return http
}

const nowhere = { kind: 'not-allowed', code: 'host_not_allowed' }

/** Sends over a transport that ends as told, and counts how often it was asked. */
async function sent(results: readonly HttpResult[], interpret?: Interpret, plan = request) {
  const asked: HttpRequest[] = []
  const transport = async (http: HttpRequest) => {
    asked.push(http)
    return results[asked.length - 1] ?? results[0] ?? { kind: 'not-sent' as const, code: 'none' }
  }
  let clock = 0
  const now = () => {
    clock += 40
    return clock
  }
  const body = encodeBody(plan)
  const outcome = await sendRequest({ transport, now }, account(noAuth), plan, body, 1000, interpret)
  return { ...outcome, times: asked.length }
}

function answer(status: number, text = '', headers = {}): HttpResult {
  return { kind: 'answer', status, text, headers }
}

describe('where a request goes', () => {
  it('is below the base URL, with its query', () => {
    expect(made({ query: { q: 'a b&c' } }, noAuth, () => 'https://vendor.test/v1/')).toMatchObject({
      method: 'POST',
      url: 'https://vendor.test/v1/users?q=a+b%26c',
      timeoutMs: 1000,
    })
  })

  it.each(['@evil.test/users', '.evil.test/users', ':8443/users', ':pass@evil.test/', '%2eevil.test/'])(
    'is never another host: %s',
    (path) => {
      expect(made({ path })).toEqual(nowhere)
    },
  )

  it.each(['//evil.test/users', '/\\evil.test', '/@evil.test', '/..//evil.test/', '/https://evil.test'])(
    'stays at the host with %s',
    (path) => {
      expect(new URL(allowed({ path }).url).host).toBe('vendor.test')
    },
  )

  it('is nowhere without a base URL', () => {
    expect(made({}, noAuth, () => '')).toEqual(nowhere)
    expect(
      made({}, noAuth, () => {
        throw new Error('ann@example.com')
      }),
    ).toEqual(nowhere)
  })
})

describe('authentication', () => {
  it.each<[string, Auth, object]>([
    ['a bearer token', bearer('key'), { headers: { authorization: 'Bearer s3cret' } }],
    ['a header', header('x-api-key', 'key'), { headers: { 'x-api-key': 's3cret' } }],
    ['a query parameter', query('key', 'key'), { url: 'https://vendor.test/users?key=s3cret' }],
    [
      'user and password',
      basic('region', 'key'),
      { headers: { authorization: `Basic ${btoa('eu:s3cret')}` } },
    ],
  ])('puts %s where the vendor wants it', (_, auth, expected) => {
    expect(made({}, auth)).toMatchObject(expected)
  })

  it('takes the secret where a setting has the same name', () => {
    expect(allowed({}, bearer('name')).headers['authorization']).toBe('Bearer secret wins')
  })

  it('is not what a plan says: the plan has no secret', () => {
    const plan = { headers: { authorization: 'Bearer mine' } }
    expect(allowed(plan, bearer('key')).headers['authorization']).toBe('Bearer s3cret')
  })
})

describe('what is made when a request is sent', () => {
  const jwtAuth: Auth = { kind: 'jwt', algorithm: 'HS256', key: 'key', lifetimeSeconds: 60 }

  /** What was done, in order: the transport is asked after each making, where a pass looks at its lease. */
  async function steps(authorize: Authorize | undefined, ...statuses: readonly number[]) {
    const log: string[] = []
    const deps = {
      now: () => 0,
      transport: async ({ headers }: HttpRequest) => {
        log.push(`send ${headers['authorization']}`)
        return answer(statuses[log.filter((each) => each.startsWith('send')).length - 1] ?? 200)
      },
      ...(authorize === undefined
        ? {}
        : {
            authorize: (...given: Parameters<Authorize>) => {
              log.push(`make, refused: ${given[2]}`)
              return authorize(...given)
            },
          }),
    }
    const body = encodeBody(request)
    const { verdicts } = await sendRequest(deps, account(jwtAuth), request, body, 1000, undefined)
    return { log, verdict: verdicts[0] }
  }

  const ready = (made: HttpRequest, proof: string) =>
    ({
      kind: 'ready',
      request: { ...made, headers: { ...made.headers, authorization: proof } },
      proof,
    }) as const
  const counting = (): Authorize => {
    let times = 0
    return async (made) => ready(made, `token ${++times}`)
  }

  it('is made first', async () => {
    const made = await steps(counting(), 200)
    expect(made.log).toEqual(['make, refused: null', 'send token 1'])
    expect(made.verdict).toEqual(verdict.delivered)
  })

  it('is made again once when it was refused, and the request sent again', async () => {
    const made = await steps(counting(), 401, 401, 200)
    expect(made.log).toEqual([
      'make, refused: null',
      'send token 1',
      'make, refused: token 1',
      'send token 2',
    ])
    expect(made.verdict).toEqual(verdict.setup('http_401'))
  })

  it('is not made again for any other answer', async () => {
    for (const status of [400, 403, 429, 500]) {
      expect((await steps(counting(), status)).log).toHaveLength(2)
    }
  })

  it('leaves the answer as it is where nothing better can be made', async () => {
    const once: Authorize = async (made, _, refused) =>
      refused === null ? ready(made, 'only') : { kind: 'nothing-new' }
    const made = await steps(once, 401)
    expect(made.log).toHaveLength(3)
    expect(made.verdict).toEqual(verdict.setup('http_401'))
  })

  it('sends nothing where it cannot be made', async () => {
    const away = await steps(async () => ({ kind: 'not-sent', code: 'token_unavailable' }))
    expect(away).toEqual({ log: ['make, refused: null'], verdict: verdict.retry('token_unavailable') })
    const refused = await steps(async () => ({ kind: 'not-allowed', code: 'token_refused' }))
    expect(refused.verdict).toEqual(verdict.setup('token_refused'))
    const nobody = await steps(undefined)
    expect(nobody).toEqual({ log: [], verdict: verdict.setup('credential_unsupported') })
  })
})

describe('a body', () => {
  it.each<[RequestPlan['body'], string | null, string | null]>([
    [undefined, null, null],
    [{ kind: 'json', value: { a: 'é' } }, '{"a":"é"}', 'application/json'],
    [{ kind: 'form', fields: { a: '1 2', b: '&' } }, 'a=1+2&b=%26', 'application/x-www-form-urlencoded'],
    [{ kind: 'text', text: 'a,b', contentType: 'text/csv' }, 'a,b', 'text/csv'],
  ])('%j is sent as it is meant', (body, text, contentType) => {
    const plan = { ...request, ...(body === undefined ? {} : { body }) }
    const { body: _, ...without } = request
    expect(encodeBody(body === undefined ? without : plan)).toEqual({ text, contentType })
  })

  it('is measured in bytes, not in characters', () => {
    const measure = (text: string, bytes: number) => fits({ text, contentType: null }, bytes)
    expect(measure('aaaa', 4)).toBe(true)
    expect(measure('aaaaa', 4)).toBe(false)
    expect(measure('éé', 4)).toBe(true)
    expect(measure('ééa', 4)).toBe(false)
    expect(measure('😀', 4)).toBe(true)
    expect(measure('€€', 5)).toBe(false)
    expect(fits({ text: null, contentType: null }, 0)).toBe(true)
  })
})

describe('the verdicts', () => {
  it('are retry when nothing was sent, after a second try at once', async () => {
    const nothing: HttpResult = { kind: 'not-sent', code: 'connection_failed' }
    const { verdicts, times } = await sent([nothing])
    expect(verdicts).toEqual([verdict.retry('connection_failed'), verdict.retry('connection_failed')])
    expect(times).toBe(2)
  })

  it('are those of the second try when that one went out', async () => {
    const { verdicts } = await sent([{ kind: 'not-sent', code: 'connection_failed' }, answer(200)])
    expect(verdicts).toEqual([verdict.delivered, verdict.delivered])
  })

  it('are unknown without a second try when no answer came', async () => {
    const { verdicts, times } = await sent([{ kind: 'no-answer', code: 'timed_out' }, answer(200)])
    expect(verdicts).toEqual([verdict.unknown('timed_out'), verdict.unknown('timed_out')])
    expect(times).toBe(1)
  })

  it('are setup when the address must not be called', async () => {
    const { verdicts, times } = await sent([{ kind: 'not-allowed', code: 'private_address' }])
    expect(verdicts).toEqual([verdict.setup('private_address'), verdict.setup('private_address')])
    expect(times).toBe(1)
  })

  it('are setup, and nothing is sent, when the plan leads to another host', async () => {
    const { verdicts, times } = await sent([answer(200)], undefined, { ...request, path: '@evil.test/' })
    expect(verdicts).toEqual([verdict.setup('host_not_allowed'), verdict.setup('host_not_allowed')])
    expect(times).toBe(0)
  })

  it('go by the status where the connector does not interpret', async () => {
    const { verdicts } = await sent([answer(429, '', { 'retry-after': '7' })])
    expect(verdicts).toEqual([verdict.throttled(7000), verdict.throttled(7000)])
  })

  it('are the connector’s own, which sees the parsed body and when it came', async () => {
    const seen: unknown[] = []
    const { verdicts, latencyMs } = await sent([answer(200, '{"ok":[1]}')], (_, response) => {
      seen.push(response.json, response.receivedAt)
      return [verdict.delivered, verdict.refused('bad_user')]
    })
    expect(verdicts).toEqual([verdict.delivered, verdict.refused('bad_user')])
    expect(seen).toEqual([{ ok: [1] }, 80])
    expect(latencyMs).toBe(40)
  })

  it('see undefined for a body that is no JSON', async () => {
    const seen: unknown[] = []
    await sent([answer(200, '<html>')], (plan, response) => {
      seen.push(response.json)
      return plan.parts.map(() => verdict.delivered)
    })
    expect(seen).toEqual([undefined])
  })

  it.each<[string, unknown]>([
    ['one too few', [verdict.delivered]],
    ['one too many', [verdict.delivered, verdict.delivered, verdict.delivered]],
    ['of no known kind', [verdict.delivered, { kind: 'fine' }]],
    ['with a hole', [verdict.delivered, undefined]],
    ['with null', [null, verdict.delivered]],
    ['in no list', { 0: verdict.delivered, 1: verdict.delivered, length: 3 }],
  ])('are unknown, not lost, when the connector gives them %s', async (_, given) => {
    // A plugin's JavaScript is bound by no type.
    const { verdicts } = await sent([answer(200)], () => given as readonly Verdict[])
    expect(verdicts).toEqual([verdict.unknown('verdicts_missing'), verdict.unknown('verdicts_missing')])
  })
})
