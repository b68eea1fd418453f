/** Requests that depend on one another: in order, for the items that went well, with what the answers handed on. */
import type { ActionDefinition, Connector } from '@sluice/connector-sdk'
import { captured } from '@sluice/connector-sdk'
import { describe, expect, it } from 'vitest'
import { createPassScene, customers } from '../../test/harness/pass-scene.ts'
import { peopleConnector } from '../../test/harness/people-connector.ts'
import type { HttpRequest, HttpResult } from '../sending/transport.ts'

const minute = 60_000

function answering(...answers: readonly string[]): HttpResult {
  return { kind: 'answer', status: 200, headers: {}, text: JSON.stringify({ answers }) }
}

function failing(status: number): HttpResult {
  return { kind: 'answer', status, headers: {}, text: '' }
}

interface Options {
  readonly actionType?: string
  readonly change?: Partial<ActionDefinition>
  readonly count?: number
  /** Null: as a vendor does that knows everybody. */
  readonly reply?: (request: HttpRequest, path: string, nth: number) => HttpResult | null
}

interface Sent {
  readonly path: string
  readonly body: unknown
}

/** A scene with a vendor that gives each person the id `p-<name>`, unless told otherwise. */
function sceneOf({ actionType = 'track-event', change = {}, count = 3, reply }: Options) {
  const sent: Sent[] = []
  const action = peopleConnector.actions[actionType]
  if (action === undefined) throw new Error('There is no such action.')
  const connector: Connector = {
    ...peopleConnector,
    actions: { ...peopleConnector.actions, [actionType]: { ...action, ...change } },
  }
  const scene = createPassScene({
    rows: customers(count),
    connector,
    actionType,
    async transport(request) {
      const path = new URL(request.url).pathname
      const body = request.body === null ? null : JSON.parse(request.body)
      const nth = sent.filter((each) => each.path === path).length + 1
      sent.push({ path, body })
      const told = reply?.(request, path, nth)
      if (told !== undefined && told !== null) return told
      if (path === '/identify')
        return answering(...(body as { names: string[] }).names.map((name) => `p-${name}`))
      if (path === '/lists') return answering('l1')
      return answering('ok')
    },
  })
  return { ...scene, sent, paths: () => sent.map(({ path }) => path) }
}

describe('an item whose requests depend on one another', () => {
  it('is sent stage by stage, the later with what the earlier answered', async () => {
    const scene = sceneOf({})
    expect(await scene.pass()).toEqual({ kind: 'completed' })
    expect(scene.sent).toEqual([
      { path: '/identify', body: { names: ['u0', 'u1', 'u2'] } },
      {
        path: '/events',
        body: {
          events: [
            { person: 'p-u0', event: 'v0' },
            { person: 'p-u1', event: 'v1' },
            { person: 'p-u2', event: 'v2' },
          ],
        },
      },
    ])
    expect(scene.delivery.totals).toMatchObject({ matched: 3, delivered: 3, requests: 2 })
  })

  it('may take one answer for all items of a request', async () => {
    const scene = sceneOf({ actionType: 'add-to-list' })
    await scene.pass()
    expect(scene.paths()).toEqual(['/lists', '/lists/l1/u0', '/lists/l1/u1', '/lists/l1/u2'])
  })

  it('goes no further where an earlier stage ended otherwise, and holds up no other', async () => {
    const scene = sceneOf({
      reply: (_, path) => (path === '/identify' ? answering('p0', 'bad', 'p2') : null),
    })
    await scene.pass()
    expect(scene.sent[1]?.body).toEqual({
      events: [
        { person: 'p0', event: 'v0' },
        { person: 'p2', event: 'v2' },
      ],
    })
    expect(scene.delivery.totals).toMatchObject({ delivered: 2, refused: 1 })
    expect(scene.delivery.dead).toMatchObject([{ code: 'bad_person', position: ['10', '1'] }])
  })

  it('is not sent at all after an answer that nobody knows', async () => {
    const scene = sceneOf({
      count: 1,
      reply: (_, path, nth) =>
        path === '/identify' && nth === 1 ? { kind: 'no-answer', code: 'timed_out' } : null,
    })
    expect(await scene.pass()).toMatchObject({ kind: 'waiting' })
    expect(scene.paths()).toEqual(['/identify'])
    scene.wait(60 * minute)
    expect(await scene.pass()).toEqual({ kind: 'completed' })
    expect(scene.paths()).toEqual(['/identify', '/identify', '/events'])
  })

  it('is found by halves where a stage is refused whole, and the good ones go on', async () => {
    const refusesU1 = (path: string, body: string | null) =>
      path === '/identify' && (body ?? '').includes('u1')
    const scene = sceneOf({ reply: (request, path) => (refusesU1(path, request.body) ? failing(400) : null) })
    await scene.pass()
    expect(scene.delivery.totals).toMatchObject({ delivered: 2, refused: 1 })
    const events = scene.sent.flatMap(({ path, body }) =>
      path === '/events' ? (body as { events: { person: string }[] }).events.map(({ person }) => person) : [],
    )
    expect(events).toEqual(['p-u0', 'p-u2'])
  })

  it('is halved in a later stage too, without the earlier one again', async () => {
    const scene = sceneOf({
      reply: (request, path) =>
        path === '/events' && (request.body ?? '').includes('u1') ? failing(400) : null,
    })
    await scene.pass()
    expect(scene.paths().filter((path) => path === '/identify')).toHaveLength(1)
    expect(scene.delivery.totals).toMatchObject({ delivered: 2, refused: 1 })
  })
})

