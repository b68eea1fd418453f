/** Entries as people read them: by name, fields in the order of the format, and nothing that is as it is anyway. */
import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import { asJsonObject, isRecord, type JsonObject } from '../workspaces/json.ts'
import { configurationSchema, formatVersion, type Part, parts } from './document.ts'
import { byName, type Entries } from './entries.ts'

export function documentOf(entries: Entries): JsonObject {
  const lists = parts.map((part) => [
    part,
    [...entries[part].values()].toSorted(byName).map((entry) => shortEntry(part, entry)),
  ])
  return asJsonObject({
    sluice: formatVersion,
    ...Object.fromEntries(lists.filter(([, list]) => list?.length !== 0)),
  })
}

/** One entry of a list. */
export function shortEntry(part: Part, entry: object): JsonObject {
  return asJsonObject(short(elementOf(configurationSchema.shape[part]), entry))
}

function short(schema: unknown, value: object): Readonly<Record<string, unknown>> {
  const given: Readonly<Record<string, unknown>> = { ...value }
  if (!(schema instanceof z.ZodObject)) return sortedByKey(given)
  return Object.fromEntries(
    Object.entries(schema.shape).flatMap(([name, field]) => {
      const told = given[name]
      return told === undefined || isDefault(field, told) ? [] : [[name, shortField(field, told)]]
    }),
  )
}

function shortField(field: unknown, value: unknown): unknown {
  const element = elementOf(field)
  if (Array.isArray(value) && element instanceof z.ZodObject)
    return value.map((each) => (isRecord(each) ? short(element, each) : each))
  // Settings have no order of their own; what has none in the format keeps the one that it has.
  return isRecord(value) && unwrapped(field) instanceof z.ZodRecord ? sortedByKey(value) : value
}

function isDefault(field: unknown, value: unknown): boolean {
  return field instanceof z.ZodDefault && isDeepStrictEqual(field.def.defaultValue, value)
}

function unwrapped(schema: unknown): unknown {
  return schema instanceof z.ZodDefault ? schema.def.innerType : schema
}

function elementOf(schema: unknown): unknown {
  const list = unwrapped(schema)
  return list instanceof z.ZodArray ? list.element : undefined
}

function sortedByKey(record: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(record).toSorted(([left], [right]) => (left < right ? -1 : 1)))
}
