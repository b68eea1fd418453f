/** What an attribute becomes when Braze is given a value for it. */
import { isJsonObject, type JsonObject } from './json-object.ts'

const maxTextLength = 255
const maxItems = 500

/** The new value, `current` itself where Braze ignores what it was given. Null (removal) is the caller's. */
export function nextValue(current: unknown, given: unknown, mergeObjects: boolean): unknown {
  if (typeof given === 'string') return given.length > maxTextLength ? current : given
  if (Array.isArray(given)) return holdsNull(given) ? current : capped(given)
  if (!isJsonObject(given)) return given
  if (typeof given['inc'] === 'number')
    return (Number.isInteger(current) ? Number(current) : 0) + given['inc']
  if (Array.isArray(given['add']) || Array.isArray(given['remove'])) return changedList(current, given)
  if (holdsNull(given)) return current
  return mergeObjects && isJsonObject(current) ? merged(current, given) : given
}

function changedList(current: unknown, { add, remove }: JsonObject): unknown[] {
  const removed = new Set<unknown>(Array.isArray(remove) ? remove : [])
  const kept = (Array.isArray(current) ? current : []).filter((item) => !removed.has(item))
  return capped([...kept, ...(Array.isArray(add) ? add : [])])
}

// A repeated value counts once, at its last place; beyond the cap the oldest fall out.
function capped(items: readonly unknown[]): unknown[] {
  return [...new Set(items.toReversed())].toReversed().slice(-maxItems)
}

// One null inside makes Braze drop the whole update of the attribute.
function holdsNull(value: unknown): boolean {
  if (value === null) return true
  return typeof value === 'object' && Object.values(value as object).some(holdsNull)
}

function merged(current: JsonObject, given: JsonObject): JsonObject {
  const result: Record<string, unknown> = { ...current }
  for (const [name, value] of Object.entries(given)) {
    const before = result[name]
    result[name] = isJsonObject(before) && isJsonObject(value) ? merged(before, value) : value
  }
  return result
}
