/** What token endpoints answer, the strict and the others, and what it means. */
import { describe, expect, it } from 'vitest'
import type { HttpRequest, HttpResult } from '../../engine/sending/transport.ts'
import { requestToken } from './token-endpoint.ts'

const now = () => 1_000
const client = {
  tokenUrl: 'https://vendor.test/token',
  ...{ clientId: 'id', clientSecret: 's3cret', authentication: 'basic' as const },
}

async function asked(result: HttpResult, changes: Partial<Parameters<typeof requestToken>[1]> = {}) {
  const requests: HttpRequest[] = []
  const transport = async (request: HttpRequest) => {
    requests.push(request)
    return result
  }
  const answer = await requestToken({ transport, now }, { ...client, ...changes }, { grant_type: 'x' })
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
