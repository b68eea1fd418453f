/** That the suite would notice a reference to a secret that the connector has not. */
import { defineAction, defineConnector, secret, secretRef, verdictByStatus, z } from '@sluice/connector-sdk'
import { expect, it } from 'vitest'
import { checkDeterminism, checkRequests } from './check-plan.ts'
import { checkSecrets } from './check-secrets.ts'
import type { Subject } from './subject.ts'

/** A connector whose requests refer to these secrets: in JSON, in a header, and in the connection test. */
function subject(inBody: string, inHeader: string, inTest: string): Subject {
  const action = defineAction({
    title: 'Add user',
    description: 'Adds a user.',
    version: 1,
    modes: ['upsert'],
    parameters: z.object({ id: z.string().meta({ title: 'Id', description: 'Your id of the user.' }) }),
    limits: () => ({ weights: { users: 1 }, bytes: 1_000, onePerRecipient: true }),
    weigh: () => ({ users: 1 }),
    recipient: ({ id }) => id,
    plan: (items) => [
      {
        method: 'POST',
        path: '/users',
        headers: { authorization: ['Token ', secretRef(inHeader)] },
        body: { kind: 'json', value: { auth: [{ key: secretRef(inBody) }] } },
        parts: items.map((_, item) => ({ item, part: 0, effect: 'set' })),
      },
    ],
  })
  const connector = defineConnector({
    ...{ id: 'acme', name: 'Acme', api: '^1.0.0', vendor: 'Acme', categories: ['Examples'] },
    docs: { summary: 'Keeps users at Acme.', requirements: [], links: [] },
    settings: z.object({
      region: z.string().meta({ title: 'Region', description: 'Where it is.' }),
      apiKey: secret({ title: 'Key', description: 'Its key.' }),
    }),
    auth: { kind: 'none' },
    baseUrl: () => 'https://api.acme.example',
    ...{ rateLimits: [], errorCatalogue: {} },
    testConnection: {
      plan: () => ({ method: 'GET', path: '/me', query: { key: secretRef(inTest) }, parts: [] }),
      interpret: (response) => verdictByStatus(response),
    },
    actions: { 'add-user': action },
  })
  return { connector, type: 'add-user', action, settings: { region: 'eu' }, payloads: [{ id: '1' }] }
}

it('takes references to secret settings, which are as pure as the rest of a plan', () => {
  const good = subject('apiKey', 'apiKey', 'apiKey')
  expect([...checkSecrets(good), ...checkRequests(good), ...checkDeterminism(good)]).toEqual([])
})

it('notices every other name, wherever it stands', () => {
  expect(checkSecrets(subject('apikey', 'region', 'token'))).toEqual([
    'A request refers to the secret "apikey", which is no secret setting.',
    'A request refers to the secret "region", which is no secret setting.',
    'A request refers to the secret "token", which is no secret setting.',
  ])
})
