/** The suite that every data source passes, run against its real database. */
export { describeSource, type SourceUnderTest } from './describe-source.ts'
export type { Cell, ColumnKind, PreparedSource, TestTable } from './test-table.ts'
