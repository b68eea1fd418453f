/** A process that dies at any moment of a delivery with stages or jobs: nothing is lost, and nothing counts twice. */
import { expect, it } from 'vitest'
import { bulkConnector } from '../../test/harness/bulk-connector.ts'
import { createPassScene, customers } from '../../test/harness/pass-scene.ts'
import { peopleConnector } from '../../test/harness/people-connector.ts'
import type { HttpRequest } from '../sending/transport.ts'

class KilledError extends Error {
  override readonly name = 'KilledError'
}

const count = 3
/** More moments than any of the deliveries has. */
const moments = 60

/** Delivers with one death, at the given moment: before or after a transaction, or an answer. */
async function deliver(connector: typeof peopleConnector, actionType: string, diesAt: number) {
  let moment = 0
  let isDead = false
  const asked = new Map<string, number>()
  const die = () => {
    moment += 1
    if (moment === diesAt) isDead = true
    if (isDead) throw new KilledError()
  }

  /** Busy when it is asked for something the first time, except where that counts. */
  function answer({ body, method, url }: HttpRequest) {
    const path = new URL(url).pathname
    const users = body === null ? [] : [...body.matchAll(/u\d+/g)].map(([user]) => user)
    const names = method === 'POST' ? [path, ...users.map((user) => `${path} ${user}`)] : [path]
    for (const name of names) asked.set(name, (asked.get(name) ?? 0) + 1)
    const nth = asked.get(path) ?? 0
    if (/^\/last\/|^\/identify$/.test(path) && nth === 1) return { status: 503, body: {} }
    if (path === '/identify') return { status: 200, body: { answers: users.map((user) => `p-${user}`) } }
    if (path === '/lists') return { status: 200, body: { answers: ['l1'] } }
    if (path === '/jobs') return { status: 202, body: { job: `j${nth}` } }
    if (path.endsWith('/errors')) return { status: 200, body: { errors: [] } }
    if (path.startsWith('/jobs/')) return { status: 200, body: { state: nth > 1 ? 'done' : 'running' } }
    return { status: 200, body: { answers: ['ok'] } }
  }

  const scene = createPassScene({
    rows: customers(count),
    connector,
    actionType,
    async around() {
      die()
    },
    async transport(request) {
      die()
      const { body, status } = answer(request)
      die()
      return { kind: 'answer', status, headers: {}, text: JSON.stringify(body) }
    },
  })
  await scene.passUntilCompleted(100).catch((error: unknown) => {
    if (!(error instanceof KilledError)) throw error
  })
  const hasDied = isDead
  isDead = false
  if (hasDied) await scene.passUntilCompleted(100)
  return { ...scene, asked, hasDied }
}

const cases = [
  { connector: peopleConnector, actionType: 'track-event', counting: /^\/events / },
  { connector: peopleConnector, actionType: 'add-to-list', counting: /^\/lists$/ },
  { connector: peopleConnector, actionType: 'count-then-set', counting: /^\/visits\/[^ ]*$/ },
  { connector: bulkConnector, actionType: 'upload-events', counting: /^\/jobs / },
  { connector: bulkConnector, actionType: 'upload-users', counting: null },
]

it.each(cases)('$actionType survives a death at any moment', async ({ actionType, connector, counting }) => {
  let deaths = 0
  let unknown = 0
  for (let diesAt = 1; diesAt <= moments; diesAt += 1) {
    const { asked, delivery, hasDied } = await deliver(connector, actionType, diesAt)
    const { totals } = delivery
    if (hasDied) deaths += 1
    expect(totals.matched).toBe(count)
    expect(totals.delivered + totals.unknown).toBe(count)
    unknown += totals.unknown
    const counted = [...asked].filter(([name]) => counting?.test(name))
    expect(counted.filter(([, times]) => times > 1)).toEqual([])
    if (counting === null || !hasDied) expect(totals.unknown).toBe(0)
  }
  expect(deaths).toBeGreaterThan(10)
  expect(deaths).toBeLessThan(moments)
  // A death between a request that counts and its outcome is told, and no other.
  expect(unknown > 0).toBe(counting !== null)
})
