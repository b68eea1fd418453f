/** Payloads as requests to /subscription/status/set, which takes one group, one state and ids of one kind. */
import type { PlannedItem, RequestPlan } from '@sluice/connector-sdk'
import { batches } from '../batches.ts'
import { subscriberOf } from '../subscribers.ts'
import type { SubscriptionGroupStatus } from './parameters.ts'

/** Users in one request. */
export const maxUsers = 50

export function planSubscriptionGroupStatus(
  items: readonly PlannedItem<SubscriptionGroupStatus>[],
): readonly RequestPlan[] {
  const all = batches(items, {
    most: maxUsers,
    effect: 'set',
    shared: (payload) => [payload.subscriptionGroupId, payload.subscriptionState, subscriberOf(payload).kind],
  })
  return all.map(({ first, payloads, parts }) => ({
    method: 'POST',
    path: '/subscription/status/set',
    body: {
      kind: 'json',
      value: {
        subscription_group_id: first.subscriptionGroupId,
        subscription_state: first.subscriptionState,
        [subscriberOf(first).kind]: payloads.map((payload) => subscriberOf(payload).id),
      },
    },
    parts,
  }))
}
