/** What one condition becomes: SQL that is written once its place among the parameters is known. */

/** Makes a text a parameter, cast to the dialect's type for it, and returns the SQL that stands for it. */
export type Bind = (text: string, type: 'string' | 'number' | 'boolean' | 'date') => string

/** Writes the SQL of a condition, binding its parameters in the order in which they stand there. */
export type LeafSql = (bind: Bind) => string
