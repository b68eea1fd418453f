/** Payloads as requests to /transactional/v1/campaigns/{id}/send: one each, named so that Braze takes it once. */
import { type JsonValue, type PlannedItem, type RequestPlan, sha256 } from '@sluice/connector-sdk'
import { identifierOf, type UserIds } from '../identifiers.ts'
import { filledField } from '../message-fields.ts'
import type { TransactionalEmail } from './parameters.ts'

export function planTransactionalEmail(
  items: readonly PlannedItem<TransactionalEmail>[],
): readonly RequestPlan[] {
  return items.map(({ payload, key }, item) => ({
    method: 'POST',
    path: `/transactional/v1/campaigns/${payload.campaignId}/send`,
    body: {
      kind: 'json',
      value: {
        external_send_id: sendIdOf(key),
        ...filledField('trigger_properties', payload.triggerProperties),
        recipient: { ...idFields(payload), ...filledField('attributes', payload.attributes) },
      },
    },
    // Braze remembers the send id for 24 hours.
    parts: [{ item, part: 0, effect: 'append', isDeduplicated: true }],
  }))
}

/** The item's key where Braze takes its characters, else a text made of it that it does take. */
function sendIdOf(key: string): string {
  return /^[a-zA-Z0-9_+/=-]+$/.test(key) ? key : sha256(key)
}

function idFields(ids: UserIds): Readonly<Record<string, JsonValue>> {
  const identifier = identifierOf(ids)
  return identifier.kind === 'user_alias'
    ? { user_alias: { alias_name: identifier.name, alias_label: identifier.label } }
    : { external_user_id: identifier.value }
}
