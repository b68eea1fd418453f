/** Uploads that a vendor takes as jobs: asked until they are over, never made again for that, and kept in order. */
import type { Connector, JobDefinition } from '@sluice/connector-sdk'
import { describe, expect, it } from 'vitest'
import { bulkConnector } from '../../test/harness/bulk-connector.ts'
import { createPassScene, customers, type PassScene } from '../../test/harness/pass-scene.ts'
import type { HttpRequest, HttpResult } from '../sending/transport.ts'

function answering(status: number, body: unknown): HttpResult {
  return { kind: 'answer', status, headers: {}, text: JSON.stringify(body) }
}

interface Options {
  readonly actionType?: string
  readonly job?: Partial<JobDefinition>
  readonly count?: number
  readonly reply?: (path: string, nth: number, request: HttpRequest) => HttpResult | null
}

/** A scene with a vendor that runs every job until it is asked the second time. */
function sceneOf({ actionType = 'upload-users', count = 3, job, reply }: Options = {}) {
  const paths: string[] = []
  const rows: unknown[][] = []
  const action = bulkConnector.actions[actionType]
  if (action?.job === undefined) throw new Error('There is no such action.')
  const connector: Connector = {
    ...bulkConnector,
    actions: { [actionType]: { ...action, job: { ...action.job, ...job } } },
  }
  const scene = createPassScene({
    rows: customers(count),
    connector,
    actionType,
    async transport(request) {
      const path = new URL(request.url).pathname
      paths.push(path)
      if (request.body !== null) rows.push((JSON.parse(request.body) as { rows: unknown[] }).rows)
      const nth = paths.filter((each) => each === path).length
      const told = reply?.(path, nth, request)
      if (told !== undefined && told !== null) return told
      if (path === '/jobs') return answering(202, { job: `j${nth}` })
      if (path.endsWith('/errors')) return answering(200, { errors: [] })
      return answering(200, nth > 1 ? { state: 'done' } : { state: 'running', again: 5_000 })
    },
  })
  return { ...scene, paths, rows, uploads: () => paths.filter((path) => path === '/jobs').length }
}

async function passAgain(scene: PassScene) {
  const { waiting } = scene.delivery
  scene.wait(Math.max(...waiting.map(({ dueAt }) => dueAt)) - scene.now())
  return scene.pass()
}

