/** Two servers and three workers on one PostgreSQL and one Temporal: they join and are killed in the midst of it all. */
import { randomBytes, randomUUID } from 'node:crypto'
import { mkdir, mkdtemp, realpath, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, inject } from 'vitest'
import { ensureOwnerToken } from '../../server/access/service.ts'
import { createDatabase } from '../../server/database.ts'
import { prepareNamespace } from '../../server/embedded/temporal-namespace.ts'
import { createApiClient } from '../harness/api-client.ts'
import { createTestDatabase } from '../harness/database.ts'
import { type Counts, observe } from '../harness/observe.ts'
import { type RoleProcess, startRoleProcess } from '../harness/role-process.ts'
import { attribute, type Scene, type SceneHost, withScenes } from '../harness/scene.ts'
import { watchOverWebSocket } from '../harness/subscribe.ts'
import { until } from '../harness/until.ts'

interface Server {
  readonly process: RoleProcess
  readonly url: string
}

/** Five processes to start on a busy machine, and twice the heartbeat of a killed worker. */
const patientMs = 240_000

const closings: (() => Promise<unknown>)[] = []
const closing = <Thing>(thing: Thing, close: (thing: Thing) => Promise<unknown>): Thing => {
  closings.push(() => close(thing))
  return thing
}
let token: string
let startServer: () => Promise<Server>
let startWorker: () => Promise<RoleProcess>
/** The one that the test itself asks: never one that it kills. */
let steady: Server
let host: SceneHost
const it = withScenes(() => host)

beforeAll(async () => {
  const temporal = { address: inject('temporal').address, namespace: `many-${randomUUID()}` }
  const home = await realpath(await mkdtemp(join(inject('suiteFolder'), 'many-')))
  closings.push(() => rm(home, { recursive: true }))
  const folder = join(home, 'sources')
  await mkdir(folder)
  await prepareNamespace(temporal.address, temporal.namespace)
  const testDatabase = closing(await createTestDatabase(), ({ drop }) => drop())
  const { db } = closing(createDatabase({ url: testDatabase.url, maxConnections: 3 }), ({ close }) => close())
  token = (await ensureOwnerToken({ db, dataFolder: home })).token
  const env = {
    DATABASE_URL: testDatabase.url,
    TEMPORAL_ADDRESS: temporal.address,
    TEMPORAL_NAMESPACE: temporal.namespace,
    SLUICE_SECRET_KEY: randomBytes(32).toString('base64'),
    SLUICE_SOURCE_DIRS: folder,
    SLUICE_ALLOW_PRIVATE_HOSTS: '127.0.0.1',
    SLUICE_DATA_DIR: home,
  }
  startServer = async () => {
    const process = closing(await startRoleProcess({ role: 'main', args: ['--json'], env }), ({ stop }) =>
      stop(),
    )
    return { process, url: String(process.ready['url']) }
  }
  startWorker = async () => closing(await startRoleProcess({ role: 'worker', env }), ({ stop }) => stop())
  steady = await startServer()
  host = { db, folder, ...createApiClient({ url: steady.url, token }) }
}, patientMs)
afterAll(async () => {
  for (const close of closings.reverse()) await close()
})

const always = Number.POSITIVE_INFINITY
const rows = Array.from({ length: 24_000 }, (_, index) => ({ id: index + 1, plan: `plan-${index % 5}` }))
const mappings = [attribute('externalId', 'id'), attribute('attributes', 'plan', 'plan')]
/** W of the delivery protocol, and how many records go in one request. */
const mostRepeated = 128 * 75

