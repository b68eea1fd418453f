/** Mapped values as JSON: exact where JSON is, undefined where it cannot say them. */
import type { JsonValue } from '@sluice/connector-sdk'

// Deep enough for any real value; it also ends a value that contains itself.
const maxDepth = 32

/** Dates become ISO texts, integers beyond 2^53 texts with all their digits. */
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

/** An object whose undefined values are left out; undefined where any of the others is no JSON. */
export function toJsonObject(
  values: Readonly<Record<string, unknown>>,
  depth = 0,
): Readonly<Record<string, JsonValue>> | undefined {
  const entries: [string, JsonValue][] = []
  for (const [name, inner] of Object.entries(values)) {
    if (inner === undefined) continue
    const json = toJsonValue(inner, depth + 1)
    if (json === undefined) return undefined
    entries.push([name, json])
  }
  return Object.fromEntries(entries)
}

function structureToJson(value: object | null, depth: number): JsonValue | undefined {
  if (value === null) return null
  if (Array.isArray(value)) {
    const list = value.map((inner) => toJsonValue(inner ?? null, depth + 1))
    return list.every((inner) => inner !== undefined) ? list : undefined
  }
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? undefined : value.toISOString()
  if ('toJSON' in value && typeof value.toJSON === 'function')
    return toJsonValue(value.toJSON() as unknown, depth + 1)
  return toJsonObject(value as Readonly<Record<string, unknown>>, depth)
}
