/** What would be read from a start on: the first rows, and how many there are. */
import type { SourceConnection } from '@sluice/connector-sdk'
import { columnNamed, type Position } from '../../engine/reading/position.ts'
import { countStatement, stretchStatement } from '../../engine/reading/statements.ts'
import { attributesOf, type Conditions } from '../../engine/rules/conditions.ts'
import { compilePredicate } from '../../engine/rules/predicate.ts'
import { compilePrefilter } from '../../engine/rules/prefilter.ts'
import type { Context } from '../context.ts'
import { rejectIssues } from '../problems/rules.ts'
import { conditionIssues } from '../segments/read-segment.ts'
import { askSource } from '../sources/ask-source.ts'
import { sourceDocument } from '../sources/document.ts'
import { firstRows } from '../sources/first-rows.ts'
import { jsonRow } from '../sources/json-rows.ts'
import { lastPosition } from '../sources/last-position.ts'
import { dialectOf, type ReadableSource, toConnect } from '../sources/look-into.ts'
import { positionOfStart, type WantedStart } from '../sources/processing-start.ts'
import type { JsonObject } from '../workspaces/json.ts'

export interface StartPreview {
  readonly rows: readonly JsonObject[]
  readonly count: number
  /** False when time ran out: then there are at least so many. */
  readonly isComplete: boolean
}

interface Asked {
  readonly source: ReadableSource
  /** Of the segment, where it is an action's start. */
  readonly conditions: Conditions
  readonly start: WantedStart
  readonly limit: number
}

type Deps = Pick<Context['deps'], 'clock' | 'connectSource' | 'registry'>

/** Below the time limit of an answer, so that a count of a long table comes back unfinished instead of failing. */
const countWithinMs = 20_000

export function previewStart(
  deps: Deps,
  { conditions, limit, start, source: row }: Asked,
): Promise<StartPreview> {
  const source = sourceDocument(row)
  rejectIssues(conditionIssues(conditions, [source]))
  const dialect = dialectOf(deps, row.connection.type)
  const now = deps.clock().getTime()
  const until = performance.now() + countWithinMs
  return askSource(deps, toConnect(row.connection), async (connection, signal) => {
    const after = await positionOfStart(dialect, connection, source, start)
    const last = await lastPosition(connection, dialect, source, { after })
    if (last === null) return { rows: [], count: 0, isComplete: true }
    const read = (attributes: readonly string[]) => readRows(connection, { attributes, after, last }, signal)
    const names = source.columns.map(({ name }) => name)
    const shown = read(names)
    const rows = await firstRows(shown.batches, limit, ({ columns }, index) =>
      shown.matches(columns, index) ? jsonRow(names, columns, index) : null,
    )
    const asked = attributesOf(conditions)
    if (asked.length === 0) {
      const { columns } = await connection.query(countStatement(source, dialect, { after, until: last }))
      return { rows, count: Number(columns[0]?.[0] ?? 0), isComplete: true }
    }
    const counted = read(asked)
    let count = 0
    for await (const { columns, length } of counted.batches) {
      for (let index = 0; index < length; index += 1) if (counted.matches(columns, index)) count += 1
      if (performance.now() > until) return { rows, count, isComplete: false }
    }
    return { rows, count, isComplete: true }
  })

  function readRows(
    connection: SourceConnection,
    { after, attributes, last }: { attributes: readonly string[]; after: Position | null; last: Position },
    signal: AbortSignal,
  ) {
    const { timeZone } = source
    const statement = stretchStatement(
      { source, dialect, attributes },
      { after, until: last },
      (firstParameter) =>
        compilePrefilter(conditions, source.columns, dialect, { timeZone, now, firstParameter }),
    )
    const columns = attributes.map((name) => columnNamed(source, name))
    return {
      batches: connection.stream(statement, signal),
      matches: compilePredicate(conditions, columns)(now),
    }
  }
}
