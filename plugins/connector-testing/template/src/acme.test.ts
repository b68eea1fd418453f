/** Given these contacts, this goes out; and all that every connector of Sluice must do. */
import { verdict } from '@sluice/connector-sdk'
import { conformance, testAction } from '@sluice/connector-testing'
import { createVendorSimulator } from '@sluice/connector-testing/simulator'
import { expect, it, onTestFinished } from 'vitest'
import acme from './index.ts'

const settings = { endpoint: 'https://api.acme.example' }

conformance(acme, {
  settings,
  payloads: { 'add-contact': [{ id: '1' }, { id: '2', email: 'ann@example.com' }, { id: '3', email: null }] },
})

it('sends contacts in one request, and refuses those that the answer names', async () => {
  const { requests, verdicts } = await testAction(acme, 'add-contact', {
    settings,
    records: [{ id: 1, email: 'ann@example.com' }, { id: 2 }, { id: 3, email: 'not an address' }],
    responses: [{ status: 200, body: { failed: [1] } }],
  })
  expect(requests).toMatchInlineSnapshot(`
    [
      {
        "body": {
          "contacts": [
            {
              "email": "ann@example.com",
              "id": "1",
            },
            {
              "email": null,
              "id": "2",
            },
          ],
        },
        "headers": {
          "accept": "application/json",
          "authorization": "Bearer <apiKey>",
          "content-type": "application/json",
        },
        "method": "POST",
        "records": [
          0,
          1,
        ],
        "url": "https://api.acme.example/contacts",
      },
    ]
  `)
  expect(verdicts).toEqual([
    verdict.delivered,
    verdict.refused('invalid_contact'),
    verdict.rejected('invalid_email', 'email'),
  ])
})

it('sends a contact again later when the vendor cannot take it now', async () => {
  const { verdicts } = await testAction(acme, 'add-contact', {
    settings,
    records: [{ id: 1 }],
    responses: [{ status: 503 }],
  })
  expect(verdicts).toEqual([verdict.retry('http_503')])
})

it('keeps contacts at a vendor that is too busy at first and then loses its answer', async () => {
  const contacts = new Map<unknown, unknown>()
  const vendor = await createVendorSimulator({
    name: 'Acme',
    isAuthorized: ({ headers }) => headers['authorization'] === 'Bearer <apiKey>',
    routes: {
      'POST /contacts': ({ body }) => ({
        apply() {
          for (const { email, id } of (body as { contacts: { id: string; email: string }[] }).contacts) {
            contacts.set(id, email)
          }
        },
      }),
    },
  })
  onTestFinished(vendor.close)
  vendor.answerNext(
    { kind: 'status', status: 429, headers: { 'retry-after': '2' } },
    { kind: 'reset', stores: true },
  )
  const send = async () =>
    (
      await testAction(acme, 'add-contact', {
        settings: { endpoint: vendor.url },
        records: [{ id: 1, email: 'ann@example.com' }],
        responses: 'http',
      })
    ).verdicts
  expect(await send()).toEqual([verdict.throttled(2_000)])
  expect(contacts.size).toBe(0)
  expect(await send()).toEqual([verdict.unknown('connection_lost')])
  expect(contacts.get('1')).toBe('ann@example.com')
  expect(await send()).toEqual([verdict.delivered])
})
