/** Forgetting a person: hashes, places and dead letters go, counts go on adding up, and nobody else is touched. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { outcomes } from '../../server/deliveries/rules.ts'
import type { WorkspaceKey } from '../../server/workspaces/keys.ts'
import { createTestApp, type TestApp } from '../harness/app.ts'
import { sumsByGrain } from '../harness/metric-buckets.ts'
import { seedProgress, type WatchedProgress } from '../harness/watched-progress.ts'

let app: TestApp
let place: WatchedProgress
let key: WorkspaceKey
let sourceId: string
beforeAll(async () => {
  app = await createTestApp()
})
afterAll(() => app.close())
beforeEach(async () => {
  place = await seedProgress(app)
  key = await app.deps.workspaceKeys.of(place.workspaceId)
  sourceId = (await app.db.lane.findUniqueOrThrow({ where: { id: place.laneId } })).dataSourceId
})

async function forget(input: object) {
  const { data, errors } = await app.ask(
    `mutation ($input: ForgetRecipientInput!) {
      forgetRecipient(input: $input) {
        __typename
        ... on ForgottenRecipient { deadLetters waiting underWay }
        ... on Problem { code message }
        ... on InvalidInput { issues { path code } }
      }
    }`,
    { input: { workspaceId: place.ids.workspace, identifiers: [], ...input } },
  )
  expect(errors).toBeUndefined()
  return data.forgetRecipient
}

let ordinal = 0

/** Of the row with this key. */
async function addItem(rowKey: string, fields: object = {}) {
  ordinal += 1
  const { workspaceId, deliveryId, laneId } = place
  const dead = { state: 'DEAD', outcome: 'REFUSED' } as const
  const { id } = await app.db.deliveryException.create({
    data: {
      ...{ workspaceId, deliveryId, laneId, laneSequence: 1, slice: 0, ordinal },
      ...{ position: position(rowKey), reporter: 'VENDOR', code: 'http_400' },
      recipientHash: key.hash(`external_id:${rowKey}`),
      ...dead,
      ...fields,
    },
  })
  return id
}

const position = (rowKey: string) => key.seal('position', JSON.stringify([rowKey]))
const left = async () =>
  (await app.db.deliveryException.findMany({ select: { id: true } })).map(({ id }) => id)

test('a person is found by what names it to a vendor, as a connector writes it', async () => {
  const email = key.hash('email:ann@example.com')
  const gone = [await addItem('42'), await addItem('43', { recipientHash: email })]
  const other = await addItem('44')
  expect(await forget({ identifiers: [{ externalId: '42' }, { email: ' Ann@Example.com' }] })).toEqual({
    __typename: 'ForgottenRecipient',
    ...{ deadLetters: 2, waiting: 0, underWay: 0 },
  })
  expect(await left()).toContain(other)
  expect(await left()).not.toEqual(expect.arrayContaining(gone))
})

test('rows lead to dead letters that never had a recipient, and to ranges that begin or end with them', async () => {
  await addItem('42', { recipientHash: null, outcome: 'REJECTED' })
  await addItem('40', { recipientHash: null, count: 3, lastPosition: position('42') })
  const other = await addItem('43', { recipientHash: null })
  const rows = [{ dataSourceId: `DataSource_${sourceId}`, key: ['42'] }]
  expect(await forget({ rows })).toMatchObject({ deadLetters: 4 })
  expect(await left()).toContain(other)
})

test('what waits is given up, counted as cancelled, and its delivery woken', async () => {
  await app.db.delivery.update({
    where: { id: place.deliveryId },
    data: { matched: 5, delivered: 4, state: 'WAITING' },
  })
  await addItem('42', { state: 'WAITING', outcome: null })
  const before = app.workflows.calls.length
  expect(await forget({ identifiers: [{ externalId: '42' }] })).toMatchObject({ deadLetters: 0, waiting: 1 })
  const counts = await app.db.delivery.findUniqueOrThrow({ where: { id: place.deliveryId } })
  expect(counts.cancelled).toBe(1n)
  expect(outcomes.reduce((sum, outcome) => sum + counts[outcome], 0n)).toBe(counts.matched)
  expect(await app.db.lane.findUniqueOrThrow({ where: { id: place.laneId } })).toMatchObject({
    cancelled: 1n,
  })
  const buckets = await app.db.metricBucket.findMany({ where: { actionId: place.actionId } })
  expect(sumsByGrain(buckets).map(({ cancelled }) => cancelled)).toEqual([1n, 1n, 1n])
  expect(app.workflows.calls.slice(before)).toEqual([{ verb: 'wakeDelivery', id: place.deliveryId }])
})

test('what is under way stays, and is told', async () => {
  const soon = new Date(Date.now() + 60_000)
  const trying = await addItem('42', { state: 'TRYING', outcome: null, claimPass: 1 })
  const quarantined = await addItem('42', { quarantinedUntil: soon })
  expect(await forget({ identifiers: [{ externalId: '42' }] })).toMatchObject({ deadLetters: 0, underWay: 2 })
  expect(await left()).toEqual(expect.arrayContaining([trying, quarantined]))
})

test('a person of another workspace stays', async () => {
  const theirs = await addItem('42')
  const before = place
  place = await seedProgress(app)
  expect(await forget({ identifiers: [{ externalId: '42' }] })).toMatchObject({ deadLetters: 0 })
  expect(await left()).toContain(theirs)
  place = before
})

test('names that no connector knows, and keys of the wrong length, are told at once', async () => {
  const rows = [{ dataSourceId: `DataSource_${sourceId}`, key: ['1', '2'] }]
  expect(await forget({ identifiers: [{ externalId: '1' }, { shoeSize: '43' }], rows })).toMatchObject({
    issues: [
      { path: ['identifiers', '1'], code: 'unknown_identifier' },
      { path: ['rows', '0', 'key'], code: 'invalid_row_key' },
    ],
  })
  expect(await forget({})).toMatchObject({ issues: [{ path: ['identifiers'], code: 'too_small' }] })
})

test('it is recorded that somebody was forgotten, and not who', async () => {
  await forget({ identifiers: [{ externalId: 'canary-4711' }] })
  const entries = await app.db.auditEntry.findMany({
    where: { workspaceId: place.workspaceId, verb: 'forgetRecipient' },
  })
  expect(entries).toMatchObject([{ entity: 'Workspace', entityId: place.workspaceId }])
  expect(JSON.stringify(entries)).not.toContain('canary')
  expect(app.log.join('')).not.toContain('canary')
})
