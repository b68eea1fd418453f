/** Whether a query gives the columns of key and cursor, and whether their types can serve. */
import { type Dialect, type SourceColumn, SourceError } from '@sluice/connector-sdk'
import { suggestion } from '../../engine/rules/nearest-name.ts'
import type { Issue } from '../problems/rules.ts'
import type { SourceDraft } from './rules.ts'

type Role = 'key' | 'timestamp' | 'increment'

/** `dialect` knows of which types two values can be compared. */
export function columnIssues(
  draft: SourceDraft,
  columns: readonly SourceColumn[],
  dialect: Pick<Dialect, 'parameter'>,
): readonly Issue[] {
  const { keyColumns, timestampColumn, incrementColumn } = draft
  const issues = (name: string, role: Role, path: Issue['path']) =>
    issuesOfColumn(columns, dialect, { name, role, path })
  return [
    ...keyColumns.flatMap((name, index) => issues(name, 'key', ['keyColumns', index])),
    ...cursorModeIssues(draft),
    ...(timestampColumn === null ? [] : issues(timestampColumn, 'timestamp', ['timestampColumn'])),
    ...(incrementColumn === null ? [] : issues(incrementColumn, 'increment', ['incrementColumn'])),
  ]
}

/** Whether the mode has the cursor columns that it needs, and no others. */
function cursorModeIssues({ cursorMode, incrementColumn, timestampColumn }: SourceDraft): readonly Issue[] {
  const needs = cursorNeeds[cursorMode]
  if (needs === 'either') {
    if (incrementColumn !== null || timestampColumn !== null) return []
    const message = 'A full resync needs a column to order its rows by: a timestamp, or an id.'
    return [{ path: ['incrementColumn'], code: 'required', message }]
  }
  return (['timestampColumn', 'incrementColumn'] as const).flatMap((field) => {
    const isGiven = { timestampColumn, incrementColumn }[field] !== null
    if (isGiven === needs.includes(field)) return []
    const message = isGiven
      ? `${cursorMode} does not use it. Leave it out, or use TIMESTAMP_INCREMENTING.`
      : `${cursorMode} needs ${missing[field]}.`
    return [{ path: [field], code: isGiven ? 'not_applicable' : 'required', message }]
  })
}

type CursorField = 'timestampColumn' | 'incrementColumn'

const cursorNeeds: Readonly<Record<SourceDraft['cursorMode'], readonly CursorField[] | 'either'>> = {
  INCREMENTING: ['incrementColumn'],
  TIMESTAMP: ['timestampColumn'],
  TIMESTAMP_INCREMENTING: ['timestampColumn', 'incrementColumn'],
  FULL_RESYNC: 'either',
}

const missing: Readonly<Record<CursorField, string>> = {
  timestampColumn: 'the column that holds the time of the last change',
  incrementColumn: 'the column that holds an ascending id',
}

interface Duty {
  readonly name: string
  readonly role: Role
  readonly path: Issue['path']
}

function issuesOfColumn(
  columns: readonly SourceColumn[],
  dialect: Pick<Dialect, 'parameter'>,
  { name, path, role }: Duty,
): readonly Issue[] {
  const column = columns.find((each) => each.name === name)
  if (column === undefined) {
    const names = columns.map((each) => each.name)
    const message = `The query gives no column "${name}". ${suggestion(name, names)}`
    return [{ path, code: 'unknown_column', message }]
  }
  const message = fits(column, role)
    ? whyNotCompared(column, dialect)
    : `"${name}" is of type ${column.nativeType} and cannot ${duties[role]}`
  return message === null ? [] : [{ path, code: 'column_type', message }]
}

/** Every position is compared with rows: what the source can't compare is found here and not by the first poll. */
function whyNotCompared({ nativeType }: SourceColumn, dialect: Pick<Dialect, 'parameter'>): string | null {
  try {
    dialect.parameter(1, nativeType)
    return null
  } catch (error) {
    if (error instanceof SourceError) return error.message
    throw error
  }
}

function fits({ type }: SourceColumn, role: Role): boolean {
  switch (role) {
    case 'timestamp':
      return type === 'date'
    case 'increment':
      return type === 'number' || type === 'string'
    case 'key':
      return type === 'number' || type === 'string' || type === 'date' || type === 'boolean'
  }
}

const duties: Readonly<Record<Role, string>> = {
  key: 'be part of a key. Use columns of a text, number, date or boolean type.',
  timestamp: 'tell when a row changed. Use a column of a timestamp or date type.',
  increment: 'order rows. Use an id of a number or text type.',
}
