/** Faults on script. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type BrazeSimulator, createBrazeSimulator } from './simulator.ts'
import { type Client, createClient } from './test-client.ts'

let braze: BrazeSimulator
let client: Client

beforeEach(async () => {
  braze = await createBrazeSimulator()
  client = createClient(braze)
})
afterEach(() => braze.close())

const track = (externalId: string) => client.track({ attributes: [{ external_id: externalId }] })
const statusOf = (answer: Promise<{ status: number }>) =>
  answer.then(
    ({ status }) => status,
    () => 'cut' as const,
  )

describe('a fault', () => {
  it('that answers with a status keeps the request from being stored, for as many requests as it says', async () => {
    braze.faults.add({ kind: 'status', status: 503, times: 2 })
    expect([(await track('1')).status, (await track('2')).status, (await track('3')).status]).toEqual([
      503, 503, 201,
    ])
    expect(braze.receivedUsers).toBe(1)
    expect(braze.faults.active).toBe(0)
  })

  it('can bring headers and a body', async () => {
    braze.faults.add({ kind: 'status', status: 429, headers: { 'retry-after': '2' } })
    braze.faults.add({ kind: 'status', status: 400, body: { message: 'Fatal' } })
    const throttled = await track('1')
    expect([throttled.status, throttled.headers.get('retry-after')]).toEqual([429, '2'])
    expect(await track('1')).toMatchObject({ status: 400, body: { message: 'Fatal' } })
  })

  it('can answer with an error although the request was stored', async () => {
    braze.faults.add({ kind: 'status', status: 504, stores: true })
    expect((await track('1')).status).toBe(504)
    expect(braze.receivedUsers).toBe(1)
  })

  it.each([
    [false, 0],
    [true, 1],
  ])('that cuts the connection, storing %s, leaves %d users', async (stores, users) => {
    braze.faults.add({ kind: 'reset', stores })
    expect(await statusOf(track('1'))).toBe('cut')
    expect(braze.receivedUsers).toBe(users)
  })

  it('that hangs never answers', async () => {
    braze.faults.add({ kind: 'hang' })
    const signal = AbortSignal.timeout(50)
    const answer = fetch(`${braze.url}/users/track`, { method: 'POST', body: '{}', signal })
    await expect(answer).rejects.toThrow()
    expect(braze.log.at(-1)).toMatchObject({ status: undefined })
    expect((await track('1')).status).toBe(201)
  })

  it('that garbles the body has stored the request', async () => {
    braze.faults.add({ kind: 'garbage' })
    const { status, body } = await track('1')
    expect([status, typeof body]).toEqual([201, 'string'])
    expect(braze.receivedUsers).toBe(1)
  })

  it('that is slow takes effect when it answers, after requests that came later', async () => {
    braze.faults.add({ kind: 'slow', delayMs: 200 })
    const slow = client.track({ attributes: [{ external_id: '1', sent: 'first' }] })
    await expect.poll(() => braze.requests).toBe(1)
    await client.track({ attributes: [{ external_id: '1', sent: 'second' }] })
    expect((await slow).status).toBe(201)
    expect(braze.profile('1')?.attributes).toEqual({ sent: 'first' })
  })

  it('that is slow in turn answers one after the other, however many came at once', async () => {
    braze.faults.add({ kind: 'slow', delayMs: 60, inTurn: true, times: Number.POSITIVE_INFINITY })
    const answeredAfter = async (id: string, startedAt = performance.now()) => {
      expect((await track(id)).status).toBe(201)
      return performance.now() - startedAt
    }
    const times = await Promise.all(['1', '2', '3'].map((id) => answeredAfter(id)))
    // Timers may be a millisecond early.
    expect(Math.max(...times)).toBeGreaterThan(175)
  })

  it('for one user hits the requests that carry the user, as often as they come', async () => {
    braze.faults.add({ kind: 'status', status: 500, externalId: 'bad', times: Number.POSITIVE_INFINITY })
    expect((await track('good')).status).toBe(201)
    expect((await track('bad')).status).toBe(500)
    const event = { external_id: 'bad', name: 'seen', time: '2026-05-28' }
    expect((await client.track({ events: [event] })).status).toBe(500)
    expect((await client.post('/users/delete', { external_ids: ['bad'] })).status).toBe(500)
  })

  it('for one path or predicate leaves other requests alone', async () => {
    braze.faults.add({ kind: 'status', status: 500, path: '/users/delete' })
    braze.faults.add({
      kind: 'status',
      status: 502,
      matches: ({ body }) => JSON.stringify(body).includes('"2"'),
    })
    expect([(await track('1')).status, (await track('2')).status]).toEqual([201, 502])
    expect((await client.post('/users/delete', { external_ids: ['1'] })).status).toBe(500)
  })

  it('at a rate is drawn by the seed: again the same, with another seed not', async () => {
    const statuses = async (seed: number) => {
      const other = await createBrazeSimulator({ seed })
      const otherClient = createClient(other)
      other.faults.add({ kind: 'status', status: 500, rate: 0.5, times: Number.POSITIVE_INFINITY })
      const drawn: number[] = []
      for (let sent = 0; sent < 30; sent += 1) {
        drawn.push((await otherClient.track({ attributes: [{ external_id: '1' }] })).status)
      }
      await other.close()
      return drawn.join()
    }
    const first = await statuses(7)
    expect(first).toContain('500')
    expect(first).toContain('201')
    expect(await statuses(7)).toBe(first)
    expect(await statuses(8)).not.toBe(first)
  })

  it('can be taken back, one or all', async () => {
    const takeBack = braze.faults.add({ kind: 'status', status: 500, times: 5 })
    braze.faults.add({ kind: 'status', status: 502, times: 5 })
    takeBack()
    expect((await track('1')).status).toBe(502)
    braze.faults.clear()
    expect((await track('1')).status).toBe(201)
  })
})

describe('the log', () => {
  it('keeps the latest requests with body and status, and never the key', async () => {
    const short = await createBrazeSimulator({ keepRequests: 2, apiKey: 'very-secret' })
    const { track: send } = createClient(short)
    for (const id of ['1', '2', '3']) await send({ attributes: [{ external_id: id }] })
    await short.close()
    expect(short.log).toMatchObject([
      { sequence: 2, path: '/users/track', status: 201, body: { attributes: [{ external_id: '2' }] } },
      { sequence: 3, method: 'POST' },
    ])
    expect(JSON.stringify(short.log)).not.toContain('very-secret')
    expect(short.requests).toBe(3)
  })
})
