/** A whole object as a request: JSON in the body, or with GET in the parameter `data`. */
import type { JsonValue, PlannedItem, PublicSettings, RequestPlan } from '@sluice/connector-sdk'
import { type EnvelopeFields, envelope, forOneItem } from './envelope.ts'

export function wholeRequest(
  item: PlannedItem<EnvelopeFields>,
  index: number,
  settings: PublicSettings,
  value: JsonValue,
): RequestPlan {
  return forOneItem(carrying(item.payload, settings, value), item.payload, item, index)
}

/** The envelope with the value where the method takes it. */
export function carrying(
  fields: EnvelopeFields,
  settings: PublicSettings,
  value: JsonValue,
): Omit<RequestPlan, 'parts'> {
  return fields.method === 'GET'
    ? envelope(fields, settings, undefined, { data: JSON.stringify(value) })
    : envelope(fields, settings, { kind: 'json', value })
}
