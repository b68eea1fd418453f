/** Planning a group and sending its requests: halving what is refused whole, and living with broken connectors. */
import { type ActionDefinition, type RequestPlan, verdict } from '@sluice/connector-sdk'
import { describe, expect, it } from 'vitest'
import { createPassScene } from '../../test/harness/pass-scene.ts'
import { testConnector } from '../../test/harness/test-connector.ts'
import type { HttpRequest, HttpResult } from '../sending/transport.ts'
import type { SendableItem } from './item.ts'
import { sendItems } from './send-items.ts'

const { lane } = createPassScene({ rows: [] })

function items(...users: readonly string[]): SendableItem[] {
  return users.map((user) => ({
    kind: 'sendable',
    position: [user],
    payload: { user, value: 'v' },
    recipient: user,
    weight: { items: 1 },
  }))
}

/** Sends with a changed action to a vendor that answers as told; gives verdicts by user and the requests. */
async function send(
  users: readonly string[],
  action: Partial<ActionDefinition>,
  answer: (request: HttpRequest) => HttpResult = () => ({
    kind: 'answer',
    status: 200,
    headers: {},
    text: '',
  }),
) {
  const requests: string[] = []
  const answers = await sendItems(
    {
      lane: { ...lane, actionDefinition: { ...lane.actionDefinition, ...action } },
      account: { definition: testConnector, settings: {}, secrets: {} },
      transport: async (request) => {
        requests.push(request.body ?? '')
        return answer(request)
      },
      now: () => 0,
      createdAt: 0,
      itemKey: ({ position }) => position.join('/'),
      requestKey: (request) => request,
      noteStarted: async () => {},
      onRequest: () => {},
    },
    items(...users),
  )
  const verdicts = Object.fromEntries(
    answers.map((parts, index) => [users[index], parts.map((part) => part.verdict)]),
  )
  return { verdicts, requests }
}

function usersOf({ body }: HttpRequest): string[] {
  return (body ?? '').split(' ')
}

/** A plan of one text with the users in it. */
const asText: Partial<ActionDefinition> = {
  plan: (group) => [
    {
      method: 'POST',
      path: '/users',
      body: {
        kind: 'text',
        text: group.map(({ payload }) => payload['user']).join(' '),
        contentType: 'text/plain',
      },
      parts: group.map((_, item) => ({ item, part: 0, effect: 'set' })),
    },
  ],
  interpret: (request, { status }) =>
    request.parts.map(() => (status === 200 ? verdict.delivered : verdict.refusedWhole('bad_user'))),
}
const refusesBad = (request: HttpRequest): HttpResult => ({
  kind: 'answer',
  status: usersOf(request).some((user) => user.startsWith('bad')) ? 400 : 200,
  headers: {},
  text: '',
})

describe('a group that one answer refuses whole', () => {
  it('is halved until the bad item stands alone', async () => {
    const { verdicts } = await send(['a', 'b', 'bad', 'c', 'd'], asText, refusesBad)
    const delivered = [verdict.delivered]
    // By place: an answer belongs to the item that stands where it stands.
    expect(verdicts).toEqual({
      a: delivered,
      b: delivered,
      bad: [verdict.refusedWhole('bad_user')],
      c: delivered,
      d: delivered,
    })
  })

  it('sends each good item once more only as long as it stands beside a bad one', async () => {
    const { requests } = await send(['a', 'b', 'bad', 'c', 'd'], asText, refusesBad)
    expect(requests).toEqual(['a b bad c d', 'a b bad', 'a b', 'bad', 'c d'])
  })

  it('is halved by itself where it is one of several requests', async () => {
    const byInitial: Partial<ActionDefinition> = {
      ...asText,
      plan: (group, context) =>
        [...new Set(group.map(({ payload }) => String(payload['user'])[0]))].flatMap((initial) => {
          const own = group.flatMap((item, index) =>
            String(item.payload['user'])[0] === initial ? [index] : [],
          )
          const part = own.flatMap((index) => group[index] ?? [])
          return (asText.plan?.(part, context) ?? []).map((request) => ({
            ...request,
            parts: own.map((item) => ({ item, part: 0, effect: 'set' as const })),
          }))
        }),
    }
    const { requests, verdicts } = await send(['a1', 'b1', 'bad', 'a2', 'b2'], byInitial, refusesBad)
    expect(requests).toEqual(['a1 a2', 'b1 bad b2', 'b1 bad', 'b1', 'bad', 'b2'])
    const delivered = [verdict.delivered]
    const bad = [verdict.refusedWhole('bad_user')]
    expect(verdicts).toEqual({ a1: delivered, a2: delivered, b1: delivered, b2: delivered, bad })
  })

  it('keeps its verdict for items of which other requests carry parts', async () => {
    const twice: Partial<ActionDefinition> = {
      ...asText,
      plan: (group, context) =>
        [0, 1].flatMap((part) =>
          (asText.plan?.(group, context) ?? []).map((request) => ({
            ...request,
            parts: request.parts.map((each) => ({ ...each, part })),
          })),
        ),
    }
    const { requests, verdicts } = await send(['a', 'bad'], twice, refusesBad)
    expect(requests).toEqual(['a bad', 'a bad'])
    expect(verdicts['a']).toEqual([verdict.refusedWhole('bad_user'), verdict.refusedWhole('bad_user')])
  })

  it('ends when every item is bad', async () => {
    const users = Array.from({ length: 16 }, (_, index) => `bad${index}`)
    const { verdicts, requests } = await send(users, asText, refusesBad)
    expect(Object.values(verdicts)).toEqual(users.map(() => [verdict.refusedWhole('bad_user')]))
    expect(requests).toHaveLength(31)
  })

  it('is not planned anew when other requests of it were sent already', async () => {
    const perItem: Partial<ActionDefinition> = {
      ...asText,
      plan: (group) =>
        group.map(({ payload }, item): RequestPlan => {
          const text = String(payload['user'])
          const body = { kind: 'text', text, contentType: 'text/plain' } as const
          return { method: 'POST', path: '/users', body, parts: [{ item, part: 0, effect: 'append' }] }
        }),
    }
    const { requests } = await send(['a', 'bad', 'b'], perItem, refusesBad)
    expect(requests).toEqual(['a', 'bad', 'b'])
  })
})

