/** A stream ends with the rights of who opened it, and needs rights to open. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hashToken } from '../../server/access/token.ts'
import type { Listening } from '../../server/http/listen.ts'
import { createTestApp, type TestApp } from '../harness/app.ts'
import { addMember, goodPassword, invite, openBrowser } from '../harness/people.ts'
import { nextWhere, watchOverEvents, watchOverWebSocket } from '../harness/subscribe.ts'
import {
  progressSubscriptions,
  seedProgress,
  type Totals,
  type WatchedProgress,
} from '../harness/watched-progress.ts'
import { createWorkerCommits, type WorkerCommits } from '../harness/worker-commits.ts'

let app: TestApp
let server: Listening
let worker: WorkerCommits
let place: WatchedProgress

beforeAll(async () => {
  app = await createTestApp({ recheckMs: 200 })
  server = await app.listen()
  worker = await createWorkerCommits(app.databaseUrl)
  place = await seedProgress(app)
})
afterAll(async () => {
  await worker.close()
  await app.close()
})

const [metrics] = progressSubscriptions

/** Watches with a token of its own for the workspace. */
async function watchOwn(watch: typeof watchOverWebSocket<Totals> | typeof watchOverEvents<Totals>) {
  const token = await app.tokenFor(place.workspaceId)
  const variables = { id: metrics.idOf(place) }
  const watched = await watch({ url: server.url, token, query: metrics.query, variables })
  await watched.next()
  return { watched, revoke: () => app.db.apiToken.delete({ where: { hash: hashToken(token) } }) }
}

describe('an open stream', () => {
  it('ends over WebSocket when the token is revoked: the connection is closed', async () => {
    const { watched, revoke } = await watchOwn(watchOverWebSocket)
    await revoke()
    await expect(watched.next()).rejects.toMatchObject({ code: 4401 })
    await watched.stop()
  })

  it('ends over server-sent events when the token is revoked: with an error that says so', async () => {
    const { watched, revoke } = await watchOwn(watchOverEvents)
    await revoke()
    await expect(watched.next()).rejects.toThrow('unauthenticated')
    await expect(watched.next()).rejects.toThrow('ended')
  })

  it('ends when the role of who opened it changes', async () => {
    const member = await addMember(app, { id: place.ids.workspace }, 'EDITOR')
    const variables = { id: metrics.idOf(place) }
    const watched = watchOverWebSocket({
      url: server.url,
      token: member.token,
      query: metrics.query,
      variables,
    })
    await watched.next()
    await app.db.member.update({ where: { id: member.memberId }, data: { role: 'VIEWER' } })
    await expect(watched.next()).rejects.toMatchObject({ code: 4401 })
    await watched.stop()
  })

  it('ends when the person who opened it signs out', async () => {
    const email = 'watcher@example.com'
    const browser = openBrowser(server.url)
    const invitation = await invite(app, { id: place.ids.workspace }, email, 'VIEWER')
    const body = { email, name: 'Watcher', password: goodPassword, invitation }
    expect((await browser.post('/auth/sign-up/email', body)).status).toBe(200)
    const variables = { id: metrics.idOf(place) }
    const session = { token: '', cookie: browser.cookies() }
    const watched = await watchOverEvents({ url: server.url, ...session, query: metrics.query, variables })
    await watched.next()
    await browser.post('/auth/sign-out', {})
    await expect(watched.next()).rejects.toThrow('unauthenticated')
  })

  it.each([
    ['WebSocket', watchOverWebSocket<Totals>],
    ['server-sent events', watchOverEvents<Totals>],
  ] as const)('goes on over %s while another token is revoked', async (_name, watch) => {
    const kept = await watchOwn(watch)
    const other = await watchOwn(watch)
    await other.revoke()
    // The other's end shows that rights were looked up since.
    await expect(other.watched.next()).rejects.toBeDefined()
    const { matched } = await app.db.lane.findUniqueOrThrow({ where: { id: place.laneId } })
    const next = Number(matched) + 1
    await worker.commit(place, { matched: next, delivered: 0 })
    expect(await nextWhere(kept.watched, (value) => value.matched === next)).toMatchObject({ waiting: next })
    await kept.watched.stop()
    await other.watched.stop()
  })
})

describe.each(progressSubscriptions)('$name', ({ query, idOf, name }) => {
  const unknown = '01900000-0000-7000-8000-000000000000'

  const openings = [
    ['WebSocket', watchOverWebSocket<Totals>],
    ['server-sent events', watchOverEvents<Totals>],
  ] as const

  it.each(openings)('is not found over %s with a token of another workspace', async (_name, watch) => {
    const other = await app.db.workspace.create({
      data: { name: `other ${name} ${_name}`, wrappedKey: new Uint8Array(1) },
    })
    const token = await app.tokenFor(other.id)
    const refused = await watch({ url: server.url, token, query, variables: { id: idOf(place) } })
    await expect(refused.next()).rejects.toThrow('not_found')
    await refused.stop()
  })

  it.each(openings)('is not found over %s by an id that nothing has', async (_name, watch) => {
    const id = idOf(place).replace(/_.*/, `_${unknown}`)
    const refused = await watch({ url: server.url, token: app.token, query, variables: { id } })
    await expect(refused.next()).rejects.toThrow('not_found')
    await refused.stop()
  })

  it.each(openings)('refuses over %s what is not an id of its type', async (_name, watch) => {
    for (const id of ['nonsense', `Segment_${unknown}`]) {
      const refused = await watch({ url: server.url, token: app.token, query, variables: { id } })
      await expect(refused.next()).rejects.toThrow('bad_id')
      await refused.stop()
    }
  })

  it.each(openings)('is under the limits of documents over %s', async (_name, watch) => {
    const aliases = Array.from({ length: 60 }, (_, index) => `a${index}: matched`).join(' ')
    const wide = query.replace('matched', aliases)
    expect(wide).not.toBe(query)
    const refused = await watch({
      url: server.url,
      token: app.token,
      query: wide,
      variables: { id: idOf(place) },
    })
    await expect(refused.next()).rejects.toThrow('Aliases limit')
    await refused.stop()
  })
})
