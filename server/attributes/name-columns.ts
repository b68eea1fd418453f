/** Which attribute each column of a source feeds: as someone says, else as before, else one of the column's own name. */
import type { SourceColumn } from '@sluice/connector-sdk'
import type { AttributedColumn } from '../../engine/documents.ts'
import { nameInSource } from '../../engine/reading/columns.ts'
import { suggestion } from '../../engine/rules/nearest-name.ts'
import { issuesOf } from '../problems/issues.ts'
import type { Issue } from '../problems/rules.ts'
import { areOneName, attributeNameSchema, type ColumnAttribute, type NamedColumns } from './rules.ts'

export interface Naming {
  readonly given: readonly ColumnAttribute[]
  readonly before: NamedColumns
  /** Columns of key and cursor, by their own names. */
  readonly needed: readonly string[]
}

export interface Named extends NamedColumns {
  readonly issues: readonly Issue[]
}

export function nameColumns(described: readonly SourceColumn[], naming: Naming): Named {
  const known = new Map(naming.before.columns.map((column) => [nameInSource(column), column.name]))
  const ignored = new Set(naming.before.ignoredColumns)
  const given = new Map(naming.given.map(({ column, attribute }) => [column, attribute]))
  const attributeOf = (name: string) => {
    const said = given.get(name)
    if (said !== undefined) return said
    return ignored.has(name) ? null : (known.get(name) ?? name)
  }
  const columns = described.flatMap((column): AttributedColumn[] => {
    const attribute = attributeOf(column.name)
    if (attribute === null) return []
    const { name, type, nativeType, nullable } = column
    return [{ name: attribute, ...(attribute === name ? {} : { column: name }), type, nativeType, nullable }]
  })
  const ignoredColumns = described.map(({ name }) => name).filter((name) => attributeOf(name) === null)
  return {
    columns,
    ignoredColumns,
    issues: [
      ...givenIssues(naming.given, described),
      ...ignoredColumns
        .filter((name) => naming.needed.includes(name))
        .map((name) => neededIssue(naming, name)),
      ...nameIssues(columns, naming),
    ],
  }
}

/** The entry of the input that is about a column; what nobody gave is about the input as a whole. */
export function pathOf(given: readonly ColumnAttribute[], column: string): Issue['path'] {
  const index = given.findIndex((each) => each.column === column)
  return index < 0 ? ['attributes'] : ['attributes', index, 'attribute']
}

function givenIssues(
  given: readonly ColumnAttribute[],
  described: readonly SourceColumn[],
): readonly Issue[] {
  const names = described.map(({ name }) => name)
  return given.flatMap(({ column }, index): readonly Issue[] => {
    const path = ['attributes', index, 'column']
    if (given.findIndex((each) => each.column === column) < index) {
      return [{ path, code: 'duplicate_column', message: 'Name each column once.' }]
    }
    if (names.includes(column)) return []
    const message = `The query gives no column "${column}". ${suggestion(column, names)}`
    return [{ path, code: 'unknown_column', message }]
  })
}

function neededIssue({ given }: Naming, column: string): Issue {
  const message = `The column "${column}" is part of key or cursor, so it cannot be ignored. Give it an attribute.`
  return { path: pathOf(given, column), code: 'column_needed', message }
}

/** Names that cannot be, and new names that would meet another one in the query. */
function nameIssues(columns: readonly AttributedColumn[], { given }: Naming): readonly Issue[] {
  return columns.flatMap((column, index): readonly Issue[] => {
    const path = pathOf(given, nameInSource(column))
    const bad = issuesOf(attributeNameSchema.safeParse(column.name).error?.issues ?? [], path)
    const other = columns.find((each, at) => at !== index && clash(column, each))
    if (other === undefined) return bad
    const message = `The columns "${nameInSource(column)}" and "${nameInSource(other)}" cannot both feed "${column.name}": names in one query differ in more than case, and in their first 63 bytes. Give one another attribute.`
    return [...bad, { path, code: 'duplicate_attribute', message }]
  })
}

/** Said once of a pair, of the one that was renamed. */
function clash(column: AttributedColumn, other: AttributedColumn): boolean {
  return column.column !== undefined && areOneName(column.name, other.name)
}
