/** Which rows of a live source meet a segment: the first few of them, or how many there are. */
import type { Dialect, OrderedStatement, SourceConnection } from '@sluice/connector-sdk'
import type { SourceDocument } from '../../engine/documents.ts'
import { columnNamed } from '../../engine/reading/position.ts'
import { stretchStatement } from '../../engine/reading/statements.ts'
import type { Conditions } from '../../engine/rules/conditions.ts'
import { compilePredicate, type Predicate } from '../../engine/rules/predicate.ts'
import { compilePrefilter } from '../../engine/rules/prefilter.ts'
import type { Context } from '../context.ts'
import { rejectIssues } from '../problems/rules.ts'
import { askSource } from '../sources/ask-source.ts'
import { sourceDocument } from '../sources/document.ts'
import { firstRows } from '../sources/first-rows.ts'
import { jsonRow } from '../sources/json-rows.ts'
import { lastPosition } from '../sources/last-position.ts'
import { dialectOf, type ReadableSource, toConnect } from '../sources/look-into.ts'
import type { JsonObject } from '../workspaces/json.ts'
import { conditionIssues } from './read-segment.ts'

export interface MatchCount {
  readonly matched: number
  /** False when time ran out: then there are at least so many. */
  readonly isComplete: boolean
}

type Deps = Pick<Context['deps'], 'connectSource' | 'registry'>

/** Below the time limit of an answer, so that a count of a long table comes back unfinished instead of failing. */
const countWithinMs = 20_000

export async function matchingRows(
  deps: Deps,
  row: ReadableSource,
  conditions: Conditions,
  limit: number,
): Promise<readonly JsonObject[]> {
  const source = fittingSource(row, conditions)
  const names = source.columns.map(({ name }) => name)
  return askSource(deps, toConnect(row.connection), async (connection, signal) => {
    const reading = await readingOf(
      dialectOf(deps, row.connection.type),
      connection,
      source,
      conditions,
      names,
    )
    if (reading === null) return []
    return firstRows(connection.stream(reading.statement, signal), limit, ({ columns }, index) =>
      reading.matches(columns, index) ? jsonRow(names, columns, index) : null,
    )
  })
}

export async function countMatching(
  deps: Deps,
  row: ReadableSource,
  conditions: Conditions,
): Promise<MatchCount> {
  const source = fittingSource(row, conditions)
  const names = conditions.any.flatMap(({ all }) => all.map(({ attribute }) => attribute))
  const until = performance.now() + countWithinMs
  return askSource(deps, toConnect(row.connection), async (connection, signal) => {
    const reading = await readingOf(dialectOf(deps, row.connection.type), connection, source, conditions, [
      ...new Set(names),
    ])
    let matched = 0
    if (reading === null) return { matched, isComplete: true }
    for await (const { columns, length } of connection.stream(reading.statement, signal)) {
      for (let index = 0; index < length; index += 1) if (reading.matches(columns, index)) matched += 1
      if (performance.now() > until) return { matched, isComplete: false }
    }
    return { matched, isComplete: true }
  })
}

/** The stored columns decide: a source that has changed since is checked again first. */
function fittingSource(row: ReadableSource, conditions: Conditions): SourceDocument {
  const source = sourceDocument(row)
  rejectIssues(conditionIssues(conditions, [source]))
  return source
}

interface Reading {
  readonly statement: OrderedStatement
  readonly matches: Predicate
}

/** Null when the source is empty. */
async function readingOf(
  dialect: Dialect,
  connection: SourceConnection,
  source: SourceDocument,
  conditions: Conditions,
  attributes: readonly string[],
): Promise<Reading | null> {
  const until = await lastPosition(connection, dialect, source)
  if (until === null) return null
  const { timeZone } = source
  const statement = stretchStatement(
    { source, dialect, attributes },
    { after: null, until },
    (firstParameter) => compilePrefilter(conditions, source.columns, dialect, { timeZone, firstParameter }),
  )
  const columns = attributes.map((name) => columnNamed(source, name))
  return { statement, matches: compilePredicate(conditions, columns) }
}