describe('what is tried again', () => {
  it('repeats an earlier stage that only sets, for its answer is kept nowhere', async () => {
    const scene = sceneOf({
      count: 1,
      reply: (_, path, nth) => (path === '/events' && nth === 1 ? failing(503) : null),
    })
    await scene.passUntilCompleted()
    expect(scene.paths()).toEqual(['/identify', '/events', '/identify', '/events'])
    expect(scene.delivery.totals).toMatchObject({ delivered: 1, unknown: 0 })
  })

  it('goes on behind what was counted once and must not be counted twice', async () => {
    const scene = sceneOf({
      count: 1,
      actionType: 'count-then-set',
      reply: (_, path, nth) => (path.startsWith('/last') && nth < 3 ? failing(503) : null),
    })
    expect(await scene.pass()).toMatchObject({ kind: 'waiting' })
    expect(scene.delivery.waiting).toMatchObject([{ stage: 1 }])
    await scene.passUntilCompleted()
    expect(scene.paths()).toEqual(['/visits/u0', '/last/u0/v0', '/last/u0/v0', '/last/u0/v0'])
    expect(scene.delivery.totals).toMatchObject({ delivered: 1, retries: 2 })
  })

  it('counts again what was not counted', async () => {
    const scene = sceneOf({
      count: 1,
      actionType: 'count-then-set',
      reply: (_, path, nth) => (path.startsWith('/visits') && nth === 1 ? failing(503) : null),
    })
    await scene.passUntilCompleted()
    expect(scene.paths()).toEqual(['/visits/u0', '/visits/u0', '/last/u0/v0'])
  })

  it('keeps items apart that have come to different stages', async () => {
    const scene = sceneOf({
      count: 2,
      actionType: 'count-then-set',
      reply: (_, path, nth) =>
        (path === '/last/u0/v0' || path === '/visits/u1') && nth === 1 ? failing(503) : null,
    })
    await scene.passUntilCompleted()
    expect(scene.paths().filter((path) => path === '/visits/u0')).toHaveLength(1)
    expect(scene.paths().filter((path) => path === '/visits/u1')).toHaveLength(2)
    expect(scene.delivery.totals).toMatchObject({ delivered: 2, unknown: 0 })
  })

  it('is unknown where it hangs on an answer to what must not be repeated', async () => {
    const scene = sceneOf({
      count: 1,
      actionType: 'add-to-list',
      reply: (_, path) => (path.startsWith('/lists/') ? failing(503) : null),
    })
    expect(await scene.pass()).toEqual({ kind: 'completed' })
    expect(scene.delivery.dead).toMatchObject([{ outcome: 'unknown', code: 'partly_applied' }])
    expect(scene.paths()).toEqual(['/lists', '/lists/l1/u0'])
  })
})

describe('an answer without what a later stage needs', () => {
  const odd: readonly [string, Partial<ActionDefinition>][] = [
    [
      'throws',
      {
        capture: () => {
          throw new Error('ann@example.com')
        },
      },
    ],
    ['gives nothing', { capture: () => [] }],
    ['gives too few', { capture: () => [{ personId: 'p' }] }],
    ['gives no list', { capture: () => null as never }],
    ['gives no texts', { capture: ({ parts }) => parts.map(() => ({ personId: 7 as never })) }],
    ['gives empty texts', { capture: ({ parts }) => parts.map(() => ({ personId: '' })) }],
    [
      'gives a text without end',
      { capture: ({ parts }) => parts.map(() => ({ personId: 'x'.repeat(1001) })) },
    ],
    ['gives other names', { capture: ({ parts }) => parts.map(() => ({ id: 'p' })) }],
  ]
  it.each(odd)('ends there when capture %s: no placeholder is ever sent', async (_, change) => {
    const scene = sceneOf({ change })
    expect(await scene.pass()).toEqual({ kind: 'completed' })
    expect(scene.paths()).toEqual(['/identify'])
    expect(scene.delivery.totals).toMatchObject({ refused: 3, delivered: 0 })
    expect(scene.delivery.dead.map(({ code }) => code)).toEqual(['capture_missing'])
  })

  it('costs the item that lacks it, and no other', async () => {
    const scene = sceneOf({ reply: (_, path) => (path === '/identify' ? answering('p0', '', 'p2') : null) })
    await scene.pass()
    expect(scene.delivery.totals).toMatchObject({ refused: 1, delivered: 2 })
    expect(scene.delivery.dead).toMatchObject([{ code: 'capture_missing', position: ['10', '1'] }])
  })

  it('is noticed in the first stage too, where nothing can be captured yet', async () => {
    const scene = sceneOf({
      change: {
        plan: (items) =>
          items.map((one, item) => ({
            method: 'PUT',
            path: `/people/${captured(one, 'personId')}`,
            parts: [{ item, part: 0, effect: 'set' }],
          })),
      },
    })
    await scene.pass()
    expect(scene.sent).toEqual([])
    expect(scene.delivery.dead.map(({ code }) => code)).toEqual(['capture_missing'])
  })
})

it.each([-1, 0.5, 10, Number.NaN])('a stage of %s costs its item as any broken plan does', async (stage) => {
  const scene = sceneOf({
    count: 1,
    change: {
      plan: (items) =>
        items.map((_, item) => ({
          stage,
          method: 'GET',
          path: '/',
          parts: [{ item, part: 0, effect: 'set' }],
        })),
    },
  })
  await scene.pass()
  expect(scene.sent).toEqual([])
  expect(scene.delivery.dead).toMatchObject([{ outcome: 'rejected', code: 'connector_failed' }])
})
