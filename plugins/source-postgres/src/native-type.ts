/** What a PostgreSQL type becomes: an attribute type, and a name that the dialect knows how to cast to. */
import type { AttributeType } from '@sluice/connector-sdk'
import { quoteIdentifier } from './sql-text.ts'

/** A column's type with domains and arrays taken apart, as `describe-table.ts` asks for it. */
export interface LeafType {
  /** As `format_type` writes it, of the element where it is an array. */
  readonly formatted: string
  readonly isEnum: boolean
  /** How many arrays of arrays: 0 for a plain value. */
  readonly arrays: number
  /** A collation other than the type's own. */
  readonly collation: Collation | undefined
}

export interface Collation {
  readonly schema: string
  readonly name: string
  readonly isDeterministic: boolean
}

export interface MappedType {
  readonly type: AttributeType
  readonly nativeType: string
}

const typmod = String.raw`(\(\d+(,-?\d+)?\))?`
const numbers = new RegExp(`^(smallint|integer|bigint|real|double precision|numeric${typmod})$`)
const dates = /^(date|timestamp(\(\d\))? with(out)? time zone)$/
const texts = new RegExp(`^(text|name|"char"|character varying${typmod}|character${typmod})$`)
/** What else can be compared, ordered and told as text without loss. */
const others = new RegExp(
  `^(boolean|uuid|bytea|oid|pg_lsn|inet|cidr|macaddr8?|bit( varying)?${typmod}|time(\\(\\d\\))? with(out)? time zone|interval( (year|month|day|hour|minute|second)( to (month|hour|minute|second))?)?(\\(\\d\\))?)$`,
)
const qualified = /^([a-z_][a-z0-9_]*|"([^"]|"")+")\.([a-z_][a-z0-9_]*|"([^"]|"")+")$/

export function mapType(leaf: LeafType): MappedType {
  const { formatted, arrays } = leaf
  if (arrays > 1) return { type: 'string', nativeType: incomparable(`${formatted}[][]`) }
  const type = plainType(formatted)
  if (arrays === 0) return { type, nativeType: comparableName(leaf) }
  switch (type) {
    case 'number':
      return { type: 'numberArray', nativeType: `${formatted}[]` }
    case 'boolean':
      return { type: 'booleanArray', nativeType: 'boolean[]' }
    default:
      return { type: 'stringArray', nativeType: 'text[]' }
  }
}

function plainType(formatted: string): 'number' | 'boolean' | 'date' | 'string' {
  if (numbers.test(formatted)) return 'number'
  if (dates.test(formatted)) return 'date'
  return formatted === 'boolean' ? 'boolean' : 'string'
}

/** Names that can't be cast to are marked: their order is not one that a position can follow. */
function comparableName({ formatted, isEnum, collation }: LeafType): string {
  if (collation !== undefined) {
    const named = `${quoteIdentifier(collation.schema)}.${quoteIdentifier(collation.name)}`
    const collated = `${formatted} COLLATE ${named}`
    return collation.isDeterministic && texts.test(formatted) ? collated : incomparable(collated)
  }
  const isKnown = [numbers, dates, texts, others].some((known) => known.test(formatted))
  return isKnown || isEnum ? formatted : incomparable(formatted)
}

/** The name for people of a type whose values serve as no key or cursor. */
function incomparable(formatted: string): string {
  return `${formatted} (has no order to follow)`
}

const collated = / COLLATE ("([^"]|"")+"\."([^"]|"")+")$/

/** The parts of a native type that a text casts to; undefined for all else. */
export function castTarget(
  nativeType: string,
): { readonly type: string; readonly collation: string | undefined } | undefined {
  const collation = collated.exec(nativeType)?.[1]
  const type = nativeType.replace(collated, '')
  if (collation !== undefined) return texts.test(type) ? { type, collation } : undefined
  const isCastable = [numbers, dates, texts, others, qualified].some((known) => known.test(type))
  return isCastable ? { type, collation } : undefined
}

export function isReal(nativeType: string): boolean {
  return nativeType === 'real'
}

export function isNaiveTimestamp(nativeType: string): boolean {
  return /^timestamp(\(\d\))? without time zone$/.test(nativeType)
}

/** The digits of a second's fraction that a time type keeps. */
export function fractionDigits(nativeType: string): number {
  return Number(/^timestamp\((\d)\)/.exec(nativeType)?.[1] ?? 6)
}
