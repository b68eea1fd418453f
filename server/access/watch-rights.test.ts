/** Rights are looked up again while something stays open, and it is told once when they are lost. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createLogger } from '../logger.ts'
import type { Identity } from './identify.ts'
import { type Access, type Refusal, type Role, rightsOf } from './rules.ts'
import { createRightsWatch } from './watch-rights.ts'

const everyMs = 60_000
const marks = {
  method: 'GET',
  host: null,
  origin: null,
  secFetchSite: null,
  cookie: null,
  authorization: 'Bearer token',
}
const actor = { kind: 'token', id: 'token', name: 'token' } as const
const accessTo = (workspaceId: string, role: Role): Access => ({
  kind: 'member',
  actor,
  userId: null,
  memberships: new Map([[workspaceId, { role, rights: rightsOf[role] }]]),
})
const access = accessTo('one', 'EDITOR')
const revoked: Refusal = { status: 401, code: 'unauthenticated', message: 'Revoked.' }

let answer: () => Identity
let asked: number
let lost: Refusal[]

beforeEach(() => {
  vi.useFakeTimers()
  answer = () => ({ isKnown: true, access: accessTo('one', 'EDITOR') })
  asked = 0
  lost = []
})
afterEach(() => {
  vi.useRealTimers()
})

function watch(): () => void {
  const watchRights = createRightsWatch({
    identify: async (given) => {
      expect(given).toBe(marks)
      asked += 1
      return answer()
    },
    log: createLogger({ level: 'silent' }),
    everyMs,
  })
  return watchRights({ marks, access }, (refusal) => lost.push(refusal))
}

it('leaves alone who still may, and looks again', async () => {
  const stop = watch()
  await vi.advanceTimersByTimeAsync(3 * everyMs)
  expect([asked, lost]).toEqual([3, []])
  stop()
})

it('tells once that a caller is let in no more, and stops looking', async () => {
  watch()
  await vi.advanceTimersByTimeAsync(everyMs)
  answer = () => ({ isKnown: false, refusal: revoked })
  await vi.advanceTimersByTimeAsync(3 * everyMs)
  expect([asked, lost]).toEqual([2, [revoked]])
  expect(vi.getTimerCount()).toBe(0)
})

it.each([
  ['another workspace', accessTo('two', 'EDITOR')],
  ['a lower role', accessTo('one', 'VIEWER')],
])('counts as lost what now covers %s', async (_what, now) => {
  watch()
  answer = () => ({ isKnown: true, access: now })
  await vi.advanceTimersByTimeAsync(everyMs)
  expect(lost).toMatchObject([{ code: 'unauthenticated' }])
})

it('waits for the next look while nobody can tell', async () => {
  watch()
  answer = () => {
    throw new Error('The database is away')
  }
  await vi.advanceTimersByTimeAsync(2 * everyMs)
  expect(lost).toEqual([])
  answer = () => ({ isKnown: false, refusal: revoked })
  await vi.advanceTimersByTimeAsync(everyMs)
  expect(lost).toEqual([revoked])
})

it('tells nothing to who has left, not even what it was about to learn', async () => {
  let reply: (identity: Identity) => void = () => undefined
  const watchRights = createRightsWatch({
    identify: () =>
      new Promise((resolve) => {
        reply = resolve
      }),
    log: createLogger({ level: 'silent' }),
    everyMs,
  })
  const stop = watchRights({ marks, access }, (refusal) => lost.push(refusal))
  await vi.advanceTimersByTimeAsync(everyMs)
  stop()
  reply({ isKnown: false, refusal: revoked })
  await vi.advanceTimersByTimeAsync(3 * everyMs)
  expect(lost).toEqual([])
})
