/** What `planning` compares with, in a process of its own: Segment's Braze actions on the same records, network stubbed. */
import { createRequire } from 'node:module'
import { join } from 'node:path'
import process from 'node:process'
import { parseArgs } from 'node:util'
import { type PeerEvent, peerEvent } from './peer-events.ts'
import { rowsOf } from './planning-ceiling.ts'
import { batchesOf, columnsOf, type Kind, kinds } from './planning-events.ts'

const rounds = 3
/** Batches under way at once. */
const concurrency = 4

interface Action {
  readonly name: string
  readonly subscribe: string
  /** Events of a batch: as many as make 75 objects at most. */
  readonly batch: number
}
const actionsOf: Readonly<Record<Kind, Action>> = {
  track: { name: 'trackEvent', subscribe: 'type = "track"', batch: 75 },
  identify: { name: 'updateUserProfile', subscribe: 'type = "identify"', batch: 75 },
  purchase: { name: 'trackPurchase', subscribe: 'event = "Order Completed"', batch: 25 },
}

/** Of the peer's own folder: nothing of this project depends on them. */
const packages = {
  core: '@segment/actions-core',
  braze: '@segment/action-destinations/dist/destinations/braze/index.js',
}

/** What of the peer is used. */
interface Braze {
  readonly actions: Readonly<
    Record<string, { readonly fields: Readonly<Record<string, { readonly default?: unknown }>> }>
  >
}
interface Destination {
  readonly responses: { length: number }
  onBatch(
    events: readonly PeerEvent[],
    settings: object,
  ): Promise<readonly { readonly multistatus?: readonly { readonly status: number }[] }[]>
}
interface Core {
  readonly Destination: new (braze: Braze) => Destination
}
interface Fetch {
  (request: { text(): Promise<string> }): Promise<object>
  readonly Response: new (body: string, options: object) => object
}

type OnBody = (body: string) => void

/** Loads the peer with a fetch that answers like Braze at once; while `watch` is set it is told the bodies. */
function loadPeer(home: string) {
  const load = createRequire(join(home, 'package.json'))
  const fetchId = createRequire(load.resolve(packages.core)).resolve('cross-fetch')
  const real = load(fetchId) as Fetch
  const watched: { onBody: OnBody | null } = { onBody: null }
  const answer = { status: 201, headers: { 'content-type': 'application/json' } }
  const stub = async (request: { text(): Promise<string> }) => {
    if (watched.onBody !== null) watched.onBody(await request.text())
    return new real.Response('{"message":"success"}', answer)
  }
  // Before the peer is loaded, which keeps what it finds here.
  const cached = load.cache[fetchId]
  if (cached === undefined) throw new Error('The peer does not send through cross-fetch any more.')
  cached.exports = Object.assign(stub, real, { default: stub, fetch: stub, __esModule: true })
  const core = load(packages.core) as Core
  const { default: braze } = load(packages.braze) as {
    default: Braze
  }
  return { braze, destination: new core.Destination(braze), watched }
}

async function measure(home: string, records: number): Promise<Record<Kind, number>> {
  const { braze, destination, watched } = loadPeer(home)
  const settings = { api_key: 'k', app_id: 'app', endpoint: 'https://rest.iad-01.braze.com' }
  const rates = { track: 0, identify: 0, purchase: 0 }
  for (const kind of kinds) {
    const { name, subscribe, batch } = actionsOf[kind]
    const subscription = { subscribe, partnerAction: name, mapping: defaultsOf(braze, name) }
    const send = async (group: readonly PeerEvent[]) => {
      const [result] = await destination.onBatch(group, { ...settings, subscription })
      const isTaken = result?.multistatus?.every(({ status }) => status < 300) ?? false
      if (!isTaken || result?.multistatus?.length !== group.length) {
        throw new Error(`The peer's ${name} did not take every event.`)
      }
      // It keeps every answer for ever: that is not what is measured.
      destination.responses.length = 0
    }
    const events = eventsOf(kind, records)
    const groups = groupsOf(events, batch)
    await checkObjects(kind, events.slice(0, batch), watched, send)
    const found: number[] = []
    for (let round = 0; round <= rounds; round += 1) {
      const startedAt = performance.now()
      await inTurn(groups, send)
      // The first round is V8's to learn.
      if (round > 0) found.push(Math.round((events.length / (performance.now() - startedAt)) * 1_000))
    }
    rates[kind] = found.toSorted((left, right) => left - right)[Math.floor(found.length / 2)] ?? 0
  }
  return rates
}

/** Both do the same work only if as many objects go out as the records have. */
async function checkObjects(
  kind: Kind,
  events: readonly PeerEvent[],
  watched: { onBody: OnBody | null },
  send: (group: readonly PeerEvent[]) => Promise<void>,
): Promise<void> {
  let objects = 0
  watched.onBody = (body) => {
    const {
      attributes = [],
      events: sent = [],
      purchases = [],
    } = JSON.parse(body) as Readonly<Record<string, readonly unknown[]>>
    objects += attributes.length + sent.length + purchases.length
  }
  await send(events)
  watched.onBody = null
  const wanted = kind === 'purchase' ? events.reduce((sum, _, row) => sum + 1 + (row % 3), 0) : events.length
  if (objects !== wanted) throw new Error(`The peer sends ${objects} objects for ${kind}, not ${wanted}.`)
}

function defaultsOf({ actions }: Braze, name: string): object {
  const fields = Object.entries(actions[name]?.fields ?? {})
  const values = fields.flatMap(([field, { default: value }]) =>
    value === undefined ? [] : [[field, value]],
  )
  return { ...Object.fromEntries(values), enable_batching: true }
}

function eventsOf(kind: Kind, records: number): readonly PeerEvent[] {
  const names = columnsOf[kind].map(({ name }) => name)
  return rowsOf(names, batchesOf(kind, records, names)).map((row, index) => peerEvent(kind, row, index))
}

function groupsOf(events: readonly PeerEvent[], size: number): readonly (readonly PeerEvent[])[] {
  return Array.from({ length: Math.ceil(events.length / size) }, (_, group) =>
    events.slice(group * size, (group + 1) * size),
  )
}

async function inTurn<Group>(groups: readonly Group[], send: (group: Group) => Promise<void>): Promise<void> {
  let next = 0
  const sendOn = async () => {
    for (let group = groups[next++]; group !== undefined; group = groups[next++]) await send(group)
  }
  await Promise.all(Array.from({ length: concurrency }, sendOn))
}

const { values } = parseArgs({
  options: { home: { type: 'string', default: '' }, records: { type: 'string', default: '0' } },
})
process.stdout.write(`${JSON.stringify(await measure(values.home, Number(values.records)))}\n`)
