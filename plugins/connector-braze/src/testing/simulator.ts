/** A stand-in for Braze on loopback: real HTTP, profiles in memory, faults on script. */

import { z } from '@sluice/connector-sdk'
import {
  createRequestLog,
  type Faults,
  type HostedVendorOptions,
  hostVendor,
  type LoggedRequest,
} from '@sluice/connector-testing/simulator'
import { type Application, createApplicationLog } from './application-log.ts'
import { createBrazeFaults, type Fault } from './faults.ts'
import type { JsonObject } from './json-object.ts'
import { type BrazeSimulatorOptions, defaultOptions } from './options.ts'
import type { SentMessage } from './outbox.ts'
import { renderPage } from './page.ts'
import { createProfileStore } from './profile-store.ts'
import { type ProfileView, viewOf } from './profile-view.ts'
import { createRespond } from './respond.ts'
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
  readonly faults: Faults<Fault>
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
  const faults = createBrazeFaults(options.seed)
  const log = createRequestLog(options.keepRequests)
  const applications = createApplicationLog(options.keepRequests)
  let objects = 0
  const totals = () => ({
    receivedUsers: store.receivedUsers,
    profiles: store.size,
    requests: vendor.exchanges.requests,
    objects,
  })
  const vendor = await hostVendor((later): HostedVendorOptions<Fault> => {
    const onObjects = (more: number) => {
      objects += more
    }
    return {
      port: options.port,
      maxBodyBytes,
      control: {
        faults,
        faultScope: { externalId: z.string().optional() },
        totals,
        page: (query) => renderPage(store, totals(), Number(query.get('page') ?? 1)),
      },
      exchange: {
        faults,
        log,
        now: options.now,
        respond: createRespond({ store, workspace, applications, options, later, onObjects }),
      },
    }
  })

  return {
    url: vendor.url,
    apiKey: options.apiKey,
    get receivedUsers() {
      return store.receivedUsers
    },
    get requests() {
      return vendor.exchanges.requests
    },
    get objects() {
      return objects
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
    close: vendor.close,
  }
}
