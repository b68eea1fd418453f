/** A first delivery through the real parts: exact counts, exact profiles, exact values. */
import { join } from 'node:path'
import { createBrazeSimulator } from '@sluice/connector-braze/testing'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { startDuckdbWriter } from '../harness/duckdb-writer.ts'
import { mutate } from '../harness/mutate.ts'
import { settled } from '../harness/observe.ts'
import { attribute, withScenes } from '../harness/scene.ts'
import { type Stack, startStack } from '../harness/stack.ts'

let stack: Stack
const it = withScenes(() => stack)
beforeAll(async () => {
  stack = await startStack()
})
afterAll(() => stack.close())

const toProfile = [
  attribute('externalId', 'external_id'),
  attribute('email', 'email'),
  attribute('attributes', 'plan', 'plan'),
]

function customers(count: number) {
  return Array.from({ length: count }, (_, index) => ({
    id: index + 1,
    // One in a hundred has nothing that names a user.
    external_id: index % 100 === 13 ? null : `customer-${index + 1}`,
    email: index % 100 === 13 ? null : `c${index + 1}@example.com`,
    plan: index % 4 === 0 ? 'premium' : 'free',
  }))
}

describe('a first delivery', () => {
  it('counts every record once and leaves exactly the matching ones at the vendor', async ({
    createScene,
  }) => {
    const rows = customers(1_000)
    const scene = await createScene({
      from: rows,
      conditions: { any: [{ all: [{ attribute: 'plan', operator: 'equals', value: 'free' }] }] },
      mappings: toProfile,
    })
    const { counts, deliveries, deadLetters } = await scene.settled(750)

    const matching = rows.filter(({ plan }) => plan === 'free')
    const sendable = matching.filter(({ external_id }) => external_id !== null)
    expect(matching.length - sendable.length).toBeGreaterThan(0)
    expect(counts).toMatchObject({
      matched: matching.length,
      delivered: sendable.length,
      rejected: matching.length - sendable.length,
      waiting: 0,
      retries: 0,
      requests: Math.ceil(matching.length / 75),
    })
    expect(deliveries).toHaveLength(1)
    expect(deliveries[0]).toMatchObject({ sequence: 1, versionNumber: 1, state: 'COMPLETED' })
    expect(deadLetters.reduce((sum, { count }) => sum + count, 0)).toBe(counts.rejected)
    for (const deadLetter of deadLetters) {
      expect(deadLetter).toMatchObject({
        outcome: 'REJECTED',
        reporter: 'SLUICE',
        code: 'identifier_missing',
        parameterPath: 'externalId',
      })
    }

    const profiles = [...scene.braze.profiles()].map(({ externalId, attributes }) => [externalId, attributes])
    const expected = sendable.map((row) => [row.external_id, { email: row.email, plan: row.plan }])
    expect(Object.fromEntries(profiles)).toEqual(Object.fromEntries(expected))
    expect(scene.braze.receivedUsers).toBe(counts.delivered)
    expect(scene.braze.objects).toBe(counts.delivered)
  })

  it('keeps digits, days, instants and every script of the world', async ({ createScene }) => {
    const path = join(stack.folder, 'types.duckdb')
    const writer = startDuckdbWriter()
    await writer.write(
      path,
      `CREATE TABLE people (
         id BIGINT, name VARCHAR, balance DECIMAL(18,4), account HUGEINT, ratio DOUBLE, is_member BOOLEAN,
         born DATE, seen TIMESTAMP, agreed TIMESTAMPTZ, tags VARCHAR[], scores INTEGER[], nothing VARCHAR)`,
      `INSERT INTO people VALUES
         (9007199254740993, 'Zoë 😀 大阪 ‏مرحبا "quoted" \\ ''single''', 1234.5000, 170141183460469231731687303715884105727, 0.1, true,
          '2000-02-29', '2024-03-31 12:30:00.123456', '2024-07-01 12:00:00+02', ['a','ß'], [3, -1], NULL),
         (2, '', -0.0001, -1, -1e300, false, '1899-12-31', '1969-12-31 23:59:59.999', '1970-01-01 00:00:00+00', [], NULL, NULL)`,
    )
    await writer.close()
    const scene = await createScene({
      from: path,
      mappings: [
        attribute('externalId', 'id'),
        attribute('dob', 'born'),
        attribute('dateOfFirstSession', 'seen'),
        ...[
          'name',
          'balance',
          'account',
          'ratio',
          'is_member',
          'born',
          'seen',
          'agreed',
          'tags',
          'scores',
          'nothing',
        ].map((name) => attribute('attributes', name, name)),
      ],
    })
    const { counts } = await scene.settled(2)
    expect(counts).toMatchObject({ matched: 2, delivered: 2 })

    expect(scene.braze.profile('9007199254740993')?.attributes).toEqual({
      dob: '2000-02-29',
      date_of_first_session: '2024-03-31T12:30:00.123Z',
      name: 'Zoë 😀 大阪 ‏مرحبا "quoted" \\ \'single\'',
      balance: 1234.5,
      account: '170141183460469231731687303715884105727',
      ratio: 0.1,
      is_member: true,
      born: '2000-02-29T00:00:00.000Z',
      seen: '2024-03-31T12:30:00.123Z',
      agreed: '2024-07-01T10:00:00.000Z',
      tags: ['a', 'ß'],
      scores: [3, -1],
    })
    expect(scene.braze.profile('2')?.attributes).toMatchObject({
      dob: '1899-12-31',
      date_of_first_session: '1969-12-31T23:59:59.999Z',
      balance: -0.0001,
      account: -1,
      ratio: -1e300,
      is_member: false,
      agreed: '1970-01-01T00:00:00.000Z',
      tags: [],
    })
  })

  it.for<{ readonly what: string; readonly query: object }>([
    {
      what: 'a SELECT',
      query: { sql: 'SELECT c.id, upper(c.plan) AS plan FROM customers c JOIN agreed a USING (id)' },
    },
    {
      what: 'columns of a table under a condition',
      query: { table: { name: 'agreed', columns: ['id', 'plan'], where: "plan <> 'NONE'" } },
    },
  ])('reads $what, what is added later too', async ({ query }, { createScene }) => {
    const path = join(stack.folder, `${'sql' in query ? 'select' : 'condition'}.duckdb`)
    const writer = startDuckdbWriter()
    await writer.write(
      path,
      `CREATE TABLE customers AS SELECT i AS id, 'free' AS plan FROM range(1, 301) r(i)`,
      `CREATE TABLE agreed AS SELECT id, upper(plan) AS plan FROM customers WHERE id % 3 = 0`,
    )
    await writer.close()
    const scene = await createScene({
      from: path,
      source: { query },
      mappings: [attribute('externalId', 'id'), attribute('attributes', 'plan', 'plan')],
    })
    const { counts } = await scene.settled(100)
    expect(counts).toMatchObject({ matched: 100, delivered: 100 })
    expect(scene.braze.profile('300')?.attributes).toEqual({ plan: 'FREE' })
    const later = startDuckdbWriter()
    await later.write(
      path,
      `INSERT INTO customers VALUES (301, 'premium')`,
      `INSERT INTO agreed VALUES (301, 'PREMIUM')`,
    )
    await later.close()
    expect((await scene.settled(101)).counts).toMatchObject({ matched: 101, delivered: 101 })
    expect(scene.braze.profile('301')?.attributes).toEqual({ plan: 'PREMIUM' })
  })

  it('serves two actions on one source, and a second workspace beside them', async ({ createScene }) => {
    const rows = customers(200)
    const premium = rows.filter(({ plan, external_id }) => plan === 'premium' && external_id !== null)
    const scene = await createScene({ from: rows, mappings: toProfile })
    const { workspaceId, source } = scene
    const segment = await mutate(stack, 'createSegment', {
      workspaceId,
      name: 'Premium',
      dataSourceIds: [source.id],
      conditions: { any: [{ all: [{ attribute: 'plan', operator: 'equals', value: 'premium' }] }] },
    })
    const braze = await createBrazeSimulator({ apiKey: 'of-the-second-account' })
    stack.onClose(braze.close)
    const connector = await mutate(stack, 'createConnector', {
      workspaceId,
      name: 'A second account',
      type: 'braze',
      settings: { endpoint: braze.url, apiKey: braze.apiKey },
    })
    await mutate(stack, 'activateConnector', connector)
    const action = await mutate(stack, 'createAction', {
      workspaceId,
      name: 'Premium customers',
      connectorId: connector.id,
      dataSourceId: source.id,
      segmentId: segment.id,
      type: 'track-user',
      mappings: toProfile,
    })
    await mutate(stack, 'activateAction', action)
    expect(await scene.publish()).toBe(2)
    const neighbour = await createScene({ from: rows.slice(0, 3), mappings: toProfile })

    const [all, second, others] = await Promise.all([
      scene.settled(200),
      settled(stack, action.id, 50),
      neighbour.settled(3),
    ])
    // The first action's lane goes on where it was: nothing is sent a second time.
    expect(all.counts).toMatchObject({ matched: 200, delivered: 198, rejected: 2 })
    expect(scene.braze.objects).toBe(198)
    expect(second.counts.delivered).toBe(premium.length)
    expect([...braze.profiles()].map(({ externalId }) => externalId).sort()).toEqual(
      premium.map(({ external_id }) => external_id).sort(),
    )
    expect(others.counts).toMatchObject({ matched: 3, delivered: 3 })
    expect(neighbour.braze.objects).toBe(3)
  })
})
