/** Given these contacts, this goes out; and all that every connector of Sluice must do. */
import { everyPart, verdict } from '@sluice/connector-sdk'
import { conformance } from '@sluice/connector-testing'
import { expect, it } from 'vitest'
import { addContact } from './add-contact.ts'
import acme from './index.ts'

const settings = { endpoint: 'https://api.acme.example' }

conformance(acme, {
  settings,
  payloads: { 'add-contact': [{ id: '1' }, { id: '2', email: 'ann@example.com' }, { id: '3', email: null }] },
})

const contacts = [{ id: '1', email: 'ann@example.com' }, { id: '2' }]
const [request] = addContact.plan(
  contacts.map((payload, index) => ({ payload, change: 'upsert', key: `${index}` })),
  { settings, now: 0 },
)

it('sends contacts in one request', () => {
  expect(request).toMatchObject({
    method: 'POST',
    path: '/contacts',
    body: { value: { contacts: [contacts[0], { id: '2', email: null }] } },
  })
})

it('refuses those that the answer names', () => {
  if (request === undefined) return expect.unreachable('nothing was planned')
  const response = { status: 200, headers: {}, text: '', receivedAt: 0 }
  expect(addContact.interpret?.(request, { ...response, json: { failed: [1] } })).toEqual([
    verdict.delivered,
    verdict.refused('invalid_contact'),
  ])
  expect(addContact.interpret?.(request, { ...response, json: {} })).toEqual(
    everyPart(request, verdict.delivered),
  )
})
