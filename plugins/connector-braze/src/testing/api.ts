/** The REST API as one function: checks in Braze's order, then the endpoint. */
import type { IncomingHttpHeaders } from 'node:http'
import { createRateWindow, createRoutes, type RateWindow } from '@sluice/connector-testing/simulator'
import { createDeleteCatalogItems, createPutCatalogItems } from './catalog-items.ts'
import { createDeleteUsers } from './delete-users.ts'
import { createExportUsers } from './export-users.ts'
import { createIdentifyUsers } from './identify-users.ts'
import { isJsonObject, type JsonObject } from './json-object.ts'
import { createMessageList } from './message-lists.ts'
import type { BrazeSimulatorOptions } from './options.ts'
import { failure, type Outcome } from './outcome.ts'
import type { ProfileStore } from './profile-store.ts'
import { createSetSubscription, createSetSubscriptions } from './subscription-status.ts'
import { createTrack } from './track.ts'
import { createTransactionalSend } from './transactional-send.ts'
import { createTriggerSend } from './trigger-send.ts'
import type { Workspace } from './workspace.ts'

export interface ApiRequest {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: IncomingHttpHeaders
  /** The parsed body, its text where it is no JSON, undefined where it was too long. */
  readonly body: unknown
}

export interface ApiAnswer {
  readonly outcome: Outcome
  readonly headers: Readonly<Record<string, string>>
}

interface Guarded {
  readonly permission: string
  readonly rate: RateWindow
}
interface Handling extends Guarded {
  /** `name` stands in the path. */
  handle(body: JsonObject, name: string): Outcome
}
/** It takes no body. */
interface Reading extends Guarded {
  read(query: URLSearchParams): Outcome
}
type Endpoint = Handling | Reading

export interface ApiDeps {
  readonly store: ProfileStore
  readonly workspace: Workspace
  readonly options: Required<BrazeSimulatorOptions>
}

export function createApi({ store, workspace, options }: ApiDeps): (request: ApiRequest) => ApiAnswer {
  const { apiKey, now, rateLimitHeaders: headers, permissions } = options
  const minute = 60_000
  const hour = 60 * minute
  const window = (requests: number, perMs: number) => createRateWindow({ requests, perMs, headers })
  const { subscriptions, outbox, catalogs } = workspace
  const catalogWindow = window(options.catalogRequestsPerWindow, minute)
  const messageWindow = window(options.messageRequestsPerWindow, hour)
  const subscriptionWindow = window(options.subscriptionRequestsPerWindow, minute)
  const deletesAndIdentifies = window(options.deleteRequestsPerWindow, minute)
  const endpointOf = createRoutes<Endpoint>({
    'POST /users/track': {
      permission: 'users.track',
      rate: window(options.trackRequestsPerWindow, 3000),
      handle: createTrack({ store, ...options }),
    },
    'POST /users/delete': {
      permission: 'users.delete',
      rate: deletesAndIdentifies,
      handle: createDeleteUsers(store),
    },
    'POST /users/identify': {
      permission: 'users.identify',
      rate: deletesAndIdentifies,
      handle: createIdentifyUsers(store),
    },
    'POST /subscription/status/set': {
      permission: 'subscription.status.set',
      rate: subscriptionWindow,
      handle: createSetSubscription(subscriptions),
    },
    'POST /v2/subscription/status/set': {
      permission: 'subscription.status.set',
      rate: subscriptionWindow,
      handle: createSetSubscriptions(subscriptions),
    },
    'POST /campaigns/trigger/send': {
      permission: 'campaigns.trigger.send',
      rate: messageWindow,
      handle: createTriggerSend({ kind: 'campaign', store, outbox, states: options.campaigns }),
    },
    'GET /campaigns/list': {
      permission: 'campaigns.list',
      rate: messageWindow,
      read: createMessageList({ field: 'campaigns', states: options.campaigns }),
    },
    'GET /canvas/list': {
      permission: 'canvas.list',
      rate: messageWindow,
      read: createMessageList({ field: 'canvases', states: options.canvases }),
    },
    'POST /canvas/trigger/send': {
      permission: 'canvas.trigger.send',
      rate: messageWindow,
      handle: createTriggerSend({ kind: 'canvas', store, outbox, states: options.canvases }),
    },
    'POST /transactional/v1/campaigns/{id}/send': {
      permission: 'transactional.send',
      rate: messageWindow,
      handle: createTransactionalSend({
        store,
        outbox,
        states: options.transactionalCampaigns,
        others: options.campaigns,
        now,
      }),
    },
    'PUT /catalogs/{name}/items': {
      permission: 'catalogs.replace_items',
      rate: catalogWindow,
      handle: createPutCatalogItems(catalogs),
    },
    'DELETE /catalogs/{name}/items': {
      permission: 'catalogs.delete_items',
      rate: catalogWindow,
      handle: createDeleteCatalogItems(catalogs),
    },
    'POST /users/export/ids': {
      permission: 'users.export.ids',
      rate: window(options.exportRequestsPerWindow, minute),
      handle: createExportUsers({ store, now }),
    },
  })
  const expected = `Bearer ${apiKey}`

  return ({ method, path, query, headers: sent, body }) => {
    const match = endpointOf(method, path)
    if (match === undefined) return bare(failure(404, 'Not Found'))
    const { endpoint } = match
    if (sent.authorization !== expected) {
      const key = (sent.authorization ?? '').replace(/^Bearer /, '')
      return bare(failure(401, `Invalid API key: ${key}`))
    }
    if (!permissions.includes(endpoint.permission)) return bare(failure(403, 'Access Denied'))
    const { isAllowed, headers: rate } = endpoint.rate.take(now())
    if (!isAllowed) return { outcome: failure(429, 'Rate limit exceeded'), headers: rate }
    const outcome = 'read' in endpoint ? endpoint.read(query) : answer(endpoint, match.name, sent, body)
    return { outcome, headers: rate }
  }
}

function answer(endpoint: Handling, name: string, headers: IncomingHttpHeaders, body: unknown): Outcome {
  if (!headers['content-type']?.startsWith('application/json')) return failure(415, 'Unsupported Media Type')
  if (body === undefined) return failure(413, 'Payload Too Large')
  if (!isJsonObject(body)) {
    return failure(400, 'Error while parsing request body. Please check your syntax.', {
      error: 'Bad Request',
    })
  }
  return endpoint.handle(body, name)
}

function bare(outcome: Outcome): ApiAnswer {
  return { outcome, headers: {} }
}
