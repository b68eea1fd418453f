/** Payloads as requests to /users/identify: profiles of every kind in one, each kind in its own list. */
import type { JsonValue, PlannedItem, RequestPlan } from '@sluice/connector-sdk'
import { batches } from '../batches.ts'
import { type Identifier, identifierFields, identifierOf } from '../identifiers.ts'
import { prioritizationOrder } from '../prioritization.ts'
import type { IdentifyUser } from './parameters.ts'

/** Users in one request. */
export const maxUsers = 50

// A repetition changes nothing more: at worst it joins another profile of the same address to the same user.
const effect = 'set'

export function planIdentifyUser(items: readonly PlannedItem<IdentifyUser>[]): readonly RequestPlan[] {
  return batches(items, { most: maxUsers, effect, shared: () => '' }).map(({ payloads, parts }) => ({
    method: 'POST',
    path: '/users/identify',
    body: { kind: 'json', value: listsOf(payloads) },
    parts,
  }))
}

function listsOf(payloads: readonly IdentifyUser[]): JsonValue {
  const lists = new Map<string, JsonValue[]>()
  for (const { externalId, prioritization, ...ids } of payloads) {
    const identifier = identifierOf(ids)
    const name = listNameOf(identifier)
    const entry = {
      external_id: externalId,
      ...identifierFields(identifier),
      ...(identifier.kind === 'user_alias' ? {} : { prioritization: prioritizationOrder(prioritization) }),
    }
    lists.set(name, [...(lists.get(name) ?? []), entry])
  }
  return Object.fromEntries(lists)
}

function listNameOf({ kind }: Identifier): string {
  if (kind === 'user_alias') return 'aliases_to_identify'
  return kind === 'email' ? 'emails_to_identify' : 'phone_numbers_to_identify'
}
