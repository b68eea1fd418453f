/** What token endpoints answer, the strict and the others, and what it means. */
import { describe, expect, it } from 'vitest'
import type { HttpRequest, HttpResult } from '../../engine/sending/transport.ts'
import { requestToken, type TokenQuestion } from './token-endpoint.ts'

const now = () => 1_000
const client = {
  tokenUrl: 'https://vendor.test/token',
  ...{ clientId: 'id', clientSecret: 's3cret', authentication: 'basic' as const },
  ...{ headers: {}, contentType: 'form' as const },
  answer: { accessToken: 'access_token', expiresIn: 'expires_in', refreshToken: 'refresh_token' },
}

async function asked(
  result: HttpResult,
  changes: Partial<Parameters<typeof requestToken>[1]> = {},
  question: TokenQuestion = { parameters: { grant_type: 'x' } },
) {
  const requests: HttpRequest[] = []
  const transport = async (request: HttpRequest) => {
    requests.push(request)
    return result
  }
  const answer = await requestToken({ transport, now }, { ...client, ...changes }, question)
  return { answer, request: requests[0] }
}

const answered = (status: number, text: string): HttpResult => ({ kind: 'answer', status, headers: {}, text })

describe('an answer', () => {
  it.each<[string, string, number | null]>([
    ['with its life in seconds', '{"access_token":"t","token_type":"Bearer","expires_in":60}', 61_000],
    ['with its life as a text, without a type', '{"access_token":"t","expires_in":"60"}', 61_000],
    ['without its life', '{"access_token":"t"}', null],
    ['with a life that is none', '{"access_token":"t","expires_in":"soon"}', null],
  ])('%s is a token', async (_, text, expiresAt) => {
    const { answer } = await asked(answered(200, text))
    expect(answer).toEqual({ kind: 'tokens', access: { value: 't', expiresAt }, refreshToken: null })
  })

  it.each<[string, HttpResult, object]>([
    [
      'a grant that is no more',
      answered(400, '{"error":"invalid_grant"}'),
      { kind: 'refused', isGrant: true },
    ],
    [
      'a client that is unknown',
      answered(401, '{"error":"invalid_client"}'),
      { kind: 'refused', isGrant: false },
    ],
    ['a page instead of a token', answered(200, '<html>'), { kind: 'refused', isGrant: false }],
    [
      '200 with an error inside',
      answered(200, '{"error":"invalid_scope"}'),
      { kind: 'refused', isGrant: false },
    ],
    ['a redirect', answered(302, '{"access_token":"t"}'), { kind: 'refused', isGrant: false }],
    ['a busy endpoint', answered(429, ''), { kind: 'not-sent', code: 'token_unavailable' }],
    ['a broken endpoint', answered(502, '<html>'), { kind: 'not-sent', code: 'token_unavailable' }],
    ['no answer', { kind: 'no-answer', code: 'timed_out' }, { kind: 'not-sent', code: 'token_unavailable' }],
    [
      'no connection',
      { kind: 'not-sent', code: 'tls_failed' },
      { kind: 'not-sent', code: 'token_unavailable' },
    ],
    [
      'a private address',
      { kind: 'not-allowed', code: 'private_address' },
      { kind: 'not-allowed', code: 'private_address' },
    ],
  ])('that is %s is none', async (_, result, expected) => {
    expect((await asked(result)).answer).toEqual(expected)
  })
})

describe('an answer in another form', () => {
  const places = { accessToken: 'data.token', expiresIn: 'data.life', refreshToken: 'again' }

  it('has the token, its life and the next one where the client looks for them', async () => {
    const text = '{"data":{"token":"t","life":60},"again":"r","access_token":"another"}'
    expect((await asked(answered(200, text), { answer: places })).answer).toEqual({
      ...{ kind: 'tokens', access: { value: 't', expiresAt: 61_000 }, refreshToken: 'r' },
    })
  })

  it.each([
    '{"access_token":"t"}',
    '{"data":"token"}',
    '{"data":null}',
    '{"data":{"token":{}}}',
    '[]',
    '"data"',
  ])('%s has none there', async (text) => {
    expect((await asked(answered(200, text), { answer: places })).answer).toMatchObject({ kind: 'refused' })
  })

  it('has nothing that it did not bring itself', async () => {
    const answer = { ...places, accessToken: 'constructor.name' }
    expect((await asked(answered(200, '{}'), { answer })).answer).toMatchObject({ kind: 'refused' })
  })
})

describe('a request in another form', () => {
  const token = answered(200, '{"access_token":"t"}')

  it('is JSON, with headers of its own', async () => {
    const changes = {
      ...{ contentType: 'json' as const, authentication: 'body' as const },
      headers: { 'x-key': 'k', accept: 'application/vnd.acme+json' },
    }
    const { request } = await asked(token, changes)
    expect(request?.headers).toEqual({
      ...{ accept: 'application/vnd.acme+json', 'content-type': 'application/json', 'x-key': 'k' },
    })
    expect(JSON.parse(request?.body ?? '')).toEqual({
      ...{ grant_type: 'x', client_id: 'id', client_secret: 's3cret' },
    })
  })

  it('says what it is told, and nothing of the client', async () => {
    const { request } = await asked(token, { authentication: 'body' }, { body: { key: 'a&b' } })
    expect(request?.body).toBe('key=a%26b')
  })
})

describe('a client', () => {
  const token = answered(200, '{"access_token":"t"}')

  it('proves itself in one place only', async () => {
    const basic = (await asked(token)).request
    expect(basic).toMatchObject({
      headers: { authorization: `Basic ${btoa('id:s3cret')}` },
      body: 'grant_type=x',
    })
    const inBody = (await asked(token, { authentication: 'body' })).request
    expect(inBody?.body).toBe('grant_type=x&client_id=id&client_secret=s3cret')
    expect(inBody?.headers).not.toHaveProperty('authorization')
  })

  it('without a secret says who it is', async () => {
    const { request } = await asked(token, { clientSecret: null })
    expect(request?.body).toBe('grant_type=x&client_id=id')
    expect(request?.headers).not.toHaveProperty('authorization')
  })
})