it('workers and servers come and are killed: everything is delivered, counted once, and repeated little', {
  timeout: 2 * patientMs,
}, async ({ createScene }) => {
  const other = await startServer()
  const create = () => createScene({ from: rows, mappings, braze: { keepRequests: always }, faults: [brisk] })
  // Two lanes: more than one worker has something to do.
  const scenes = [await create(), await create()] as const
  const [{ action }] = scenes
  const steadily = follow(steady, action.id)
  const interrupted = follow(other, action.id)
  // Only now, so that both lanes begin together.
  const firstWorker = await startWorker()
  await until('both lanes have begun', () => scenes.every(({ braze }) => braze.objects > 0), patientMs)
  const joining = Promise.all([startWorker(), startWorker()])
  await Promise.all(scenes.map((scene) => reach(scene, 10_000)))
  for (const { braze } of scenes) expect(braze.objects).toBeLessThan(rows.length)
  await firstWorker.kill()
  await until('it is seen on the other server', () => interrupted.seen.some(({ delivered }) => delivered > 0))
  await other.process.kill()
  const workers = await joining

  await interrupted.ended
  const successor = await startServer()
  const resumed = follow(successor, action.id)
  await until('a new server tells what is so far', () => resumed.seen.length > 0)
  expect(resumed.seen[0]?.delivered).toBeGreaterThanOrEqual(interrupted.seen.at(-1)?.delivered ?? always)

  goOn(scenes)
  // The two go on when a worker has taken them over, each at its own time.
  const leading = await until(
    'a lane goes on',
    () => scenes.find(({ braze }) => braze.objects >= 18_000),
    patientMs,
  )
  await reach(leading, 18_000)
  expect(leading.braze.objects).toBeLessThan(rows.length)
  const [, last] = await Promise.all([workers[0].kill(), startWorker()])
  goOn(scenes)
  for (const scene of scenes) {
    const { counts, deadLetters } = await scene.settled(rows.length, patientMs)
    expect(counts).toMatchObject({ matched: rows.length, delivered: rows.length, waiting: 0 })
    expect(deadLetters).toEqual([])
    expect(Object.fromEntries(plansAt(scene))).toEqual(
      Object.fromEntries(rows.map(({ id, plan }) => [id, plan])),
    )
    // Two workers were killed.
    expect(scene.braze.objects - rows.length).toBeLessThanOrEqual(2 * mostRepeated)
  }
  expect(scenes.some(({ braze }) => braze.objects > rows.length)).toBe(true)

  for (const each of [steadily, resumed]) {
    await until('a subscriber has seen the end', () => each.seen.at(-1)?.delivered === rows.length)
    const delivered = each.seen.map((counts) => counts.delivered)
    expect(delivered).toEqual(delivered.toSorted((a, b) => a - b))
    await each.stop()
  }
  const api = createApiClient({ url: successor.url, token })
  for (const scene of scenes) expect(await observe(api, scene.action.id)).toEqual(await scene.look())
  await last.stop()
})

const brisk = { kind: 'slow', delayMs: 100, times: always } as const
/** Hardly anything moves, so that whatever is done next is done in the midst of a delivery. */
const nearlyStill = { kind: 'slow', delayMs: 5_000, times: always } as const

/** Waits until a lane has got so far; then it gets hardly any farther for the moment. */
async function reach({ braze }: Scene, objects: number): Promise<void> {
  await until(`a lane has delivered ${objects}`, () => braze.objects >= objects, patientMs)
  braze.faults.clear()
  braze.faults.add(nearlyStill)
}

function goOn(scenes: readonly Scene[]): void {
  for (const { braze } of scenes) {
    braze.faults.clear()
    braze.faults.add(brisk)
  }
}

/** What a subscriber of a server sees, until it stops or the server is gone. */
function follow({ url }: Server, actionId: string) {
  const terms =
    'matched delivered warned rejected refused exhausted unknown superseded gone cancelled saved waiting'
  const watched = watchOverWebSocket<Counts>({
    url,
    token,
    query: `subscription ($id: ID!) { actionMetrics(actionId: $id) { ${terms} } }`,
    variables: { id: actionId },
  })
  const seen: Counts[] = []
  async function listen(): Promise<never> {
    for (;;) {
      const counts = await watched.next()
      const { matched, ...others } = counts
      expect(Object.values(others).reduce((sum, count) => sum + count, 0)).toBe(matched)
      seen.push(counts)
    }
  }
  const ended = listen().catch((error: unknown) => error)
  return { seen, ended, stop: watched.stop }
}

function plansAt({ braze }: Scene): readonly (readonly [string | undefined, unknown])[] {
  return [...braze.profiles()].map(({ externalId, attributes }) => [externalId, attributes['plan']] as const)
}
