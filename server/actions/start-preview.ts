/** What would be read from a start on: the first rows, and how many there are. */
import type { Conditions } from '../../engine/rules/conditions.ts'
import type { Context } from '../context.ts'
import { countStretch, firstMatching, lookAt } from '../segments/matching.ts'
import { askSource } from '../sources/ask-source.ts'
import { lastPosition } from '../sources/last-position.ts'
import { type ReadableSource, toConnect } from '../sources/look-into.ts'
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

export function previewStart(
  deps: Deps,
  { conditions, limit, start, source: row }: Asked,
): Promise<StartPreview> {
  const look = lookAt(deps, row, conditions)
  const { dialect, source } = look
  return askSource(deps, toConnect(row.connection), async (connection, signal) => {
    const after = await positionOfStart(dialect, connection, source, start)
    const until = await lastPosition(connection, dialect, source, { after })
    if (until === null) return { rows: [], count: 0, isComplete: true }
    const stretch = { after, until }
    const rows = await firstMatching(connection, look, stretch, { limit, signal })
    const { isComplete, matched } = await countStretch(connection, look, stretch, signal)
    return { rows, count: matched, isComplete }
  })
}
