/** Conditions on numbers as SQL: compared as doubles, with room where databases make other doubles than we do. */
import type { Dialect, SourceColumn } from '@sluice/connector-sdk'
import { exactly, type Leaf } from './leaf-sql.ts'

/** Types whose values are the same double here and in any database, or integers further from the bound. */
const exactTypes = /^(u?(tiny|small|medium|big|huge)?int(eger)?\d*|double( precision)?|float64)$/i

/** Of these, the ones that have no NaN. */
const integerTypes = /int/i

/** Where integers begin to share their doubles. */
const firstSharedInteger = 2 ** 53

/** Databases round decimals to doubles in several steps; the last few bits of theirs are not ours. */
const roomOfDecimals = 2 ** -48

type Comparison = '<' | '<=' | '>' | '>='

interface NumberContext {
  readonly column: SourceColumn
  /** The column's value as SQL. */
  readonly value: string
  readonly dialect: Dialect
}

/** The values that stand in a relation to a bound, and a few beside it where the type is not exact. */
export function compareNumber(
  context: NumberContext,
  comparison: Comparison,
  bound: number,
): Leaf | undefined {
  const leaf = compareBound(context, comparison, bound)
  const isBelow = comparison.startsWith('<')
  if (leaf === undefined || !leaf.isExact || isBelow || integerTypes.test(context.column.nativeType))
    return leaf
  return exactly((bind) => `${leaf.sql(bind)} AND ${doubleOf(context)} <= ${bind('Infinity', 'number')}`)
}

export function equalNumber(context: NumberContext, bound: number): Leaf | undefined {
  const floor = compareBound(context, '>=', bound)
  const ceiling = compareBound(context, '<=', bound)
  if (floor === undefined || ceiling === undefined) return undefined
  return { sql: (bind) => `${floor.sql(bind)} AND ${ceiling.sql(bind)}`, isExact: ceiling.isExact }
}

/** Exact but for NaN, which stands above every number. */
function compareBound(context: NumberContext, comparison: Comparison, bound: number): Leaf | undefined {
  const hasOneDouble = isExact(context.column, bound)
  const room = hasOneDouble ? 0 : Math.abs(bound) * roomOfDecimals
  const moved = comparison.startsWith('<') ? bound + room : bound - room
  if (!Number.isFinite(moved)) return undefined
  return {
    sql: (bind) => `${doubleOf(context)} ${comparison} ${bind(String(moved), 'number')}`,
    isExact: hasOneDouble,
  }
}

/** Undefined, so true, for types that are not exact: no room can be given to "not equal". */
export function notEqualNumber(context: NumberContext, bound: number): Leaf | undefined {
  if (!isExact(context.column, bound)) return undefined
  const double = doubleOf(context)
  return exactly((bind) => `(${double} IS NULL OR ${double} <> ${bind(String(bound), 'number')})`)
}

function isExact({ nativeType }: SourceColumn, bound: number): boolean {
  return exactTypes.test(nativeType) && Math.abs(bound) < firstSharedInteger
}

function doubleOf({ value, dialect }: NumberContext): string {
  return `CAST(${value} AS ${dialect.nativeType('number')})`
}
