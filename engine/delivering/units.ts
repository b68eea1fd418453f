/** Cuts a re-read of stored slices back into units of work, by the boundaries that were stored. Pure. */
import { isSamePosition, type Position } from '../reading/position.ts'
import type { Item } from './item.ts'
import type { StoredSlice } from './progress.ts'

/** Rows that are settled together: one slice, or several whose border row is no longer there. */
export interface Unit {
  readonly slices: readonly number[]
  /** Rows counted as matched when the slices were stored. */
  readonly matched: number
  readonly items: readonly Item[]
}

/** A run of adjacent slices that are not settled, with what stands before them. */
export interface OpenRun {
  readonly after: Position | null
  readonly until: Position
  readonly slices: readonly StoredSlice[]
}

/** The unsettled slices of a delivery, as runs that one read covers. */
export function openRuns(slices: readonly StoredSlice[], after: Position | null): readonly OpenRun[] {
  const runs: OpenRun[] = []
  let before = after
  for (const slice of slices) {
    const last = runs.at(-1)
    const isAdjacent = last !== undefined && last.slices.at(-1)?.index === slice.index - 1
    if (!slice.isSettled) {
      if (last !== undefined && isAdjacent) {
        runs[runs.length - 1] = { ...last, until: slice.boundary, slices: [...last.slices, slice] }
      } else {
        runs.push({ after: before, until: slice.boundary, slices: [slice] })
      }
    }
    before = slice.boundary
  }
  return runs
}

/**
 * Assigns the items of a run to its slices. Positions are only compared for being the same text: where a
 * border row has moved or is gone, the slices on both sides of it become one unit.
 */
export function unitsOf(run: OpenRun, items: readonly Item[]): readonly Unit[] {
  const units: Unit[] = []
  let slices: StoredSlice[] = []
  let from = 0
  for (const slice of run.slices) {
    slices.push(slice)
    const isLast = slice === run.slices.at(-1)
    const border = isLast
      ? items.length - 1
      : items.findIndex((item, index) => index >= from && isSamePosition(item.position, slice.boundary))
    if (border < 0 && !isLast) continue
    units.push({
      slices: slices.map(({ index }) => index),
      matched: slices.reduce((sum, { matched }) => sum + matched, 0),
      items: items.slice(from, border + 1),
    })
    from = border + 1
    slices = []
  }
  return units
}