describe('a job that has taken items', () => {
  it('is asked until it is over; meanwhile they wait', async () => {
    const scene = sceneOf()
    expect(await scene.pass()).toMatchObject({ kind: 'waiting' })
    expect(scene.delivery.totals).toMatchObject({ matched: 3, delivered: 0, requests: 1 })
    expect(scene.delivery.waiting).toMatchObject([1, 2, 3].map(() => ({ code: 'accepted', attempts: 0 })))
    expect(await passAgain(scene)).toMatchObject({ kind: 'waiting', dueAt: scene.now() + 5_000 })
    expect(await passAgain(scene)).toEqual({ kind: 'completed' })
    expect(scene.paths).toEqual(['/jobs', '/jobs/j1', '/jobs/j1', '/jobs/j1/errors'])
    expect(scene.delivery.totals).toMatchObject({ delivered: 3, requests: 4, retries: 0 })
  })

  it('is asked once for all of its items, and each job for itself', async () => {
    const scene = sceneOf({ count: 700 })
    await scene.pass()
    expect(scene.uploads()).toBe(14)
    await passAgain(scene)
    expect(scene.paths).toHaveLength(2 * 14)
    expect(await passAgain(scene)).toEqual({ kind: 'completed' })
    expect(scene.paths).toHaveLength(4 * 14)
    expect(scene.delivery.totals).toMatchObject({ delivered: 700 })
  })

  it('is asked less often the longer it takes', async () => {
    const scene = sceneOf({
      count: 1,
      reply: (path) => (path === '/jobs/j1' ? answering(200, { state: 'running' }) : null),
    })
    await scene.passUntilCompleted(70)
    expect(scene.paths.length).toBeGreaterThan(40)
    expect(scene.delivery.totals).toMatchObject({ unknown: 1 })
  })

  it('may say of single items that it did not take them', async () => {
    const scene = sceneOf({
      reply: (path) => (path.endsWith('/errors') ? answering(200, { errors: [{ row: 1 }] }) : null),
    })
    await scene.passUntilCompleted()
    expect(scene.delivery.totals).toMatchObject({ delivered: 2, refused: 1 })
    expect(scene.delivery.dead).toMatchObject([{ code: 'bad_row', position: ['10', '1'] }])
  })

  it('may name them by their keys', async () => {
    const refused = { kind: 'refused', code: 'bad_row' } as const
    const collect = {
      plan: () => ({ method: 'GET', path: '/errors', parts: [] }) as const,
      interpret: () => [{ key: '0/10/2', verdict: refused }],
    }
    const scene = sceneOf({ job: { collect } })
    await scene.passUntilCompleted()
    expect(scene.delivery.dead).toMatchObject([{ code: 'bad_row', position: ['10', '2'] }])
  })

  it('takes none of them back when their rows change or go', async () => {
    const scene = sceneOf()
    await scene.pass()
    scene.source.rows.delete(0)
    scene.source.rows.set(1, { id: 1, changed: 20, user: 'u1', value: 'new' })
    await scene.passUntilCompleted()
    expect(scene.delivery.totals).toMatchObject({ delivered: 3, gone: 0, superseded: 0 })
  })

  it('holds back what is newer for their recipients until it is over', async () => {
    const scene = sceneOf({ count: 1 })
    await scene.pass()
    scene.source.rows.set(0, { id: 0, changed: 20, user: 'u0', value: 'new' })
    const next = scene.next()
    expect(await next.pass()).toEqual({ kind: 'waiting', dueAt: null })
    expect(scene.uploads()).toBe(1)
    await scene.passUntilCompleted()
    await next.passUntilCompleted()
    expect(scene.rows).toEqual([[{ user: 'u0', value: 'v0' }], [{ user: 'u0', value: 'new' }]])
    expect(scene.delivery.totals).toMatchObject({ delivered: 1, superseded: 0 })
    expect(next.delivery.totals).toMatchObject({ delivered: 1 })
  })
})

describe('a job that fails', () => {
  it('is made again where it may be, with the rows as they are then', async () => {
    const scene = sceneOf({
      reply: (path) => (path === '/jobs/j1' ? answering(200, { state: 'broken' }) : null),
    })
    await scene.passUntilCompleted()
    expect(scene.uploads()).toBe(2)
    expect(scene.delivery.totals).toMatchObject({ delivered: 3, retries: 3 })
  })

  it('refuses its items where it says so', async () => {
    const scene = sceneOf({
      reply: (path) => (path === '/jobs/j1' ? answering(200, { state: 'refused' }) : null),
    })
    await scene.passUntilCompleted()
    expect(scene.delivery.totals).toMatchObject({ refused: 3 })
  })

  it('is unknown after its time', async () => {
    const scene = sceneOf({
      job: { mostMs: 20_000 },
      reply: (path) => (path === '/jobs/j1' ? answering(200, { state: 'running' }) : null),
    })
    await scene.passUntilCompleted(40)
    expect(scene.delivery.totals).toMatchObject({ unknown: 3 })
    expect(scene.delivery.dead.map(({ code }) => code)).toEqual([
      'job_timed_out',
      'job_timed_out',
      'job_timed_out',
    ])
    expect(scene.uploads()).toBe(1)
  })
})

