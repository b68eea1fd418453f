/** POST /subscription/status/set and /v2/subscription/status/set: users join and leave subscription groups. */
import { isJsonObject, type JsonObject } from './json-object.ts'
import { failure, type Outcome } from './outcome.ts'
import type { SubscriberKind, SubscriptionState, Subscriptions } from './subscriptions.ts'

const maxIds = 50
const bothAddresses = 'Either an email address or a phone number should be provided, but not both.'

/** How a version of the endpoint names its lists of ids. */
type ListNames = Readonly<Record<SubscriberKind, string>>
const first: ListNames = { external_id: 'external_id', email: 'email', phone: 'phone' }
const second: ListNames = { external_id: 'external_ids', email: 'emails', phone: 'phones' }
const kinds = ['external_id', 'email', 'phone'] as const

/** One group. */
export function createSetSubscription(subscriptions: Subscriptions) {
  return (body: JsonObject): Outcome => outcomeOf(subscriptions, [body], first)
}

/** Several groups. */
export function createSetSubscriptions(subscriptions: Subscriptions) {
  return ({ subscription_groups: entries }: JsonObject): Outcome =>
    Array.isArray(entries) && entries.length > 0
      ? outcomeOf(subscriptions, entries, second)
      : failure(400, "'subscription_groups' must be an array of objects")
}

function outcomeOf(subscriptions: Subscriptions, entries: readonly unknown[], names: ListNames): Outcome {
  const all = entries.filter(isJsonObject)
  if (all.length < entries.length) return failure(400, "'subscription_groups' must be an array of objects")
  const isGiven = (kind: SubscriberKind) => all.some((entry) => entry[names[kind]] !== undefined)
  if (isGiven('email') && isGiven('phone')) return failure(400, bothAddresses)
  for (const entry of all) {
    const problem = problemOf(entry, names)
    if (problem !== undefined) return failure(400, problem)
  }
  return {
    status: 201,
    body: { message: 'success' },
    objects: 0,
    store() {
      for (const entry of all) apply(subscriptions, entry, names)
    },
  }
}

function problemOf(entry: JsonObject, names: ListNames): string | undefined {
  const { subscription_group_id: groupId, subscription_state: state } = entry
  if (typeof groupId !== 'string' || groupId === '') return "'subscription_group_id' is not valid"
  if (state !== 'subscribed' && state !== 'unsubscribed') return "'subscription_state' is not valid"
  const [kind, ...others] = kinds.filter((each) => entry[names[each]] !== undefined)
  if (kind === undefined || others.length > 0) return 'Ids of one kind must be given'
  const ids: unknown = entry[names[kind]]
  if (!Array.isArray(ids) || ids.length === 0) return `'${names[kind]}' must be an array of strings`
  if (ids.length > maxIds) return 'The max number of ids per request was exceeded'
  const isId = (id: unknown) =>
    typeof id === 'string' && id !== '' && (kind !== 'phone' || /^\+[1-9]\d{1,14}$/.test(id))
  return ids.every(isId) ? undefined : `'${names[kind]}' is not valid`
}

function apply(subscriptions: Subscriptions, entry: JsonObject, names: ListNames): void {
  const { subscription_group_id: groupId, subscription_state: state } = entry
  for (const kind of kinds) {
    for (const id of (entry[names[kind]] ?? []) as readonly string[]) {
      subscriptions.set(String(groupId), kind, id, state as SubscriptionState)
    }
  }
}
