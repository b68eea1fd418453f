/** Where reading starts, as people say it: checked by the source itself, and made a position. */
import { type Dialect, type SourceConnection, SourceError } from '@sluice/connector-sdk'
import type { SourceDocument } from '../../engine/documents.ts'
import { columnNamed, cursorColumns, type Position } from '../../engine/reading/position.ts'
import { cursorValueStatement } from '../../engine/reading/statements.ts'
import { InvalidInput, type Issue } from '../problems/rules.ts'
import { lastPosition } from './last-position.ts'

export const startPoints = ['BEGINNING', 'NOW', 'AFTER'] as const

/** Where to start; a value of the first cursor column goes with AFTER, and with nothing else. */
export interface WantedStart {
  readonly from: (typeof startPoints)[number]
  readonly value: string | null
}

/** What is to start there: all lanes of a source, or an action's. */
export interface StartTarget {
  readonly entity: 'DataSource' | 'Action'
  readonly id: string
}

export interface LaneStart extends WantedStart {
  readonly target: StartTarget
}

/** The position after which reading starts; null is the beginning. Throws `InvalidInput` where there is none. */
export async function positionOfStart(
  dialect: Dialect,
  connection: SourceConnection,
  source: SourceDocument,
  start: WantedStart,
): Promise<Position | null> {
  const issues = startIssues(source, start)
  if (issues.length > 0) throw new InvalidInput(issues)
  switch (start.from) {
    case 'BEGINNING':
      return null
    case 'NOW':
      return lastPosition(connection, dialect, source)
    case 'AFTER': {
      const { column, value } = cursorValue(source, start)
      const limit =
        source.timestampColumn === null
          ? null
          : await connection.now({ nativeType: column.nativeType, timeZone: source.timeZone, minusMs: 0 })
      const statement = cursorValueStatement(dialect, column, value, limit)
      const { columns } = await connection.query(statement).catch(noSuchValue(column.nativeType))
      const [[text], [isPast]] = [columns[0] ?? [], columns[1] ?? []]
      if (isPast !== 1) throw new InvalidInput([notPast])
      return [String(text)]
    }
  }
}

/** What is wrong without the source being asked. */
export function startIssues(source: SourceDocument, { from, value }: WantedStart): readonly Issue[] {
  if (source.cursorMode === 'FULL_RESYNC' && from !== 'BEGINNING') {
    const message = `The data source "${source.name}" is read whole each time: it has no other start than BEGINNING.`
    return [{ path: ['from'], code: 'not_applicable', message }]
  }
  if (from !== 'AFTER') {
    if (value === null) return []
    return [{ path: ['value'], code: 'not_applicable', message: 'Only AFTER takes a value. Leave it out.' }]
  }
  if (value === null) {
    return [{ path: ['value'], code: 'required', message: 'AFTER needs the value to start after.' }]
  }
  const { column } = cursorValue(source, { from, value })
  if (column.type !== 'number' || /^[1-9]\d*$/.test(value)) return []
  const message = `"${column.name}" holds numbers: give a positive whole one.`
  return [{ path: ['value'], code: 'unfit_cursor_value', message }]
}

function cursorValue(source: SourceDocument, { value }: WantedStart) {
  const [first = ''] = cursorColumns(source)
  return { column: columnNamed(source, first), value: value ?? '' }
}

/** The driver's own words may repeat the value. */
function noSuchValue(nativeType: string) {
  return (error: unknown): never => {
    if (!(error instanceof SourceError) || error.code !== 'bad_query') throw error
    const message = `The cursor is of type ${nativeType}. Give a value as the source writes it, for example one that a preview shows.`
    throw new InvalidInput([{ path: ['value'], code: 'unfit_cursor_value', message }])
  }
}

const notPast: Issue = {
  path: ['value'],
  code: 'start_not_past',
  message:
    'This time is still to come: rows that are changed until then would never be read. Give one that is past.',
}
