/** Helpers behind a value: `tally.castIntegers.toJson`. */
import { isNumericText } from '../mapping/exact-number.ts'
import { isDecimal, toDouble } from '../rules/numbers.ts'
import { entryList, type Operand } from './frames.ts'
import type { PostfixFact } from './helper-fact.ts'
import { RenderFault } from './problem.ts'
import { type Read, type SourcePlace, spend } from './render-state.ts'
import type { Tally } from './template.ts'
import { jsonWriterOf } from './text-of.ts'
import { isEntry, isList, isTally, type List, type Scalar, type Value, type ValueType } from './values.ts'

interface Postfix extends PostfixFact {
  /** What it makes of a value of the type; undefined when it does not work on it. */
  apply(operand: Operand, place: SourcePlace): Operand | undefined
}

/** The place is noted before what may fail. */
function at(place: SourcePlace, read: Read): Read {
  return (state) => {
    state.place = place
    return read(state)
  }
}

const integer = { kind: 'integer' } as const
/** What takes long to read is no number that anybody meant. */
const mostDigits = 400

const castIntegers: Postfix = {
  name: 'castIntegers',
  usage: 'postfix',
  on: 'a tally or a list of numbers',
  description: 'Its numbers without their fractions.',
  example: { template: '{{tally.castIntegers}}', result: '{A=1, B=2, C=3}' },
  apply({ type, read }) {
    if (type.kind === 'tally') {
      return {
        type: { kind: 'tally', number: 'integer' },
        read(state) {
          const tally = read(state)
          if (!isTally(tally)) return undefined
          spend(state, tally.size)
          return new Map(Array.from(tally, ([key, value]) => [key, wholeNumber(value)])) as Tally
        },
      }
    }
    if (type.kind !== 'list' || !isNumber(type.element)) return undefined
    return {
      type: { kind: 'list', element: integer },
      read(state) {
        const list = read(state)
        if (!isList(list)) return undefined
        spend(state, list.length)
        return list.map((value) => (isEntry(value) ? null : wholeNumber(value)))
      },
    }
  },
}

const sum: Postfix = {
  name: 'sum',
  usage: 'postfix',
  on: 'a tally or a list of numbers',
  description: 'The sum of its numbers; 0 when it is empty.',
  example: { template: '{{tally.sum}}', result: '6.0' },
  apply({ type, read }) {
    const element = type.kind === 'tally' ? type.number : type.kind === 'list' ? type.element.kind : 'nothing'
    if (element !== 'number' && element !== 'integer') return undefined
    return {
      type: { kind: element },
      read(state) {
        const value = read(state)
        const numbers: List = isTally(value) ? [...value.values()] : isList(value) ? value : []
        if (value === null || value === undefined) return undefined
        spend(state, numbers.length)
        let total = 0
        for (const each of numbers) if (each !== null && !isEntry(each)) total += toDouble(each)
        return total
      },
    }
  },
}

const toInteger: Postfix = {
  name: 'toInteger',
  usage: 'postfix',
  on: 'a number, or a text that is one',
  description: 'The number without its fraction.',
  example: { template: '{{num.toInteger}}', result: '12' },
  apply({ type, read }, place) {
    if (!isNumber(type) && type.kind !== 'string') return undefined
    return {
      type: integer,
      read: at(place, (state) => {
        const value = read(state)
        if (typeof value !== 'string') return wholeNumber(value)
        if (value === '') return undefined
        if (value.length > mostDigits || !isNumericText(value)) throw new RenderFault('not_a_number')
        return wholeDigits(value)
      }),
    }
  },
}

const toJson: Postfix = {
  name: 'toJson',
  usage: 'postfix',
  on: 'any value',
  description:
    'The value as JSON: a text in quotes and escaped, a list in brackets. What is missing is null.',
  example: { template: '{{tally.castIntegers.toJson}}', result: '{"A":1,"B":2,"C":3}' },
  apply({ type, read }, place) {
    if (type.kind === 'group' || type.kind === 'iteration') return undefined
    const write = jsonWriterOf(type)
    const json = type.kind === 'accessToken' ? type : ({ kind: 'string' } as const)
    return { type: json, read: at(place, (state) => write(read(state), state)) }
  },
}

