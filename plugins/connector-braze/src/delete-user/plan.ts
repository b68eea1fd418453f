/** Payloads as requests to /users/delete, which takes ids of one kind at a time. */
import type { Effect, JsonValue, Part, PlannedItem, RequestPlan } from '@sluice/connector-sdk'
import { type Identifier, identifierOf } from '../identifiers.ts'
import { prioritizationOrder } from '../prioritization.ts'
import type { DeleteUser } from './parameters.ts'

/** Users in one request. */
export const maxUsers = 50

const listNames = {
  external_id: 'external_ids',
  braze_id: 'braze_ids',
  user_alias: 'user_aliases',
  email: 'email_addresses',
  phone: 'phone_numbers',
} as const satisfies Record<Identifier['kind'], string>

interface OpenRequest {
  readonly entries: JsonValue[]
  readonly parts: Part[]
}

export function planDeleteUser(items: readonly PlannedItem<DeleteUser>[]): readonly RequestPlan[] {
  const requests: RequestPlan[] = []
  const openByKind = new Map<Identifier['kind'], OpenRequest>()
  for (const [item, { payload }] of items.entries()) {
    const identifier = identifierOf(payload)
    let open = openByKind.get(identifier.kind)
    if (open === undefined || open.parts.length === maxUsers) {
      open = { entries: [], parts: [] }
      openByKind.set(identifier.kind, open)
      requests.push(requestOf(identifier.kind, open))
    }
    open.entries.push(entryOf(identifier, payload.prioritization))
    open.parts.push({ item, part: 0, effect: effectOf(identifier) })
  }
  return requests
}

// Several profiles may share an e-mail or phone: deleting by it once more would delete the next of them.
function effectOf({ kind }: Identifier): Effect {
  return kind === 'email' || kind === 'phone' ? 'append' : 'set'
}

function requestOf(kind: Identifier['kind'], { entries, parts }: OpenRequest): RequestPlan {
  return {
    method: 'POST',
    path: '/users/delete',
    body: { kind: 'json', value: { [listNames[kind]]: entries } },
    parts,
  }
}

function entryOf(identifier: Identifier, prioritization: DeleteUser['prioritization']): JsonValue {
  if (identifier.kind === 'user_alias') {
    return { alias_name: identifier.name, alias_label: identifier.label }
  }
  if (identifier.kind === 'email' || identifier.kind === 'phone') {
    return { [identifier.kind]: identifier.value, prioritization: prioritizationOrder(prioritization) }
  }
  return identifier.value
}
