/** Values on their way into a JSON column: exactly JSON, and nothing that PostgreSQL refuses. */
import { isStorable } from './rules.ts'

export type Json = string | number | boolean | null | Json[] | { [name: string]: Json }
export type JsonObject = { [name: string]: Json }

/** What is left of a value once it has been JSON: dates are texts, undefined is gone. */
export function asJsonArray(value: readonly unknown[]): Json[] {
  return JSON.parse(JSON.stringify(value))
}

export function asJsonObject(value: Readonly<Record<string, unknown>>): JsonObject {
  return JSON.parse(JSON.stringify(value))
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Whether every text in it, names included, is kept by PostgreSQL as it is. */
export function isStorableJson(value: unknown): boolean {
  if (typeof value === 'string') return isStorable(value)
  if (Array.isArray(value)) return value.every(isStorableJson)
  if (!isRecord(value)) return true
  return Object.entries(value).every(([name, each]) => isStorable(name) && isStorableJson(each))
}
