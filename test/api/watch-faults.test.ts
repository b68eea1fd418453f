/** Whatever is lost on the way, those who watch see the right totals again: each subscription, each fault. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Listening } from '../../server/http/listen.ts'
import { createTestApp, type TestApp } from '../harness/app.ts'
import { nextWhere, type Watched, watchOverEvents, watchOverWebSocket } from '../harness/subscribe.ts'
import { until } from '../harness/until.ts'
import {
  progressSubscriptions,
  seedProgress,
  type Totals,
  type WatchedProgress,
} from '../harness/watched-progress.ts'
import { createWorkerCommits, type WorkerCommits } from '../harness/worker-commits.ts'

const transports = [
  ['WebSocket', watchOverWebSocket<Totals>],
  ['server-sent events', watchOverEvents<Totals>],
] as const

const cases = progressSubscriptions.flatMap((subscription) =>
  transports.map(([transport, watch]) => ({ ...subscription, transport, watch })),
)

interface Scene {
  readonly app: TestApp
  readonly server: Listening
  readonly worker: WorkerCommits
}

async function start(options: Parameters<typeof createTestApp>[0] = {}): Promise<Scene> {
  const app = await createTestApp(options)
  return { app, server: await app.listen(), worker: await createWorkerCommits(app.databaseUrl) }
}

async function stop({ app, worker }: Scene): Promise<void> {
  await worker.close()
  await app.close()
}

describe('without looking again now and then', () => {
  let scene: Scene
  beforeAll(async () => {
    scene = await start()
  })
  afterAll(() => stop(scene))

  it.each(cases)('$name over $transport hears of each commit', async (subscription) => {
    const { place, watched } = await begin(scene, subscription)
    await scene.worker.commit(place, { matched: 5, delivered: 2 })
    expect(await nextWhere(watched, ({ matched }) => matched === 5)).toMatchObject({
      delivered: 2,
      waiting: 3,
    })
    await scene.worker.commit(place, { matched: 5, delivered: 5 })
    expect(await nextWhere(watched, ({ delivered }) => delivered === 5)).toMatchObject({ waiting: 0 })
    await watched.stop()
  })

  it.each(cases)(
    '$name over $transport hears of a commit that concerns several deliveries',
    async (subscription) => {
      const { place, watched } = await begin(scene, subscription)
      await scene.worker.commit(place, { matched: 6, delivered: 1 }, 'several')
      expect(await nextWhere(watched, ({ matched }) => matched === 6)).toMatchObject({ delivered: 1 })
      await watched.stop()
    },
  )

  it.each(cases)(
    '$name over $transport is right again after the listening connection was lost',
    async (subscription) => {
      const { place, watched } = await begin(scene, subscription)
      await until('somebody listened', async () => (await scene.worker.cutListeners()) > 0)
      await scene.worker.commit(place, { matched: 3, delivered: 0 }, 'silence')
      expect(await nextWhere(watched, ({ matched }) => matched === 3)).toMatchObject({ waiting: 3 })
      await scene.worker.commit(place, { matched: 4, delivered: 0 })
      expect(await nextWhere(watched, ({ matched }) => matched === 4)).toMatchObject({ waiting: 4 })
      await watched.stop()
    },
  )
})

describe('looking again now and then', () => {
  let scene: Scene
  beforeAll(async () => {
    scene = await start({ safetyMs: 200 })
  })
  afterAll(() => stop(scene))

  it.each(cases)('$name over $transport is right although the notice was missed', async (subscription) => {
    const { place, watched } = await begin(scene, subscription)
    await scene.worker.commit(place, { matched: 7, delivered: 6 }, 'silence')
    expect(await nextWhere(watched, ({ matched }) => matched === 7)).toMatchObject({ waiting: 1 })
    await watched.stop()
  })
})

/** Seeds something of its own and watches it, with the first value read. */
async function begin(
  { app, server }: Scene,
  { query, idOf, watch }: (typeof cases)[number],
): Promise<{ readonly place: WatchedProgress; readonly watched: Watched<Totals> }> {
  const place = await seedProgress(app)
  const watched = await watch({ url: server.url, token: app.token, query, variables: { id: idOf(place) } })
  expect(await watched.next()).toEqual({ matched: 0, delivered: 0, waiting: 0 })
  return { place, watched }
}
