/** Ids have no time of their own: the greatest of them count once a poll saw them at least `settle` ago. */
import { z } from '@sluice/connector-sdk'
import { type Position, positionSchema } from '../../engine/reading/position.ts'

/** The greatest position of a look, and when that was. */
export interface SeenId {
  readonly at: number
  readonly position: Position
}

export const seenIdsSchema = z.array(z.object({ at: z.number(), position: positionSchema }))

/** A busy source has a greater id at every look. So many parts of `settle` are told apart, not more. */
const grain = 32

/**
 * A row with a smaller id that was begun before a greater one was seen has `settle` from then on to be committed.
 * @param seen in the order of both time and place
 * @param last what a look found after the last of them, if anything
 */
export function settledId(
  seen: readonly SeenId[],
  last: Position | null,
  { now, settleMs }: { readonly now: number; readonly settleMs: number },
): { readonly bound: Position | null; readonly waiting: readonly SeenId[] } {
  const all = last === null ? seen : [...thinned(seen, now - settleMs / grain), { at: now, position: last }]
  const settled = all.filter(({ at }) => at <= now - settleMs).at(-1)
  return {
    bound: settled?.position ?? null,
    waiting: all.filter(({ at }) => at > now - settleMs),
  }
}

/** Without the newest, where the one before it is young enough to be told from the next. */
function thinned(seen: readonly SeenId[], youngerThan: number): readonly SeenId[] {
  const before = seen.at(-2)
  return before !== undefined && before.at > youngerThan ? seen.slice(0, -1) : seen
}
