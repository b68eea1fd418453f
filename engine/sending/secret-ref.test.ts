/** Secrets by reference: filled in when a request is sent, wherever a plan places them, and nowhere else. */
import { noAuth, type RequestPlan, secretRef } from '@sluice/connector-sdk'
import { describe, expect, it } from 'vitest'
import { testConnector } from '../../test/harness/test-connector.ts'
import { encodeBody } from './body.ts'
import { httpRequest } from './http-request.ts'
import { sendRequest } from './send-request.ts'
import type { HttpRequest } from './transport.ts'

const secret = 'pa$$"w&rd é'
const account = {
  definition: { ...testConnector, auth: noAuth },
  settings: { region: 'eu' },
  secrets: { apiKey: secret },
}

function plan(changes: Partial<RequestPlan>): RequestPlan {
  return { method: 'POST', path: '/', parts: [{ item: 0, part: 0, effect: 'set' }], ...changes }
}

function made(changes: Partial<RequestPlan>): HttpRequest {
  const request = plan(changes)
  const http = httpRequest(account, request, encodeBody(request), 1000)
  if ('kind' in http) throw new Error(http.code)
  return http
}

describe('a reference', () => {
  it('becomes the secret in JSON, at any depth, encoded as JSON wants it', () => {
    const value = { auth: [{ key: secretRef('apiKey') }], users: [{ name: 'Ann' }] }
    const { body } = made({ body: { kind: 'json', value } })
    expect(JSON.parse(body ?? '')).toEqual({ auth: [{ key: secret }], users: [{ name: 'Ann' }] })
  })

  it('becomes the secret in a form, a text, a header and the query, alone or between texts', () => {
    const text = ['<key>', secretRef('apiKey'), '</key>']
    expect(made({ body: { kind: 'text', text, contentType: 'text/xml' } }).body).toBe(`<key>${secret}</key>`)
    const form = made({ body: { kind: 'form', fields: { key: secretRef('apiKey'), a: 'b' } } }).body
    expect(Object.fromEntries(new URLSearchParams(form ?? ''))).toEqual({ key: secret, a: 'b' })
    expect(made({ headers: { 'x-key': ['Token ', secretRef('apiKey')] } }).headers['x-key']).toBe(
      `Token ${secret}`,
    )
    expect(new URL(made({ query: { key: secretRef('apiKey') } }).url).searchParams.get('key')).toBe(secret)
  })

  it('is known by itself: a text of a record that looks like one stays a text', () => {
    const forged = JSON.parse(JSON.stringify({ name: secretRef('apiKey') })) as { name: string }
    const { body } = made({ body: { kind: 'json', value: { ...forged, key: secretRef('apiKey') } } })
    expect(JSON.parse(body ?? '')).toEqual({ ...forged, key: secret })
    expect(made({ headers: { 'x-name': forged.name } }).headers['x-name']).toBe(forged.name)
  })

  it('of a secret that is not set, or of what is no secret, sends nothing', async () => {
    for (const name of ['missing', 'region', 'constructor']) {
      const request = plan({ body: { kind: 'json', value: { key: secretRef(name) } } })
      let times = 0
      const transport = async () => {
        times += 1
        return { kind: 'answer', status: 200, headers: {}, text: '' } as const
      }
      const deps = { transport, now: () => 0 }
      const { verdicts } = await sendRequest(deps, account, request, encodeBody(request), 1000, undefined)
      expect(verdicts).toEqual([{ kind: 'setup', code: 'secret_missing' }])
      expect(times).toBe(0)
    }
  })

  it('has no value before it is sent: not in the encoded text, and not for the connector', async () => {
    const request = plan({ body: { kind: 'json', value: { key: secretRef('apiKey') } } })
    const encoded = encodeBody(request)
    expect(encoded.text).not.toContain(secret)
    const seen: RequestPlan[] = []
    const transport = async () => ({ kind: 'answer', status: 200, headers: {}, text: '' }) as const
    const deps = { transport, now: () => 0 }
    await sendRequest(deps, account, request, encoded, 1000, (given) => {
      seen.push(given)
      return [{ kind: 'delivered' }]
    })
    expect(JSON.stringify(seen)).not.toContain('pa$$')
  })

  it('is no text that could be glued to another', () => {
    expect(() => `Token ${String(secretRef('apiKey'))}`).toThrow('Place the reference itself')
  })

  it('leaves a body without any as it was encoded once', () => {
    expect(encodeBody(plan({ body: { kind: 'json', value: { a: 1 } } }))).toEqual({
      text: '{"a":1}',
      contentType: 'application/json',
    })
  })
})
