/** The subscription groups of a profile, as /users/track changes them: by group, and the others stay. */
import { isJsonObject, type JsonObject } from './json-object.ts'

export function nextSubscriptionGroups(current: unknown, given: unknown): readonly JsonObject[] {
  const states = new Map<unknown, JsonObject>()
  for (const group of [...entriesOf(current), ...entriesOf(given)]) {
    const { subscription_group_id: id, subscription_state: state } = group
    states.set(id, { subscription_group_id: id, subscription_state: state })
  }
  return [...states.values()]
}

function entriesOf(groups: unknown): readonly JsonObject[] {
  return Array.isArray(groups) ? groups.filter(isJsonObject) : []
}
