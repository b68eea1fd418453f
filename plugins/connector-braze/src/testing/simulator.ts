/** A stand-in for Braze on loopback: real HTTP, profiles in memory, faults on script. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Application, createApplicationLog } from './application-log.ts'
import { createControl, isControlPath } from './control.ts'
import { createExchanges } from './exchange.ts'
import { createFaults, type Faults } from './faults.ts'
import type { JsonObject } from './json-object.ts'
import { type BrazeSimulatorOptions, defaultOptions } from './options.ts'
import type { SentMessage } from './outbox.ts'
import { createProfileStore } from './profile-store.ts'
import { type ProfileView, viewOf } from './profile-view.ts'
import { readBody } from './read-body.ts'
import { createRequestLog, type LoggedRequest } from './request-log.ts'
import { sendControl } from './send-control.ts'
import type { SubscriptionState } from './subscriptions.ts'
import { createWorkspace } from './workspace.ts'

/** Braze takes 4 MB. */
const maxBodyBytes = 4_000_000

export interface BrazeSimulator {
  readonly url: string
  readonly apiKey: string
  /** Distinct users that requests have stored since the start. */
  readonly receivedUsers: number
  /** Requests to the API, those with a fault included. */
  readonly requests: number
  /** Attributes, event and purchase objects taken. */
  readonly objects: number
  /** The latest requests, in the order in which they were answered or given up. */
  readonly log: readonly LoggedRequest[]
  /** What has taken effect of late, in the order in which it did. */
  readonly applications: readonly Application[]
  /** All messages sent, in their order. */
  readonly messages: readonly SentMessage[]
  readonly faults: Faults
  profiles(): IterableIterator<ProfileView>
  profile(externalId: string): ProfileView | undefined
  /** A user's state in a subscription group; undefined when none was ever set. */
  subscription(groupId: string, externalId: string): SubscriptionState | undefined
  /** The items of a catalog by id; none where there is no such catalog. */
  catalog(name: string): ReadonlyMap<string, JsonObject>
  /** Cuts what is open and stops listening. */
  close(): Promise<void>
}

/**
 * Starts a simulator.
 *
 * @example
 * ```ts
 * const braze = await createBrazeSimulator({ apiKey: 'test-key' })
 * braze.faults.add({ kind: 'status', status: 503, times: 2 })
 * ```
 */
export async function createBrazeSimulator(given: BrazeSimulatorOptions = {}): Promise<BrazeSimulator> {
  const options = { ...defaultOptions, ...given }
  const store = createProfileStore(options.now)
  const workspace = createWorkspace({ store, ...options })
  const faults = createFaults(options.seed)
  const log = createRequestLog(options.keepRequests)
  const applications = createApplicationLog(options.keepRequests)
  const timers = new Set<NodeJS.Timeout>()
  const exchanges = createExchanges({ store, workspace, faults, log, applications, options, later })
  const totals = () => ({
    receivedUsers: store.receivedUsers,
    profiles: store.size,
    requests: exchanges.requests,
    objects: exchanges.objects,
  })
  const control = createControl({ store, faults, totals })

  function later(delayMs: number, run: () => void): void {
    const timer = setTimeout(() => {
      timers.delete(timer)
      run()
    }, delayMs)
    timers.add(timer)
  }

  const server = createServer((request, response) => {
    const [path = '/', query = ''] = (request.url ?? '/').split('?')
    readBody(request, maxBodyBytes, (text) => {
      if (!isControlPath(path)) return exchanges.answer(request, response, path, text)
      const { method = '', headers } = request
      sendControl(
        response,
        control({ method, path, query: new URLSearchParams(query), host: headers.host, text: text ?? '' }),
      )
    })
  })
  // Longer than clients keep idle connections, so that none is cut just when it is used again.
  server.keepAliveTimeout = 60_000
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo

  return {
    url: `http://127.0.0.1:${port}`,
    apiKey: options.apiKey,
    get receivedUsers() {
      return store.receivedUsers
    },
    get requests() {
      return exchanges.requests
    },
    get objects() {
      return exchanges.objects
    },
    log: log.entries,
    applications: applications.entries,
    messages: workspace.outbox.sent,
    faults,
    *profiles() {
      for (const profile of store.all()) yield viewOf(profile)
    },
    profile(externalId) {
      const profile = store.byExternalId(externalId)
      return profile === undefined ? undefined : viewOf(profile)
    },
    subscription(groupId, externalId) {
      const profile = store.byExternalId(externalId)
      return profile === undefined ? undefined : workspace.subscriptions.stateOf(groupId, profile)
    },
    catalog: workspace.catalogs.itemsOf,
    async close() {
      for (const timer of timers) clearTimeout(timer)
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await closed
    },
  }
}
