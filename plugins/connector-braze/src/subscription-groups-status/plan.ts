/** Payloads as requests to /v2/subscription/status/set: an entry a group and state, with the ids of its users. */
import type { JsonValue, Part, PlannedItem, RequestPlan } from '@sluice/connector-sdk'
import { type Subscriber, type SubscriberKind, subscriberOf } from '../subscribers.ts'
import type { SubscriptionGroupsStatus } from './parameters.ts'

/** Users in one list of ids. */
export const maxUsers = 50
/** Braze names no maximum; each entry is much like a request of its own. */
export const maxEntries = 50

const listNames = {
  external_id: 'external_ids',
  email: 'emails',
  phone: 'phones',
} as const satisfies Record<SubscriberKind, string>

interface Entry {
  readonly groupId: string
  readonly state: string
  readonly useDoubleOptIn: boolean
  readonly ids: string[]
  readonly parts: Part[]
}

interface OpenRequest {
  readonly kind: SubscriberKind
  readonly entries: Map<string, Entry>
}

/** Ids of one kind a request, since Braze refuses e-mails beside phones. */
export function planSubscriptionGroupsStatus(
  items: readonly PlannedItem<SubscriptionGroupsStatus>[],
): readonly RequestPlan[] {
  const requests: OpenRequest[] = []
  const openByKind = new Map<SubscriberKind, OpenRequest>()

  const entryFor = ({ kind }: Subscriber, key: string, entry: () => Entry): Entry => {
    let open = openByKind.get(kind)
    const known = open?.entries.get(key)
    const hasRoom = known === undefined ? (open?.entries.size ?? 0) < maxEntries : known.ids.length < maxUsers
    if (open === undefined || !hasRoom) {
      open = { kind, entries: new Map() }
      openByKind.set(kind, open)
      requests.push(open)
    }
    const found = open.entries.get(key) ?? entry()
    open.entries.set(key, found)
    return found
  }

  for (const [item, { payload }] of items.entries()) {
    const subscriber = subscriberOf(payload)
    for (const [part, [groupId, state]] of Object.entries(payload.subscriptionGroups).entries()) {
      // There is nothing to confirm where someone leaves.
      const useDoubleOptIn = payload.useDoubleOptIn && state === 'subscribed'
      const key = JSON.stringify([groupId, state, useDoubleOptIn])
      const entry = entryFor(subscriber, key, () => ({ groupId, state, useDoubleOptIn, ids: [], parts: [] }))
      entry.ids.push(subscriber.id)
      entry.parts.push({ item, part, effect: 'set' })
    }
  }
  return requests.map(requestOf)
}

function requestOf({ kind, entries }: OpenRequest): RequestPlan {
  const all = [...entries.values()]
  return {
    method: 'POST',
    path: '/v2/subscription/status/set',
    body: { kind: 'json', value: { subscription_groups: all.map((entry) => entryObject(kind, entry)) } },
    parts: all.flatMap(({ parts }) => parts),
  }
}

function entryObject(kind: SubscriberKind, { groupId, state, useDoubleOptIn, ids }: Entry): JsonValue {
  return {
    subscription_group_id: groupId,
    subscription_state: state,
    [listNames[kind]]: ids,
    ...(useDoubleOptIn ? { use_double_opt_in_logic: true } : {}),
  }
}
