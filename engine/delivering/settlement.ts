/** Turns the outcomes of a unit of work into one write: counts, waiting items, runs of dead letters. Pure. */
import type { Position } from '../reading/position.ts'
import type { Counted, DeadLetter, Place, Term, Waiting } from './outcome.ts'
import type { NewException, ProgressWrite } from './progress.ts'

/** What became of an item. Only of an exception does it matter which item it was. */
export type SettledItem =
  | { readonly outcome: Counted }
  | {
      readonly outcome: DeadLetter | Waiting
      readonly place: Place
      readonly recipient: string | null
      /** When it was tried first; null when it never was. */
      readonly firstAt: number | null
      /** Whether it may not be joined with its neighbours: it holds back its recipient, or is out of its place. */
      readonly isAlone: boolean
    }

/** The exceptions and counts of a slice's items, given in the slice's order. `rowOf` names a row by its position. */
export function settlementOf(
  items: readonly SettledItem[],
  rowOf: (position: Position) => string,
): Required<Pick<ProgressWrite, 'newExceptions' | 'counts'>> {
  const counts: Partial<Record<Term, number>> = {}
  const count = (term: Term) => {
    counts[term] = (counts[term] ?? 0) + 1
  }
  const exceptions: NewException[] = []
  let isRunOpen = false

  for (const settled of items) {
    if (!isException(settled)) {
      isRunOpen = false
      count(settled.outcome.term)
      continue
    }
    const { firstAt, isAlone, outcome, place, recipient } = settled
    if (outcome.kind === 'waiting') {
      isRunOpen = false
      exceptions.push({
        ...outcome,
        ...place,
        firstAt,
        recipient: recipient ?? '',
        row: rowOf(place.position),
      })
      continue
    }
    count(outcome.outcome)
    // Consecutive dead letters of one class are one row, so that a source full of errors stays small.
    const last = exceptions.at(-1)
    if (isRunOpen && !isAlone && last?.kind === 'dead' && isSameClass(last, outcome)) {
      const { position: lastPosition } = place
      exceptions[exceptions.length - 1] = { ...last, lastPosition, recipient: null, count: last.count + 1 }
    } else {
      exceptions.push({ ...outcome, ...place, lastPosition: place.position, recipient, count: 1 })
    }
    isRunOpen = !isAlone
  }
  return { newExceptions: exceptions, counts }
}

function isException(settled: SettledItem): settled is Extract<SettledItem, { readonly place: Place }> {
  return settled.outcome.kind !== 'counted'
}

function isSameClass(a: DeadLetter, b: DeadLetter): boolean {
  return (
    a.outcome === b.outcome &&
    a.code === b.code &&
    a.path === b.path &&
    a.reporter === b.reporter &&
    isSamePlace(a.templatePlace, b.templatePlace)
  )
}

function isSamePlace(a: DeadLetter['templatePlace'], b: DeadLetter['templatePlace']): boolean {
  if (a === undefined || b === undefined) return a === b
  return a.template === b.template && a.line === b.line && a.column === b.column
}
