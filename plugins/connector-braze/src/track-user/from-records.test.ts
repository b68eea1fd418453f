/** Given these records of a source, this goes to Braze and this becomes of them: mapped, zipped, cut, sent, answered. */
import { type ActionMapping, verdict } from '@sluice/connector-sdk'
import { testAction } from '@sluice/connector-testing'
import { expect, it, onTestFinished } from 'vitest'
import braze from '../index.ts'
import { createBrazeSimulator } from '../testing/index.ts'

const from = (attribute: string) => ({ kind: 'attribute', attribute }) as const
const mapping: readonly ActionMapping[] = [
  { parameter: 'externalId', from: from('id') },
  { parameter: 'email', from: from('email') },
  { parameter: 'attributes', key: 'tier', from: from('tier') },
  { parameter: 'events', key: 'name', from: from('seen') },
  { parameter: 'events', key: 'time', from: from('seenAt') },
]
const ann = {
  id: 1042,
  email: 'ann@example.com',
  tier: null,
  seen: ['opened', 'closed'],
  seenAt: ['2026-05-28T10:00:00Z', '2026-05-28T10:05:00Z'],
}

it('a record with lists is one user with an event of each pair', async () => {
  const { requests, verdicts } = await testAction(braze, 'track-user', {
    settings: { endpoint: 'https://rest.iad-01.braze.com' },
    mapping,
    records: [ann],
    responses: [{ status: 201, body: { message: 'success' } }],
  })
  expect(requests).toMatchInlineSnapshot(`
    [
      {
        "body": {
          "attributes": [
            {
              "email": "ann@example.com",
              "external_id": "1042",
            },
          ],
          "events": [
            {
              "external_id": "1042",
              "name": "opened",
              "time": "2026-05-28T10:00:00.000Z",
            },
            {
              "external_id": "1042",
              "name": "closed",
              "time": "2026-05-28T10:05:00.000Z",
            },
          ],
        },
        "headers": {
          "X-Braze-Bulk": "true",
          "accept": "application/json",
          "authorization": "Bearer <apiKey>",
          "content-type": "application/json",
        },
        "method": "POST",
        "records": [
          0,
        ],
        "url": "https://rest.iad-01.braze.com/users/track",
      },
    ]
  `)
  expect(verdicts).toEqual([verdict.delivered])
})

it('lists of different lengths are rejected, with the group that they were to make', async () => {
  const { requests, verdicts } = await testAction(braze, 'track-user', {
    settings: { endpoint: 'https://rest.iad-01.braze.com' },
    mapping,
    records: [{ ...ann, seenAt: ['2026-05-28T10:00:00Z', '2026-05-28T10:05:00Z', '2026-05-28T10:06:00Z'] }],
  })
  expect(requests).toEqual([])
  expect(verdicts).toEqual([verdict.rejected('unequal_lengths', 'events')])
})

it('the simulator takes what goes out, and a user that it has blocked is refused alone', async () => {
  const simulator = await createBrazeSimulator({ apiKey: '<apiKey>', blockedUsers: ['7'] })
  onTestFinished(simulator.close)
  const { verdicts } = await testAction(braze, 'track-user', {
    settings: { endpoint: simulator.url },
    mapping: mapping.slice(0, 2),
    records: [ann, { id: 7, email: 'bob@example.com' }, { id: 8, email: 'cyd@example.com' }],
    responses: 'http',
  })
  expect(verdicts).toEqual([verdict.delivered, verdict.refused('blocked_user'), verdict.delivered])
  expect(simulator.profile('1042')?.attributes).toMatchObject({ email: 'ann@example.com' })
  expect(simulator.profile('7')).toBeUndefined()
})
