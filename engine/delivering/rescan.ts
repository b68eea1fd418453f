/** What a re-scan reads: rows that meet the segment now and did not when they were last asked, piece by piece. */
import type { SourceConnection } from '@sluice/connector-sdk'
import type { CompiledLane } from '../compile.ts'
import { isSamePosition, type Position, type Stretch } from '../reading/position.ts'
import { allOf, isWithinStatement, standsWithin } from '../reading/statements.ts'
import type { AskedStretch, PassProgress } from './progress.ts'

interface Reading {
  readonly connection: SourceConnection
  readonly lane: CompiledLane
  readonly progress: Pick<PassProgress, 'start'>
}

/** The lane itself; in a re-scan one for each piece of the stretch, in order. */
export async function lanesToRead(reading: Reading): Promise<readonly CompiledLane[]> {
  const { lane, progress } = reading
  const { rescan, stretch } = progress.start
  if (rescan === undefined) return [lane]
  const isBefore = async (a: Position, b: Position) => {
    const { columns } = await reading.connection.query(isWithinStatement(lane.source, lane.dialect, a, b))
    return columns[0]?.[0] === 1
  }
  const pieces = await piecesOf({ ...rescan, until: stretch.until, isBefore })
  return pieces.map((piece) => pieceOf(lane, piece))
}

function pieceOf(lane: CompiledLane, piece: AskedStretch): CompiledLane {
  const { dialect, source } = lane
  const matched = lane.matchesAt(piece.at)
  return {
    ...lane,
    matches: (columns, row) => lane.matches(columns, row) && !matched(columns, row),
    prefilter: allOf([lane.prefilter, lane.exceptAt(piece.at), standsWithin(source, dialect, piece)]),
  }
}

interface Scan {
  readonly since: number
  readonly asked: readonly AskedStretch[]
  readonly until: Position
  /** Whether a position stands at or before another: only the database knows. */
  isBefore(a: Position, b: Position): Promise<boolean>
}

/**
 * Cuts (null, until] where rows were last asked at different moments. What no delivery has asked since the last
 * re-scan was asked by that one. Where people had the lane read again, the later answer counts.
 */
export async function piecesOf({ asked, isBefore, since, until }: Scan): Promise<readonly AskedStretch[]> {
  const pieces: AskedStretch[] = []
  for (const next of asked) {
    await makeRoom(pieces, next.after, isBefore)
    const end = pieces.at(-1)?.until ?? null
    if (next.after !== null && !isSame(end, next.after))
      pieces.push({ after: end, until: next.after, at: since })
    pieces.push(next)
  }
  const end = pieces.at(-1)?.until ?? null
  if (!isSame(end, until)) pieces.push({ after: end, until, at: since })
  return pieces
}

/** Takes away what stands behind `after`, which is to be asked by what follows. */
async function makeRoom(
  pieces: AskedStretch[],
  after: Stretch['after'],
  isBefore: Scan['isBefore'],
): Promise<void> {
  for (let last = pieces.at(-1); last !== undefined; last = pieces.at(-1)) {
    if (after !== null && isSamePosition(last.until, after)) return
    if (after !== null && (await isBefore(last.until, after))) return
    pieces.pop()
    const isCut = after !== null && (last.after === null || !(await isBefore(after, last.after)))
    if (isCut) pieces.push({ ...last, until: after })
  }
}

function isSame(a: Position | null, b: Position): boolean {
  return a !== null && isSamePosition(a, b)
}
