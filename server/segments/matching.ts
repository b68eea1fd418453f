/** Which rows of a live source meet conditions: the first few of them, or how many there are. */
import type { SourceConnection } from '@sluice/connector-sdk'
import type { SourceDocument } from '../../engine/documents.ts'
import { columnNamed, type Stretch } from '../../engine/reading/position.ts'
import { countStatement, stretchStatement, valuesStatement } from '../../engine/reading/statements.ts'
import { attributesOf, type Conditions } from '../../engine/rules/conditions.ts'
import { compilePredicate } from '../../engine/rules/predicate.ts'
import { compilePrefilter, type Prefilter } from '../../engine/rules/prefilter.ts'
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

type Deps = Pick<Context['deps'], 'clock' | 'connectSource' | 'registry'>

/** Below the time limit of an answer, so that a count of a long table comes back unfinished instead of failing. */
const countWithinMs = 20_000

export function matchingRows(
  deps: Deps,
  row: ReadableSource,
  conditions: Conditions,
  limit: number,
): Promise<readonly JsonObject[]> {
  const look = lookAt(deps, row, conditions)
  return askSource(deps, toConnect(row.connection), async (connection, signal) => {
    const until = await lastPosition(connection, look.dialect, look.source)
    return until === null ? [] : firstMatching(connection, look, { after: null, until }, { limit, signal })
  })
}

export function countMatching(deps: Deps, row: ReadableSource, conditions: Conditions): Promise<MatchCount> {
  const look = lookAt(deps, row, conditions)
  return askSource(deps, toConnect(row.connection), async (connection, signal) => {
    const until = await lastPosition(connection, look.dialect, look.source)
    if (until === null) return { matched: 0, isComplete: true }
    return countStretch(connection, look, { after: null, until }, signal)
  })
}

/** The first rows of a stretch that meet the conditions. */
export function firstMatching(
  connection: SourceConnection,
  { dialect, matches, prefilter, source }: Look,
  stretch: Stretch,
  { limit, signal }: { readonly limit: number; readonly signal: AbortSignal },
): Promise<readonly JsonObject[]> {
  const names = source.columns.map(({ name }) => name)
  const test = matches(names)
  const statement = stretchStatement({ source, dialect, attributes: names }, stretch, prefilter)
  return firstRows(connection.stream(statement, signal), limit, ({ columns }, index) =>
    test(columns, index) ? jsonRow(names, columns, index) : null,
  )
}

/** The database counts where its SQL says exactly what the conditions say; else every row that may match is looked at. */
export async function countStretch(
  connection: SourceConnection,
  { conditions, dialect, matches, prefilter, source }: Look,
  stretch: Stretch,
  signal: AbortSignal,
): Promise<MatchCount> {
  const deadline = performance.now() + countWithinMs
  if (prefilter(1).isExact) {
    const { columns } = await connection.query(countStatement(source, dialect, stretch, prefilter))
    return { matched: Number(columns[0]?.[0] ?? 0), isComplete: true }
  }
  const attributes = attributesOf(conditions)
  const test = matches(attributes)
  const statement = valuesStatement({ source, dialect, attributes }, stretch, prefilter)
  let matched = 0
  for await (const { columns, length } of connection.stream(statement, signal)) {
    for (let index = 0; index < length; index += 1) if (test(columns, index)) matched += 1
    if (performance.now() > deadline) return { matched, isComplete: false }
  }
  return { matched, isComplete: true }
}

export type Look = ReturnType<typeof lookAt>

/** One moment is now to the whole look. The stored columns decide: a source that has changed since is checked first. */
export function lookAt(deps: Deps, row: ReadableSource, conditions: Conditions) {
  const source = sourceDocument(row)
  rejectIssues(conditionIssues(conditions, [source]))
  const dialect = dialectOf(deps, row.connection.type)
  const now = deps.clock().getTime()
  const { timeZone } = source
  return {
    conditions,
    source,
    dialect,
    prefilter: (firstParameter: number): Prefilter =>
      compilePrefilter(conditions, source.columns, dialect, { timeZone, now, firstParameter }),
    matches: (names: readonly string[]) => compilePredicate(conditions, columnsNamed(source, names))(now),
  }
}

function columnsNamed(source: SourceDocument, names: readonly string[]) {
  return names.map((name) => columnNamed(source, name))
}
