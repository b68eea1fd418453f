/** Values as text, the way the reference writes each type. */
import { isoInstant } from '../mapping/iso-text.ts'
import { isDecimal } from '../rules/numbers.ts'
import { javaDouble } from './java-number.ts'
import { RenderFault } from './problem.ts'
import { type RenderState, spend, spendText } from './render-state.ts'
import { isEntry, isList, isTally, type Scalar, type Value, type ValueType } from './values.ts'

type Write = (value: Value, state: RenderState) => string

/** The writer for a type, chosen once. What is missing is an empty text. */
export function writerOf(type: ValueType): Write {
  switch (type.kind) {
    case 'string':
      return (value, state) => (typeof value === 'string' ? value : writeAny(value, state))
    case 'integer':
      return (value, state) => (isWhole(value) ? String(value) : writeAny(value, state))
    case 'list': {
      const element = elementWriter(writerOf(type.element))
      return (value, state) => {
        return isList(value) ? `[${writeEach(value, ',', element, state)}]` : writeAny(value, state)
      }
    }
    case 'tally':
    case 'entry': {
      const write = writerOf({ kind: type.number })
      return (value, state) => {
        if (isEntry(value)) return `${value.key}=${write(value.value, state)}`
        if (!isTally(value)) return writeAny(value, state)
        const pair: Write = (each) => (isEntry(each) ? `${each.key}=${write(each.value, state)}` : '')
        return `{${writeEach(Array.from(value, toEntry), ', ', pair, state)}}`
      }
    }
    default:
      return writeAny
  }
}

function toEntry([key, value]: readonly [string, Scalar | null]) {
  return { key, value }
}

function isWhole(value: Value): value is number | bigint {
  return typeof value === 'bigint' || Number.isSafeInteger(value)
}

function writeAny(value: Value, state: RenderState): string {
  if (value === null || value === undefined) return ''
  switch (typeof value) {
    case 'string':
      return value
    case 'number':
      return javaDouble(value)
    case 'boolean':
      return value ? 'true' : 'false'
    case 'bigint':
      return `${value}.0`
  }
  if (value instanceof Date) return dateText(value)
  if (isList(value)) return writerOf({ kind: 'list', element: { kind: 'any' } })(value, state)
  if (isTally(value) || isEntry(value)) return writerOf({ kind: 'tally', number: 'number' })(value, state)
  return isDecimal(value) ? decimalText(value.digits) : ''
}

/** In a list a missing element is `null`, as Java writes it. */
function elementWriter(write: Write): Write {
  return (value, state) => (value === null ? 'null' : write(value, state))
}

/** Elements one after the other, with a text between them. */
export function writeEach(
  list: readonly Value[],
  separator: string,
  write: Write,
  state: RenderState,
): string {
  spend(state, list.length)
  let out = ''
  for (let index = 0; index < list.length; index += 1) {
    if (index > 0) out += separator
    out += write(list[index], state)
    if (out.length > state.limits.maxOutputLength) throw new RenderFault('output_too_long')
  }
  return spendText(state, out)
}

export function dateText(date: Date): string {
  if (Number.isNaN(date.getTime())) throw new RenderFault('not_a_date')
  return isoInstant(date)
}

/** Exact digits stay, with a fraction like all numbers. */
function decimalText(digits: string): string {
  return /^[+-]?\d+$/.test(digits) ? `${digits}.0` : digits
}

type JsonWrite = (value: Value, state: RenderState) => string

/** The writer of `.toJson`. What is missing is null. */
export function jsonWriterOf(type: ValueType): JsonWrite {
  switch (type.kind) {
    case 'list': {
      const element = jsonWriterOf(type.element)
      return (value, state) =>
        isList(value) ? `[${writeEach(value, ',', element, state)}]` : jsonOf(value, state)
    }
    case 'tally':
    case 'entry': {
      const write = jsonWriterOf({ kind: type.number })
      const pair: JsonWrite = (value, state) => {
        return isEntry(value) ? `${JSON.stringify(value.key)}:${write(value.value, state)}` : ''
      }
      return (value, state) => {
        if (isEntry(value)) return `{"key":${JSON.stringify(value.key)},"value":${write(value.value, state)}}`
        if (!isTally(value)) return jsonOf(value, state)
        return `{${writeEach(Array.from(value, toEntry), ',', pair, state)}}`
      }
    }
    case 'integer':
      return (value, state) => (isWhole(value) ? String(value) : jsonOf(value, state))
    default:
      return jsonOf
  }
}

function jsonOf(value: Value, state: RenderState): string {
  if (value === null || value === undefined) return 'null'
  if (typeof value === 'string') return JSON.stringify(spendText(state, value))
  if (typeof value === 'number' && !Number.isFinite(value)) throw new RenderFault('not_a_json_number')
  if (value instanceof Date) return `"${dateText(value)}"`
  if (isList(value)) return jsonWriterOf({ kind: 'list', element: { kind: 'any' } })(value, state)
  if (isTally(value) || isEntry(value)) return jsonWriterOf({ kind: 'tally', number: 'number' })(value, state)
  const text = writeAny(value, state)
  if (typeof value === 'object' && !isJsonNumber(text)) throw new RenderFault('not_a_json_number')
  return text
}

function isJsonNumber(text: string): boolean {
  return /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/.test(text)
}