describe('a body over the limit', () => {
  it('is halved before anything is sent', async () => {
    const limits = () => ({ weights: {}, bytes: 5, onePerRecipient: false })
    const { verdicts, requests } = await send(['aa', 'bb', 'cc', 'dd'], { ...asText, limits })
    expect(requests).toEqual(['aa bb', 'cc dd'])
    expect(Object.values(verdicts)).toEqual(Array(4).fill([verdict.delivered]))
  })

  it('rejects an item that does not fit by itself', async () => {
    const limits = () => ({ weights: {}, bytes: 5, onePerRecipient: false })
    const { verdicts, requests } = await send(['aa', 'much too long', 'bb'], { ...asText, limits })
    expect(verdicts['much too long']).toEqual([verdict.rejected('too_large')])
    expect(verdicts['aa']).toEqual([verdict.delivered])
    expect(requests).toEqual(['aa', 'bb'])
  })
})

describe('a connector that', () => {
  /** A plan that fails for groups with the user `odd`, as told. */
  function failing(how: () => unknown): Partial<ActionDefinition> {
    return {
      ...asText,
      plan: (group, context) => {
        if (group.some(({ payload }) => payload['user'] === 'odd')) return how() as readonly RequestPlan[]
        return asText.plan?.(group, context) ?? []
      },
    }
  }
  const part = { item: 0, part: 0, effect: 'set' as const }

  it.each<[string, () => unknown]>([
    [
      'throws',
      () => {
        throw new Error('odd')
      },
    ],
    ['gives no list', () => undefined],
    ['gives a hole', () => [undefined]],
    [
      'gives a body that is no JSON',
      () => [{ method: 'POST', path: '/', body: { kind: 'json', value: { n: 1n } }, parts: [part] }],
    ],
  ])('%s for one item costs that item alone', async (_, how) => {
    const { verdicts } = await send(['a', 'odd', 'b'], failing(how))
    expect(verdicts).toEqual({
      a: [verdict.delivered],
      b: [verdict.delivered],
      odd: [verdict.rejected('connector_failed')],
    })
  })

  it('plans nothing for an item leaves it without a verdict, not with a good one', async () => {
    const skips = { ...asText, plan: () => [] }
    const { verdicts, requests } = await send(['a', 'b'], skips)
    expect(verdicts).toEqual({ a: [], b: [] })
    expect(requests).toEqual([])
  })

  it('can’t read an answer leaves open whether it was taken', async () => {
    const throws: Partial<ActionDefinition> = {
      ...asText,
      interpret: () => {
        throw new Error('ann@example.com')
      },
    }
    const { verdicts } = await send(['a', 'b'], throws)
    expect(verdicts).toEqual({
      a: [verdict.unknown('answer_unreadable')],
      b: [verdict.unknown('answer_unreadable')],
    })
  })
})

it('gives an item of several requests the verdicts of all its parts', async () => {
  const two: Partial<ActionDefinition> = {
    ...asText,
    plan: (group, context) => [
      ...(asText.plan?.(group, context) ?? []),
      ...(asText.plan?.(group, context) ?? []),
    ],
  }
  const { verdicts, requests } = await send(['a', 'b'], two)
  expect(requests).toHaveLength(2)
  expect(verdicts).toEqual({
    a: [verdict.delivered, verdict.delivered],
    b: [verdict.delivered, verdict.delivered],
  })
})

it('makes an item’s key only for a connector that asks for it', async () => {
  const asked: string[] = []
  const counted = { get: ({ position }: SendableItem) => asked.push(position.join('/')) }
  const run = (action: Partial<ActionDefinition>) =>
    sendItems(
      {
        lane: { ...lane, actionDefinition: { ...lane.actionDefinition, ...action } },
        account: { definition: testConnector, settings: {}, secrets: {} },
        transport: async () => ({ kind: 'answer', status: 200, headers: {}, text: '' }),
        now: () => 0,
        createdAt: 0,
        itemKey: (item) => String(counted.get(item)),
        requestKey: (request) => request,
        noteStarted: async () => {},
        onRequest: () => {},
      },
      items('a', 'b'),
    )
  await run(asText)
  expect(asked).toEqual([])
  await run({})
  expect(asked).toEqual(['a', 'b'])
})
