/** A re-read of stored slices: its items go back into the units that were counted, whatever moved meanwhile. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Item } from './item.ts'
import type { StoredSlice } from './progress.ts'
import { openRuns, unitsOf } from './units.ts'

/** Slices of the given last rows; an exclamation mark stands for settled. */
function slices(...boundaries: readonly string[]): StoredSlice[] {
  return boundaries.map((text, index) => ({
    index,
    boundary: [text.replace('!', ''), 'k'],
    matched: 2,
    isSettled: text.endsWith('!'),
    started: [],
  }))
}

function item(position: string): Item {
  return { kind: 'sendable', position: [position, 'k'], payload: {}, recipient: position, weight: {} }
}

function told(stored: readonly StoredSlice[], after: string | null = null): string[] {
  return openRuns(stored, after === null ? null : [after, 'k']).map(
    (run) => `(${run.after?.[0] ?? ''}, ${run.until[0]}] ${run.slices.map(({ index }) => index).join(' ')}`,
  )
}

describe('runs of slices that are not settled', () => {
  it.each<[string, string[], string[]]>([
    ['nothing was stored', [], []],
    ['all are settled', ['b!', 'd!'], []],
    ['none is settled', ['b', 'd', 'f'], ['(, f] 0 1 2']],
    ['the first is settled', ['b!', 'd', 'f'], ['(b, f] 1 2']],
    ['the last is settled', ['b', 'd', 'f!'], ['(, d] 0 1']],
    ['one between is settled', ['b', 'd!', 'f'], ['(, b] 0', '(d, f] 2']],
    ['one between is open', ['b!', 'd', 'f!'], ['(b, d] 1']],
    ['every other one is settled', ['b', 'd!', 'f', 'h!', 'j'], ['(, b] 0', '(d, f] 2', '(h, j] 4']],
  ])('are right when %s', (_, stored, runs) => {
    expect(told(slices(...stored))).toEqual(runs)
  })

  it('begin where the stretch begins', () => {
    expect(told(slices('d', 'f'), 'b')).toEqual(['(b, f] 0 1'])
  })
})

/** Units as `slices: items`. */
function units(stored: readonly StoredSlice[], ...positions: readonly string[]): string[] {
  const [run] = openRuns(stored, null)
  if (run === undefined) return []
  return unitsOf(run, positions.map(item)).map((unit) =>
    `${unit.slices.join(' ')}: ${unit.items.map(({ position }) => position[0]).join(' ')}`.trimEnd(),
  )
}

describe('units of a run', () => {
  const stored = slices('b', 'd', 'f')

  it.each<[string, string[], string[]]>([
    ['nothing changed', ['a', 'b', 'c', 'd', 'e', 'f'], ['0: a b', '1: c d', '2: e f']],
    ['an inner row is gone', ['b', 'c', 'd', 'e', 'f'], ['0: b', '1: c d', '2: e f']],
    ['a first border row is gone', ['a', 'c', 'd', 'e', 'f'], ['0 1: a c d', '2: e f']],
    ['a middle border row is gone', ['a', 'b', 'c', 'e', 'f'], ['0: a b', '1 2: c e f']],
    ['the last border row is gone', ['a', 'b', 'c', 'd', 'e'], ['0: a b', '1: c d', '2: e']],
    ['all border rows are gone', ['a', 'c', 'e'], ['0 1 2: a c e']],
    ['only border rows are left', ['b', 'd', 'f'], ['0: b', '1: d', '2: f']],
    ['a whole slice is gone', ['a', 'b', 'e', 'f'], ['0: a b', '1 2: e f']],
    ['the last slice is gone', ['a', 'b', 'c', 'd'], ['0: a b', '1: c d', '2:']],
    ['everything is gone', [], ['0 1 2:']],
    ['more rows match now', ['a', 'aa', 'b', 'c', 'd', 'dd', 'e', 'f'], ['0: a aa b', '1: c d', '2: dd e f']],
  ])('are right when %s', (_, positions, expected) => {
    expect(units(stored, ...positions)).toEqual(expected)
  })

  it('count what was counted when the slices were stored', () => {
    const [run] = openRuns(stored, null)
    const made = run === undefined ? [] : unitsOf(run, ['a', 'c', 'd'].map(item))
    expect(made.map(({ matched }) => matched)).toEqual([4, 2])
  })

  it('compare whole positions: a border in the cursor alone is another row', () => {
    const [run] = openRuns(slices('b', 'd'), null)
    const other: Item = { ...item('b'), position: ['b', 'another'] }
    const made = run === undefined ? [] : unitsOf(run, [other, item('d')])
    expect(made.map((unit) => unit.slices)).toEqual([[0, 1]])
  })

  it('hold every slice and every item once, in order, whichever rows are left', () => {
    const rows = Array.from({ length: 20 }, (_, index) => String(index).padStart(2, '0'))
    const cuts = fc.uniqueArray(fc.constantFrom(...rows), { minLength: 1 }).map((list) => [...list].sort())
    return fc.assert(
      fc.property(cuts, fc.subarray(rows), (boundaries, left) => {
        const last = boundaries.at(-1) ?? ''
        const [run] = openRuns(slices(...boundaries), null)
        const items = left.filter((row) => row <= last).map(item)
        const made = run === undefined ? [] : unitsOf(run, items)
        expect(made.flatMap((unit) => unit.items)).toEqual(items)
        expect(made.flatMap((unit) => unit.slices)).toEqual(boundaries.map((_, index) => index))
        expect(made.reduce((sum, { matched }) => sum + matched, 0)).toBe(2 * boundaries.length)
      }),
    )
  })
})