describe('a vendor that cannot be asked', () => {
  const endings: readonly [string, HttpResult][] = [
    ['is down', answering(503, {})],
    ['throttles', answering(429, {})],
    ['answers what nobody understands', answering(200, 'what?')],
    ['is not reached', { kind: 'not-sent', code: 'connection_failed' }],
    ['gives no answer', { kind: 'no-answer', code: 'timed_out' }],
  ]
  it.each(endings)('and %s is asked again later: no attempt is used up', async (_, ending) => {
    const scene = sceneOf({ reply: (path, nth) => (path === '/jobs/j1' && nth <= 2 ? ending : null) })
    await scene.pass()
    await passAgain(scene)
    expect(scene.delivery.waiting).toMatchObject([1, 2, 3].map(() => ({ code: 'accepted', attempts: 0 })))
    await scene.passUntilCompleted()
    expect(scene.uploads()).toBe(1)
    expect(scene.delivery.totals).toMatchObject({ delivered: 3 })
  })

  it('for a wrong key is paused, and asked when that is put right', async () => {
    let isWrong = true
    const scene = sceneOf({
      reply: (path) => (path === '/jobs/j1' && isWrong ? answering(401, {}) : null),
    })
    await scene.pass()
    expect(await passAgain(scene)).toEqual({ kind: 'paused' })
    expect(scene.pausedBecause()).toBe('http_401')
    isWrong = false
    await scene.passUntilCompleted()
    expect(scene.uploads()).toBe(1)
    expect(scene.delivery.totals).toMatchObject({ delivered: 3 })
  })
})

describe('a connector whose job', () => {
  const throws = () => {
    throw new Error('ann@example.com')
  }
  const oddSubmits: readonly [string, JobDefinition['submit']][] = [
    ['throws', throws],
    ['finds none', () => undefined],
    ['gives no text', () => 7 as never],
    ['gives a text without end', () => 'x'.repeat(2_001)],
  ]
  it.each(oddSubmits)('handle %s cannot be asked: what may be repeated is', async (_, submit) => {
    const scene = sceneOf({ job: { submit } })
    expect(await scene.pass()).toMatchObject({ kind: 'waiting' })
    expect(scene.delivery.waiting[0]).toMatchObject({ code: 'job_handle_missing', job: null })
    const events = sceneOf({ actionType: 'upload-events', job: { submit } })
    await events.pass()
    expect(events.delivery.totals).toMatchObject({ unknown: 3, delivered: 0 })
  })

  it.each([
    ['is not planned', { plan: throws, interpret: () => ({ kind: 'done' }) as const }],
    ['is not read', { plan: () => ({ method: 'GET', path: '/x', parts: [] }) as const, interpret: throws }],
    [
      'has no state',
      { plan: () => ({ method: 'GET', path: '/x', parts: [] }) as const, interpret: () => null as never },
    ],
  ])('%s is asked until its time is over', async (_, poll) => {
    const scene = sceneOf({ job: { poll, mostMs: 20_000 }, count: 1 })
    await scene.passUntilCompleted(40)
    expect(scene.delivery.dead).toMatchObject([{ outcome: 'unknown', code: 'job_timed_out' }])
    expect(scene.uploads()).toBe(1)
  })

  it('shares an item between requests makes none', async () => {
    const scene = sceneOf({ count: 1 })
    const { actionDefinition } = scene.lane
    const twice = { ...bulkConnector.actions['upload-users'], ...actionDefinition }
    const connector: Connector = {
      ...bulkConnector,
      actions: {
        'upload-users': {
          ...twice,
          plan: (items, context) => [0, 1].flatMap(() => actionDefinition.plan(items, context)),
        },
      },
    }
    const other = createPassScene({ rows: customers(1), connector, actionType: 'upload-users' })
    await other.pass()
    expect(other.delivery.dead).toMatchObject([{ code: 'connector_failed' }])
  })
})

it('an upload that counts is not made again when a pass ended before its job was known', async () => {
  const scene = sceneOf({
    actionType: 'upload-events',
    count: 1,
    reply: (path) => (path === '/jobs' ? { kind: 'no-answer', code: 'connection_lost' } : null),
  })
  expect(await scene.pass()).toEqual({ kind: 'completed' })
  expect(scene.delivery.dead).toMatchObject([{ outcome: 'unknown', code: 'connection_lost' }])
})
