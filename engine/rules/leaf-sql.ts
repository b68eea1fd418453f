/** What one condition becomes: SQL that is written once its place among the parameters is known. */

/** Makes a text a parameter, cast to the dialect's type for it, and returns the SQL that stands for it. */
export type Bind = (text: string, type: 'string' | 'number' | 'boolean' | 'date') => string

/** Writes the SQL of a condition, binding its parameters in the order in which they stand there. */
export type LeafSql = (bind: Bind) => string

export interface Leaf {
  readonly sql: LeafSql
  /** Whether it is true for exactly the rows that meet the condition; else for some more. */
  readonly isExact: boolean
}

export function exactly(sql: LeafSql): Leaf {
  return { sql, isExact: true }
}

export function atLeast(sql: LeafSql): Leaf {
  return { sql, isExact: false }
}
