/** Where a token stands: at the place that the account says, and in the place of its sign, written as the place wants it. */
import {
  type Auth,
  type Body,
  clientCredentials,
  jwt,
  noAuth,
  type RequestPlan,
  type TokenPlace,
} from '@sluice/connector-sdk'
import { describe, expect, it } from 'vitest'
import { testConnector } from '../../test/harness/test-connector.ts'
import { encodeBody } from './body.ts'
import { httpRequest } from './http-request.ts'
import { masked } from './masked.ts'
import { placeToken } from './place-token.ts'
import type { HttpRequest } from './transport.ts'

const sign = 'Zk3-sign_of-this_delivery0'
const token = 'a+b/c="$&\\<é'

const withToken = (place?: TokenPlace): Auth =>
  clientCredentials({
    ...{ tokenUrl: 'https://login.test/token', clientId: 'id', clientSecret: 'secret' },
    ...(place === undefined ? {} : { place }),
  })

function made(auth: Auth, changes: Partial<RequestPlan>) {
  const request: RequestPlan = { method: 'POST', path: '/', parts: [], ...changes }
  const account = {
    definition: { ...testConnector, auth },
    settings: { id: 'client-7' },
    secrets: { secret: 's3cret' },
    tokenSign: sign,
  }
  return httpRequest(account, request, encodeBody(request), 1000)
}

function sent(auth: Auth, changes: Partial<RequestPlan> = {}): HttpRequest {
  const http = made(auth, changes)
  if ('kind' in http || http.credential === undefined || http.credential.kind === 'hmac')
    throw new Error('No token is made.')
  return placeToken(http, http.credential, token)
}

describe('a token', () => {
  it('goes to the header authorization, or to another with another prefix or none', () => {
    expect(sent(withToken()).headers['authorization']).toBe(`Bearer ${token}`)
    const other = sent(withToken({ in: 'header', name: 'x-auth', prefix: 'Token' }))
    expect(other.headers).toMatchObject({ 'x-auth': `Token ${token}` })
    expect(other.headers).not.toHaveProperty('authorization')
    expect(sent(withToken({ in: 'header', name: 'x-auth', prefix: '' })).headers['x-auth']).toBe(token)
  })

  it('goes to a parameter of the URL, beside the others', () => {
    const { headers, url } = sent(withToken({ in: 'query', name: 'key' }), { query: { a: '1' } })
    expect([...new URL(url).searchParams]).toEqual([
      ['a', '1'],
      ['key', token],
    ])
    expect(headers).not.toHaveProperty('authorization')
  })

  it('that we sign has a place too', () => {
    const place = { in: 'header', name: 'x-jwt' } as const
    const auth = jwt({ algorithm: 'HS256', key: 'secret', lifetimeSeconds: 60, place })
    expect(sent(auth).headers['x-jwt']).toBe(`Bearer ${token}`)
  })
})

describe('a sign', () => {
  const nowhere = withToken({ in: 'templates' })
  const body = (text: string, contentType: string): { readonly body: Body } => ({
    body: { kind: 'text', text, contentType },
  })

  it('becomes the token in path, parameters and headers, and the token goes nowhere else', () => {
    const { headers, url } = sent(nowhere, {
      path: `/${sign}/x?a=${sign}`,
      query: { b: `<${sign}>` },
      headers: { 'x-auth': `Token ${sign}` },
    })
    const { pathname, searchParams } = new URL(url)
    expect(decodeURIComponent(pathname)).toBe(`/${token}/x`)
    expect(Object.fromEntries(searchParams)).toEqual({ a: token, b: `<${token}>` })
    expect(headers).toEqual({ accept: 'application/json', 'x-auth': `Token ${token}` })
  })

  it.each<[string, (text: string) => unknown]>([
    ['application/json', (text) => JSON.parse(text).t],
    ['application/vnd.acme+json; charset=utf-8', (text) => JSON.parse(text).t],
    ['application/x-www-form-urlencoded', (text) => new URLSearchParams(text.slice(6, -2)).get('')],
    ['text/plain', (text) => text.slice(6, -2)],
  ])('becomes the token as a text of %s is written', (contentType, read) => {
    const prefix = contentType.includes('urlencoded') ? '=' : ''
    const text = `{"t":"${prefix}${sign}"}`
    expect(read(sent(nowhere, body(text, contentType)).body ?? '')).toBe(token)
  })

  it('becomes the token in XML, where its letters are written out', () => {
    expect(sent(nowhere, body(`<t a="${sign}"/>`, 'application/xml')).body).toBe(
      '<t a="a+b/c=&#34;$&#38;\\&#60;é"/>',
    )
  })

  it('becomes the token in a planned JSON body and a planned form', () => {
    const json = sent(nowhere, { body: { kind: 'json', value: { t: `x ${sign}` } } })
    expect(JSON.parse(json.body ?? '')).toEqual({ t: `x ${token}` })
    const form = sent(nowhere, { body: { kind: 'form', fields: { t: `x ${sign}` } } })
    expect(new URLSearchParams(form.body ?? '').get('t')).toBe(`x ${token}`)
  })

  it('of another delivery, or what looks like one, stays the text that it is', () => {
    const forged = ['webhook_access_token', '{{webhook_access_token}}', sign.slice(1), sign.toLowerCase()]
    const text = JSON.stringify([...forged, sign])
    expect(JSON.parse(sent(nowhere, body(text, 'application/json')).body ?? '')).toEqual([...forged, token])
  })

  it.each<[string, Auth]>([
    ['makes no token', noAuth],
    ['has a key', { kind: 'bearer', secret: 'secret' }],
  ])('is not sent where the account %s', (_, auth) => {
    expect(made(auth, body(sign, 'text/plain'))).toEqual({ kind: 'not-allowed', code: 'no_access_token' })
    expect(made(auth, body('no sign', 'text/plain'))).toMatchObject({ body: 'no sign' })
  })

  it('is a mask where people look', () => {
    const http = made(nowhere, { ...body(`{"t":"${sign}"}`, 'application/json'), headers: { 'x-a': sign } })
    if ('kind' in http) throw new Error(http.code)
    expect(masked(http)).toMatchObject({ body: '{"t":"********"}', headers: { 'x-a': '********' } })
  })
})