const toList: Postfix = {
  name: 'toList',
  usage: 'postfix',
  on: 'any value',
  description:
    'A list: the entries of a tally, or the one value in a list of its own. What is missing is an empty list.',
  example: { template: '{{str.toList.toJson}}', result: '["Hello"]' },
  apply(operand) {
    const { type, read } = operand
    if (type.kind === 'group' || type.kind === 'iteration') return undefined
    if (type.kind === 'list') return operand
    if (type.kind === 'tally') return entrySetOf(operand)
    return {
      type: { kind: 'list', element: type },
      read(state) {
        const value = read(state)
        return value === null || value === undefined || isList(value) || isTally(value) ? [] : [value]
      },
    }
  },
}

const toTimestamp = timestamp('toTimestamp', 'seconds', '1600128000', (ms) => Math.floor(ms / 1000))
const toTimestampMs = timestamp('toTimestampMs', 'milliseconds', '1600128000000', (ms) => ms)

function timestamp(name: string, unit: string, result: string, convert: (ms: number) => number): Postfix {
  return {
    name,
    usage: 'postfix',
    on: 'a date',
    description: `The date as ${unit} since 1970 (UTC).`,
    example: { template: `{{dat.${name}}}`, result },
    apply({ type, read }, place) {
      if (type.kind !== 'date') return undefined
      return {
        type: integer,
        read: at(place, (state) => {
          const value = read(state)
          if (value === null || value === undefined) return undefined
          const ms = value instanceof Date ? value.getTime() : Number.NaN
          if (Number.isNaN(ms)) throw new RenderFault('not_a_date')
          return convert(ms)
        }),
      }
    },
  }
}

const all = [castIntegers, sum, toInteger, toJson, toList, toTimestamp, toTimestampMs]

export const postfixes: ReadonlyMap<string, Postfix> = new Map(all.map((each) => [each.name, each]))

/** `tally.entrySet`: its entries, each with `key` and `value`. */
export function entrySetOf({ type, read }: Operand): Operand | undefined {
  if (type.kind !== 'tally') return undefined
  return {
    type: { kind: 'list', element: { kind: 'entry', number: type.number } },
    read(state) {
      const entries = entryList(read(state))
      spend(state, entries.length)
      return entries
    },
  }
}

function isNumber({ kind }: ValueType): boolean {
  return kind === 'number' || kind === 'integer' || kind === 'any'
}

function wholeNumber(value: Value): Scalar | null {
  if (typeof value === 'bigint') return value
  if (typeof value === 'number') return wholeDouble(value)
  return typeof value === 'object' && value !== null && isScalarObject(value) ? wholeDecimal(value) : null
}

function isScalarObject(
  value: Exclude<Value, null | undefined | string | number | bigint | boolean>,
): value is Exclude<Scalar, string | number | bigint | boolean> {
  return !isList(value) && !isTally(value) && !isEntry(value)
}

function wholeDecimal(value: Exclude<Scalar, string | number | bigint | boolean>): Scalar | null {
  return isDecimal(value) ? wholeDigits(value.digits) : null
}

function wholeDigits(digits: string): number | bigint {
  if (digits.length > mostDigits) throw new RenderFault('not_a_number')
  const whole = /^[+-]?\d+(?=\.|$)/.exec(digits)?.[0]
  const isLong = whole !== undefined && whole.length > 15 && !/[eE]/.test(digits)
  return isLong ? BigInt(whole) : (wholeDouble(Number(digits)) ?? 0)
}

function wholeDouble(number: number): number | bigint {
  const whole = Math.trunc(number)
  if (Number.isSafeInteger(whole)) return whole === 0 ? 0 : whole
  if (!Number.isFinite(whole)) throw new RenderFault('not_a_number')
  return BigInt(whole)
}
