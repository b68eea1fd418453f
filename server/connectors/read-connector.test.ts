import braze from '@sluice/connector-braze'
import { z } from '@sluice/connector-sdk'
import { expect, test } from 'vitest'
import { readAccount } from './read-connector.ts'

const saved = { settings: { endpoint: 'https://rest.iad-01.braze.com' }, secrets: { apiKey: 'k' } }

test('a kept secret stays while the address stays, whatever its path, and is asked for when it changes', () => {
  expect(readAccount(braze, { endpoint: 'https://rest.iad-01.braze.com/' }, saved)).toMatchObject({
    ok: true,
  })
  for (const endpoint of [
    'https://evil.example',
    'http://rest.iad-01.braze.com',
    'https://rest.iad-01.braze.com:8443',
  ]) {
    expect(readAccount(braze, { endpoint }, saved)).toMatchObject({
      ok: false,
      issues: [{ path: ['settings', 'apiKey'], code: 'secret_required' }],
    })
    expect(readAccount(braze, { endpoint, apiKey: 'new' }, saved)).toMatchObject({ ok: true })
  }
})

test('settings that make no address are refused, also where the form lets them pass', () => {
  const settings = z.object({ host: z.string() })
  const careless = {
    ...braze,
    settings,
    baseUrl: (given: { host?: unknown }) => new URL(String(given.host)).href,
  }
  expect(readAccount(careless, { host: 'nowhere' }, null)).toMatchObject({
    ok: false,
    issues: [{ path: ['settings'], code: 'invalid_address' }],
  })
})
