import { secret, z } from '@sluice/connector-sdk'
import { expect, test } from 'vitest'
import { readSettings } from './plugin-settings.ts'

const form = z.object({
  endpoint: z.url(),
  apiKey: secret({ title: 'Key', description: 'A key.' }),
  // Metadata is read from the outermost type.
  password: z.string().optional().meta({ title: 'Password', description: 'Optional.', secret: true }),
  since: z.iso
    .date()
    .transform((text) => new Date(text))
    .optional(),
})
const endpoint = 'https://vendor.example'

test('secrets are split off, and what is stored is JSON', () => {
  expect(readSettings(form, { endpoint, apiKey: 'k', since: '2026-01-31' }, {})).toEqual({
    ok: true,
    settings: { endpoint, since: '2026-01-31T00:00:00.000Z' },
    secrets: { apiKey: 'k' },
  })
})

test('a kept secret stands in for one that is not given, a given one wins, null takes it away', () => {
  const kept = { apiKey: 'old', password: 'p' }
  expect(readSettings(form, { endpoint }, kept)).toMatchObject({ secrets: kept })
  expect(readSettings(form, { endpoint, apiKey: 'new', password: null }, kept)).toMatchObject({
    secrets: { apiKey: 'new' },
  })
  expect(readSettings(form, { endpoint, apiKey: null }, kept)).toMatchObject({
    ok: false,
    issues: [{ path: ['settings', 'apiKey'] }],
  })
})

test('a secret that the form no longer knows is dropped', () => {
  expect(readSettings(form, { endpoint }, { apiKey: 'k', token: 't' })).toMatchObject({
    ok: true,
    secrets: { apiKey: 'k' },
  })
})

test.each([null, 'text', 5, ['list']])('%j is no settings object', (given) => {
  expect(readSettings(form, given, {})).toMatchObject({ ok: false, issues: [{ path: ['settings'] }] })
})

test('no issue repeats a secret', () => {
  const result = readSettings(
    form,
    { endpoint: 'canary-1', apiKey: 'canary-2'.repeat(2000), apikey: 'canary-3' },
    {},
  )
  expect(result).toMatchObject({ ok: false })
  expect(JSON.stringify(result)).not.toContain('canary')
})
