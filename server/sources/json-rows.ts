/** Rows for people to look at: JSON objects by column name. They live in the response only. */
import type { AttributeValue, RecordBatch } from '@sluice/connector-sdk'
import { Decimal } from '@sluice/connector-sdk'
import type { Json, JsonObject } from '../workspaces/json.ts'

export function jsonRow(names: readonly string[], columns: RecordBatch['columns'], row: number): JsonObject {
  return Object.fromEntries(names.map((name, index) => [name, jsonValue(columns[index]?.[row] ?? null)]))
}

/** Numbers that JavaScript would change stay exact as texts; dates are ISO 8601. */
function jsonValue(value: AttributeValue): Json {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value)
  if (typeof value === 'bigint') return exactNumber(String(value))
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString()
  if (value instanceof Decimal) return exactNumber(value.digits)
  return value.map(jsonValue)
}

function exactNumber(digits: string): Json {
  const plain = digits.includes('.') ? digits.replace(/\.?0+$/, '') : digits
  return String(Number(plain)) === plain ? Number(plain) : digits
}
