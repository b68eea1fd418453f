/** Values of records in the forms that parameters want; what would lose its meaning is refused. */
import type { AttributeValue } from '@sluice/connector-sdk'
import { isDecimal } from '../rules/numbers.ts'
import type { FailureCode, Place } from '../templates/problem.ts'
import { isNumericText, numberOfDigits } from './exact-number.ts'
import { hasIsoText, isoDay, isoInstant } from './iso-text.ts'
import type { Target } from './target.ts'

type ConversionCode =
  | 'not_a_single_value'
  | 'not_a_number'
  | 'not_a_json_number'
  | 'number_too_large'
  | 'not_a_boolean'
  | 'not_a_date'
  | 'date_out_of_range'
  | 'broken_text'

/** Why a value was not converted, and at which place of a list, or of the template that should have rendered it. */
export interface Refusal {
  readonly refused: ConversionCode | 'not_an_object' | FailureCode
  readonly index?: number
  readonly place?: Place
}

export type Value = NonNullable<AttributeValue>
type List = Extract<AttributeValue, readonly unknown[]>
type Single = Exclude<Value, List>

export type ConvertedValue = string | number | boolean | null | readonly ConvertedValue[]
export type Converter = (value: Value) => ConvertedValue | Refusal

export function isList(value: AttributeValue): value is List {
  return Array.isArray(value)
}

export function isRefusal(converted: ConvertedValue | Refusal): converted is Refusal {
  return typeof converted === 'object' && converted !== null && 'refused' in converted
}

/** The conversion to a target, chosen once. */
export function converterTo(target: Target): Converter {
  switch (target.kind) {
    case 'string':
      return single(toText)
    case 'number':
      return single(toNumber)
    case 'boolean':
      return single(toBoolean)
    case 'instant':
      return single((value) => (typeof value === 'string' ? whole(value) : dateText(value, isoInstant)))
    case 'day':
      return single(toDay)
    case 'json':
      return (value) => (isList(value) ? convertEach(value, toJson) : toJson(value))
    case 'array': {
      const convert = converterTo(target.element)
      return (value) => (isList(value) ? convertEach(value, convert) : wrapped(convert(value)))
    }
  }
}

function single(convert: (value: Single) => ConvertedValue | Refusal): Converter {
  return (value) => (isList(value) ? { refused: 'not_a_single_value' } : convert(value))
}

function toText(value: Single): string | Refusal {
  switch (typeof value) {
    case 'string':
      return whole(value)
    case 'number':
      return Number.isFinite(value) ? String(value) : { refused: 'not_a_json_number' }
    case 'bigint':
    case 'boolean':
      return String(value)
    default:
      return isDecimal(value) ? decimalText(value.digits) : dateText(value, isoInstant)
  }
}

/** PostgreSQL's decimals can be NaN and infinite. */
function decimalText(digits: string): string | Refusal {
  return /\d$/.test(digits) ? digits : { refused: 'not_a_json_number' }
}

function toNumber(value: Single): number | Refusal {
  switch (typeof value) {
    case 'number':
      return Number.isFinite(value) ? value : { refused: 'not_a_json_number' }
    case 'bigint':
      return exactNumber(String(value))
    case 'string':
      return isNumericText(value) ? exactNumber(value) : { refused: 'not_a_number' }
    default:
      return isDecimal(value) ? exactNumber(value.digits) : { refused: 'not_a_number' }
  }
}

function exactNumber(digits: string): number | Refusal {
  return numberOfDigits(digits) ?? { refused: 'number_too_large' }
}

function toBoolean(value: Single): boolean | Refusal {
  if (typeof value === 'boolean') return value
  if (value === 'true' || value === 'false') return value === 'true'
  if (typeof value === 'string' || value instanceof Date) return { refused: 'not_a_boolean' }
  const number = isDecimal(value) ? Number(value.digits) : Number(value)
  return number === 1 || number === 0 ? number === 1 : { refused: 'not_a_boolean' }
}

function toDay(value: Single): string | Refusal {
  return typeof value === 'string' ? whole(value) : dateText(value, isoDay)
}

/** The JSON a value naturally is; integers that a double can't hold stay exact as texts. */
function toJson(value: Value): ConvertedValue | Refusal {
  if (isList(value)) return convertEach(value, toJson)
  switch (typeof value) {
    case 'number':
      return Number.isFinite(value) ? value : { refused: 'not_a_json_number' }
    case 'bigint': {
      const number = Number(value)
      return Number.isSafeInteger(number) ? number : String(value)
    }
    case 'string':
      return whole(value)
    case 'boolean':
      return value
    default:
      return isDecimal(value) ? decimalToJson(value.digits) : dateText(value, isoInstant)
  }
}

function decimalToJson(digits: string): number | string | Refusal {
  const number = numberOfDigits(digits)
  if (number !== undefined) return number
  return Number.isFinite(Number(digits)) ? digits : { refused: 'not_a_json_number' }
}

/** Converts value by value; nulls stay, as places count. */
export function convertEach(values: List, convert: Converter): readonly ConvertedValue[] | Refusal {
  const list: ConvertedValue[] = []
  for (const value of values) {
    const converted = value === null ? null : convert(value)
    if (isRefusal(converted)) return { refused: converted.refused, index: list.length }
    list.push(converted)
  }
  return list
}

function wrapped(converted: ConvertedValue | Refusal): readonly ConvertedValue[] | Refusal {
  return isRefusal(converted) ? converted : [converted]
}

/** A text as it is; not one with half a surrogate pair, which no UTF-8 has and many vendors refuse a whole batch for. */
function whole(text: string): string | Refusal {
  return text.isWellFormed() ? text : { refused: 'broken_text' }
}

function dateText(value: Single, write: (date: Date) => string): string | Refusal {
  if (!(value instanceof Date) || Number.isNaN(value.getTime())) return { refused: 'not_a_date' }
  return hasIsoText(value) ? write(value) : { refused: 'date_out_of_range' }
}
