/** The simulator's rate limits: fixed windows on the clock. */
import { afterEach, describe, expect, it } from 'vitest'
import type { BrazeSimulatorOptions } from './options.ts'
import { type BrazeSimulator, createBrazeSimulator } from './simulator.ts'
import { type Answer, createClient } from './test-client.ts'

/** Half a second into a window of three seconds. */
const start = 1_800_000_000_500
let now = start
let braze: BrazeSimulator | undefined

async function trackStatuses(count: number, options: BrazeSimulatorOptions) {
  braze ??= await createBrazeSimulator({ now: () => now, ...options })
  const client = createClient(braze)
  const answers: Answer[] = []
  for (let sent = 0; sent < count; sent += 1) {
    answers.push(await client.track({ attributes: [{ external_id: `${sent}` }] }))
  }
  return answers
}

const rateHeaders = (headers: Headers) =>
  Object.fromEntries(
    [...headers].filter(([name]) => name.startsWith('x-ratelimit') || name === 'retry-after'),
  )

afterEach(async () => {
  await braze?.close()
  braze = undefined
  now = start
})

describe('a rate limit', () => {
  it('lets so many requests through in a window, and again in the next', async () => {
    const first = await trackStatuses(3, { trackRequestsPerWindow: 2 })
    expect(first.map(({ status }) => status)).toEqual([201, 201, 429])
    now += 2499
    expect((await trackStatuses(1, {})).map(({ status }) => status)).toEqual([429])
    now += 1
    expect((await trackStatuses(1, {})).map(({ status }) => status)).toEqual([201])
    expect(braze?.receivedUsers).toBe(2)
  })

  it('tells limit, rest and the end of the window in epoch seconds', async () => {
    const [first, , third] = await trackStatuses(3, { trackRequestsPerWindow: 2 })
    expect(first && rateHeaders(first.headers)).toEqual({
      'x-ratelimit-limit': '2',
      'x-ratelimit-remaining': '1',
      'x-ratelimit-reset': '1800000003',
    })
    expect(third && rateHeaders(third.headers)).toMatchObject({ 'x-ratelimit-remaining': '0' })
  })

  it('can tell the seconds left', async () => {
    const [first] = await trackStatuses(1, { rateLimitHeaders: 'seconds' })
    expect(first?.headers.get('x-ratelimit-reset')).toBe('3')
  })

  it('can tell nothing but how long to wait once it is reached', async () => {
    const [, second] = await trackStatuses(2, { trackRequestsPerWindow: 1, rateLimitHeaders: 'retryAfter' })
    expect(second?.status).toBe(429)
    expect(second && rateHeaders(second.headers)).toEqual({ 'x-ratelimit-retry-after': '3' })
  })

  it('is absent when it is infinite', async () => {
    const answers = await trackStatuses(5, { trackRequestsPerWindow: Number.POSITIVE_INFINITY })
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 201, 201])
    expect(rateHeaders(answers[0]?.headers ?? new Headers())).toEqual({})
  })

  it('of one endpoint does not use up that of another', async () => {
    await trackStatuses(2, { trackRequestsPerWindow: 1, deleteRequestsPerWindow: 1 })
    const remove = async () =>
      braze && (await createClient(braze).post('/users/delete', { external_ids: ['1'] })).status
    expect([await remove(), await remove()]).toEqual([201, 429])
  })
})
