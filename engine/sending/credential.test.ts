/** What people see of an account's credentials in a dry run: masks where something is made when it is sent. */
import { type Connector, type RequestPlan, secretRef } from '@sluice/connector-sdk'
import { expect, it } from 'vitest'
import { certified, referring, signed, withClient } from '../../test/harness/auth-connectors.ts'
import { encodeBody } from './body.ts'
import { httpRequest } from './http-request.ts'
import { masked } from './masked.ts'

const mask = '********'
const settings = { endpoint: 'https://vendor.test', clientId: 'client-7' }
const secrets = {
  ...{ apiKey: mask, signingKey: mask, clientSecret: mask },
  ...{ certificate: mask, privateKey: mask },
}

function shown(definition: Connector, changes: Partial<RequestPlan> = {}) {
  const plan: RequestPlan = { method: 'GET', path: '/', parts: [], ...changes }
  const http = httpRequest({ definition, settings, secrets }, plan, encodeBody(plan), 1000)
  if ('kind' in http) throw new Error(http.code)
  return masked(http)
}

it('shows where a signature, a token and a key will stand', () => {
  expect(shown(signed).headers).toMatchObject({ 'x-signature': `v1=${mask}`, 'x-timestamp': mask })
  expect(shown(withClient).headers).toMatchObject({ authorization: `Bearer ${mask}` })
  expect(shown(certified).headers).toMatchObject({ authorization: `Bearer ${mask}` })
})

it('shows masks in the places of references', () => {
  const body = { kind: 'json', value: { key: secretRef('apiKey'), user: 'ann' } } as const
  expect(shown(referring, { body }).body).toBe(`{"key":"${mask}","user":"ann"}`)
})
