/** Looks at a live source before a publish: whether it is as it was checked, and where it ends now. */
import type { SourceColumn } from '@sluice/connector-sdk'
import type { SourceDocument } from '../../engine/documents.ts'
import type { Position } from '../../engine/reading/position.ts'
import type { Context } from '../context.ts'
import { InvalidInput, type Issue } from '../problems/rules.ts'
import { askSource } from '../sources/ask-source.ts'
import { describeQuery } from '../sources/describe-query.ts'
import { dialectOf, type ReadableSource, toConnect } from '../sources/look-into.ts'
import { positionOfStart, type WantedStart } from '../sources/processing-start.ts'
import { SourceTypeMissing, SourceUnavailable } from '../sources/rules.ts'

export interface LiveSource {
  readonly issues: readonly Issue[]
  /** Where the starts are that it was asked for; null is the beginning. */
  positionOf(start: WantedStart): Position | null
}

type Deps = Pick<Context['deps'], 'connectSource' | 'registry'>

export async function lookAtLiveSource(
  deps: Deps,
  row: ReadableSource,
  source: SourceDocument,
  starts: readonly WantedStart[],
): Promise<LiveSource> {
  try {
    return await askSource(deps, toConnect(row.connection), async (connection) => {
      const issues = changedColumns(source, await describeQuery(connection, source.query))
      const isSound = issues.length === 0
      const dialect = dialectOf(deps, row.connection.type)
      const positions = new Map<string, Position | null>()
      for (const start of isSound ? starts : [])
        positions.set(nameOf(start), await positionOfStart(dialect, connection, source, start))
      return { issues, positionOf: (start) => positions.get(nameOf(start)) ?? null }
    })
  } catch (error) {
    const issues = error instanceof InvalidInput ? error.issues : [issueOfFailure(error, source)]
    return { issues, positionOf: () => null }
  }
}

function nameOf({ from, value }: WantedStart): string {
  return JSON.stringify([from, value])
}

function issueOfFailure(error: unknown, { name }: SourceDocument): Issue {
  if (error instanceof SourceTypeMissing)
    return { path: ['connectionId'], code: error.code, message: error.message }
  if (!(error instanceof SourceUnavailable)) throw error
  const message = `The data source "${name}" cannot be read: ${error.message}`
  return { path: [error.code === 'bad_query' ? 'query' : 'connectionId'], code: error.code, message }
}

/** Columns that came since are no problem: nothing uses them yet. */
function changedColumns({ name, columns }: SourceDocument, live: readonly SourceColumn[]): readonly Issue[] {
  return columns.flatMap((column) => {
    const now = live.find((each) => each.name === column.name)
    const path = ['columns', column.name]
    const todo = 'Put it back, or check the data source to take over the columns that it has now.'
    if (now === undefined) {
      const message = `The data source "${name}" no longer has the column "${column.name}". ${todo}`
      return [{ path, code: 'column_missing', message }]
    }
    if (now.type === column.type && now.nativeType === column.nativeType) return []
    const message = `The column "${column.name}" of the data source "${name}" was ${column.nativeType} and is ${now.nativeType} now. ${todo}`
    return [{ path, code: 'column_changed', message }]
  })
}
