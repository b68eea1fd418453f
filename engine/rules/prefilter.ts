/** Conditions as SQL for the source: it may let too many rows through, never too few. */
import type { Dialect, SourceColumn } from '@sluice/connector-sdk'
import { assertConditionsFit } from './check.ts'
import type { ConditionGroup, Conditions } from './conditions.ts'
import type { Bind, Leaf } from './leaf-sql.ts'
import { compileLeaf } from './prefilter-leaf.ts'

export interface Prefilter {
  readonly sql: string
  /** Texts, in the order of their numbers; the SQL casts them. */
  readonly parameters: readonly string[]
  /** Whether it lets through exactly the rows that meet the conditions. */
  readonly isExact: boolean
}

interface PrefilterOptions {
  /** IANA name of the zone of naive timestamps. */
  readonly timeZone: string
  /** What is now to the conditions, in epoch milliseconds. */
  readonly now: number
  /** The number of the first parameter. */
  readonly firstParameter: number
}

/** A group as SQL, with what of it can't be asked left out. */
interface Group {
  readonly leaves: readonly Leaf[]
  readonly isExact: boolean
}

/**
 * SQL that is true, not null, for every row that meets the conditions. What is negative is negated in its
 * leaf, so a null can only arise where the predicate is false. What can't be asked soundly counts as true.
 */
export function compilePrefilter(
  conditions: Conditions,
  columns: readonly SourceColumn[],
  dialect: Dialect,
  { firstParameter, now, timeZone }: PrefilterOptions,
): Prefilter {
  assertConditionsFit(conditions, columns)
  const groupOf = ({ all }: ConditionGroup): Group => {
    const leaves = all.map((condition) => compileLeaf(condition, { columns, dialect, timeZone, now }))
    const asked = leaves.filter((leaf) => leaf !== undefined)
    return { leaves: asked, isExact: leaves.every((leaf) => leaf?.isExact === true) }
  }
  const included = conditions.any.map(groupOf)
  const excluded = (conditions.exclude ?? []).map(groupOf)
  const isExact = [...included, ...excluded].every((group) => group.isExact)

  const parameters: string[] = []
  const bind: Bind = (text, type) => {
    parameters.push(text)
    return dialect.parameter(firstParameter + parameters.length - 1, dialect.nativeType(type))
  }
  const all = ({ leaves }: Group) => `(${leaves.map((leaf) => leaf.sql(bind)).join(' AND ')})`
  // Nothing is bound before this is known: a parameter that the SQL doesn't use is an error to databases.
  const isAnyRow = included.length === 0 || included.some(({ leaves }) => leaves.length === 0)
  const some = isAnyRow ? [] : [included.map(all).join(' OR ')]
  // To leave too many out would lose records: only what says exactly who is out may say so.
  const none = excluded.filter((group) => group.isExact).map((group) => `NOT COALESCE(${all(group)}, FALSE)`)
  const parts = included.length > 1 ? some.map((sql) => `(${sql})`) : some
  return { sql: [...parts, ...none].join(' AND ') || 'TRUE', parameters, isExact }
}
