/** Deliveries and dead letters: every term of the equation, newest first, and nothing of any record. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Prisma } from '../../prisma/generated/client/client.ts'
import { encodeGlobalId, parseGlobalId } from '../../server/graphql/global-id.ts'
import { createTestApp, type TestApp } from '../harness/app.ts'
import { seed } from '../harness/seed.ts'

const canary = 'canary-4711'

interface Place {
  readonly workspaceId: string
  readonly laneId: string
  readonly actionId: string
}

let app: TestApp
let place: Place
let actionId: string
let workspaceId: string

beforeAll(async () => {
  app = await createTestApp()
  const made = await seed(app).workspace().csvSource().segment().connector().action().publish()
  actionId = made.action.id
  workspaceId = made.workspace.id
  const lane = await app.db.lane.findFirstOrThrow()
  place = { workspaceId: lane.workspaceId, laneId: lane.id, actionId: lane.actionId }
})
afterAll(() => app.close())

const sealed = new Uint8Array(Buffer.from(canary))

async function addDelivery(sequence: number, changes: Partial<Prisma.DeliveryUncheckedCreateInput> = {}) {
  const delivery = {
    ...place,
    sequence,
    versionNumber: 1,
    pluginVersion: '0.1.0',
    until: sealed,
    after: sealed,
  }
  return app.db.delivery.create({ data: { ...delivery, ...changes } })
}

async function addException(
  deliveryId: string,
  changes: Partial<Prisma.DeliveryExceptionUncheckedCreateInput>,
) {
  const exception: Prisma.DeliveryExceptionUncheckedCreateInput = {
    workspaceId: place.workspaceId,
    laneId: place.laneId,
    laneSequence: 1,
    deliveryId,
    slice: 0,
    ordinal: 0,
    position: sealed,
    recipientHash: sealed,
    state: 'DEAD',
    reporter: 'SLUICE',
    code: 'identifier_missing',
  }
  return app.db.deliveryException.create({ data: { ...exception, ...changes } })
}

describe('a delivery', () => {
  it('has every term of the equation, and what waits', async () => {
    const { id } = await addDelivery(1, {
      state: 'WAITING',
      waitingUntil: new Date('2026-01-01T00:05:00Z'),
      errorCode: 'http_503',
      matched: 100n,
      delivered: 10n,
      warned: 9n,
      saved: 8n,
      rejected: 7n,
      refused: 6n,
      exhausted: 5n,
      unknown: 4n,
      superseded: 3n,
      gone: 2n,
      cancelled: 1n,
      retries: 12n,
    })
    const { data, errors } = await app.ask(
      `query ($id: ID!) { node(id: $id) { ... on Delivery {
        state sequence versionNumber pluginVersion matched delivered warned saved rejected refused exhausted
        unknown superseded gone cancelled retries waiting waitingUntil errorCode completedAt action { id }
      } } }`,
      { id: encodeGlobalId('Delivery', id) },
    )
    expect(errors).toBeUndefined()
    expect(data.node).toEqual({
      state: 'WAITING',
      sequence: 1,
      versionNumber: 1,
      pluginVersion: '0.1.0',
      matched: 100,
      delivered: 10,
      warned: 9,
      saved: 8,
      rejected: 7,
      refused: 6,
      exhausted: 5,
      unknown: 4,
      superseded: 3,
      gone: 2,
      cancelled: 1,
      retries: 12,
      waiting: 45,
      waitingUntil: '2026-01-01T00:05:00.000Z',
      errorCode: 'http_503',
      completedAt: null,
      action: { id: actionId },
    })
  })
})

describe('the deliveries', () => {
  const ofAction = `query ($id: ID!, $first: Int, $after: String, $states: [DeliveryState!]) {
    action(id: $id) { deliveries(first: $first, after: $after, states: $states) {
      edges { node { sequence } } pageInfo { hasNextPage endCursor }
    } }
  }`
  const sequencesOf = (connection: {
    readonly edges: readonly { readonly node: { readonly sequence: number } }[]
  }) => connection.edges.map(({ node }) => node.sequence)

  beforeAll(async () => {
    for (const sequence of [2, 3, 4]) await addDelivery(sequence, { state: 'COMPLETED' })
  })

  it('of an action come newest first, page by page', async () => {
    const first = await app.ask(ofAction, { id: actionId, first: 3 })
    expect(sequencesOf(first.data.action.deliveries)).toEqual([4, 3, 2])
    const { hasNextPage, endCursor } = first.data.action.deliveries.pageInfo
    expect(hasNextPage).toBe(true)
    const second = await app.ask(ofAction, { id: actionId, first: 3, after: endCursor })
    expect(sequencesOf(second.data.action.deliveries)).toEqual([1])
    expect(second.data.action.deliveries.pageInfo.hasNextPage).toBe(false)
  })

  it('of an action and of a workspace can be limited to states', async () => {
    const action = await app.ask(ofAction, { id: actionId, states: ['WAITING'] })
    expect(sequencesOf(action.data.action.deliveries)).toEqual([1])
    const workspace = await app.ask(
      `query ($id: ID!) { workspace(id: $id) {
        some: deliveries(states: [WAITING, PENDING]) { edges { node { sequence } } }
        all: deliveries { edges { node { sequence } } }
      } }`,
      { id: workspaceId },
    )
    expect(sequencesOf(workspace.data.workspace.some)).toEqual([1])
    expect(sequencesOf(workspace.data.workspace.all)).toEqual([4, 3, 2, 1])
  })

  it('are seen by no token of another workspace', async () => {
    const other = await app.db.workspace.create({ data: { name: 'other', wrappedKey: new Uint8Array(1) } })
    const token = await app.tokenFor(other.id)
    const delivery = await app.db.delivery.findFirstOrThrow()
    const { data } = await app.ask(
      'query ($id: ID!) { node(id: $id) { id } }',
      { id: encodeGlobalId('Delivery', delivery.id) },
      token,
    )
    expect(data).toEqual({ node: null })
  })
})

describe('dead letters', () => {
  it('of an action and of a delivery tell the fault, and no key and no value', async () => {
    const delivery = await addDelivery(5, { rejected: 3n, matched: 3n })
    const id = encodeGlobalId('Delivery', delivery.id)
    await addException(delivery.id, {
      outcome: 'REJECTED',
      count: 2,
      parameterPath: 'externalId',
      lastPosition: sealed,
    })
    await addException(delivery.id, {
      ordinal: 2,
      outcome: 'REFUSED',
      reporter: 'VENDOR',
      code: 'invalid_email',
    })
    await addException(delivery.id, { ordinal: 3, state: 'WAITING', reporter: 'VENDOR', code: 'http_503' })
    const fields =
      'edges { node { id outcome reporter code parameterPath count attempts firstAt createdAt } }'
    const { data, errors } = await app.ask(
      `query ($id: ID!, $actionId: ID!) {
        node(id: $id) { ... on Delivery { deadLetters { ${fields} } } }
        action(id: $actionId) { deadLetters { ${fields} } }
      }`,
      { id, actionId },
    )
    expect(errors).toBeUndefined()
    expect(data.action.deadLetters).toEqual(data.node.deadLetters)
    expect(data.node.deadLetters.edges.map(({ node }: { node: object }) => node)).toMatchObject([
      { outcome: 'REFUSED', reporter: 'VENDOR', code: 'invalid_email', parameterPath: null, count: 1 },
      {
        outcome: 'REJECTED',
        reporter: 'SLUICE',
        code: 'identifier_missing',
        parameterPath: 'externalId',
        count: 2,
      },
    ])
    expect(JSON.stringify(data)).not.toContain(canary)
    expect(JSON.stringify(data)).not.toContain(Buffer.from(canary).toString('base64'))
  })

  it('are found by id, while items that still wait are not', async () => {
    const [dead, waiting] = await Promise.all(
      (['DEAD', 'WAITING'] as const).map((state) =>
        app.db.deliveryException.findFirstOrThrow({ where: { state } }),
      ),
    )
    const document =
      'query ($id: ID!) { node(id: $id) { __typename ... on DeadLetter { delivery { sequence } } } }'
    const found = await app.ask(document, { id: encodeGlobalId('DeadLetter', dead?.id ?? '') })
    expect(found.data.node).toEqual({ __typename: 'DeadLetter', delivery: { sequence: 5 } })
    const notFound = await app.ask(document, { id: encodeGlobalId('DeadLetter', waiting?.id ?? '') })
    expect(notFound.data.node).toBeNull()
  })

  it('have no field for keys, positions or values', async () => {
    const { data } = await app.ask('{ __type(name: "DeadLetter") { fields { name } } }')
    const names = data.__type.fields.map(({ name }: { readonly name: string }) => name)
    expect(names.sort()).toEqual([
      'attempts',
      'code',
      'count',
      'createdAt',
      'delivery',
      'firstAt',
      'id',
      'outcome',
      'parameterPath',
      'reporter',
      'templatePlace',
    ])
  })

  it('cannot be given another workspace by the database', async () => {
    expect(parseGlobalId(workspaceId)?.id).toBe(place.workspaceId)
    const other = await app.db.workspace.create({ data: { name: 'stranger', wrappedKey: new Uint8Array(1) } })
    const delivery = await app.db.delivery.findFirstOrThrow()
    await expect(addException(delivery.id, { workspaceId: other.id })).rejects.toThrow()
  })
})
