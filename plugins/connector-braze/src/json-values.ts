/** Mapped values as JSON that Braze understands: exact where JSON is, undefined where it cannot say them. */
import type { JsonValue } from '@sluice/connector-sdk'

// Deep enough for any real value; it also ends a value that contains itself.
const maxDepth = 32

/**
 * A value as JSON. Dates become ISO texts, decimals numbers, and integers beyond 2^53 texts with all their digits.
 * Nulls inside arrays and objects are left out, since Braze drops the whole value for one. Undefined when the
 * value is no JSON, NaN included: JSON would make it null, and null removes.
 */
export function toJsonValue(value: unknown, depth = 0): JsonValue | undefined {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value
    case 'number':
      return Number.isFinite(value) ? value : undefined
    case 'bigint':
      return Number.isSafeInteger(Number(value)) ? Number(value) : value.toString()
    case 'object':
      return depth > maxDepth ? undefined : structureToJson(value, depth)
    default:
      return undefined
  }
}

function structureToJson(value: object | null, depth: number): JsonValue | undefined {
  if (value === null) return null
  if (Array.isArray(value)) return listToJson(value, depth)
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? undefined : value.toISOString()
  if ('toJSON' in value && typeof value.toJSON === 'function')
    return toJsonValue(value.toJSON() as unknown, depth + 1)
  const entries: [string, JsonValue][] = []
  for (const [name, inner] of Object.entries(value)) {
    if (inner === null || inner === undefined) continue
    const json = toJsonValue(inner, depth + 1)
    if (json === undefined) return undefined
    entries.push([name, json])
  }
  return Object.fromEntries(entries)
}

function listToJson(list: readonly unknown[], depth: number): JsonValue | undefined {
  const values: JsonValue[] = []
  for (const inner of list) {
    if (inner === null || inner === undefined) continue
    const json = toJsonValue(inner, depth + 1)
    if (json === undefined) return undefined
    values.push(json)
  }
  return values
}
