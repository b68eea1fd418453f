/** Conditions as SQL for the source: it may let too many rows through, never too few. */
import type { Dialect, SourceColumn } from '@sluice/connector-sdk'
import { assertConditionsFit } from './check.ts'
import type { Conditions } from './conditions.ts'
import type { Bind, LeafSql } from './leaf-sql.ts'
import { compileLeaf } from './prefilter-leaf.ts'

export interface Prefilter {
  readonly sql: string
  /** Texts, in the order of their numbers; the SQL casts them. */
  readonly parameters: readonly string[]
}

interface PrefilterOptions {
  /** IANA name of the zone of naive timestamps. */
  readonly timeZone: string
  /** The number of the first parameter. */
  readonly firstParameter: number
}

/**
 * SQL that is true, not null, for every row that meets the conditions. What is negative is negated in its
 * leaf, so a null can only arise where the predicate is false. What can't be asked soundly counts as true.
 */
export function compilePrefilter(
  conditions: Conditions,
  columns: readonly SourceColumn[],
  dialect: Dialect,
  { timeZone, firstParameter }: PrefilterOptions,
): Prefilter {
  assertConditionsFit(conditions, columns)
  const groups = conditions.any.map(({ all }) =>
    all.flatMap((condition) => {
      const column = columns.find(({ name }) => name === condition.attribute)
      const leaf = column === undefined ? undefined : compileLeaf(condition, column, { dialect, timeZone })
      return leaf === undefined ? [] : [leaf]
    }),
  )
  // Nothing is bound before this is known: a parameter that the SQL doesn't use is an error to databases.
  if (groups.length === 0 || groups.some((leaves) => leaves.length === 0)) {
    return { sql: 'TRUE', parameters: [] }
  }
  const parameters: string[] = []
  const bind: Bind = (text, type) => {
    parameters.push(text)
    return dialect.parameter(firstParameter + parameters.length - 1, dialect.nativeType(type))
  }
  const all = (leaves: readonly LeafSql[]): string => leaves.map((leaf) => leaf(bind)).join(' AND ')
  const sql = groups.map((leaves) => `(${all(leaves)})`).join(' OR ')
  return { sql: groups.length === 1 ? sql : `(${sql})`, parameters }
}
