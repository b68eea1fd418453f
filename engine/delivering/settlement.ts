/** Turns the outcomes of a unit of work into one write: counts, waiting items, runs of dead letters. Pure. */
import type { Counts, DeadLetter, Outcome, Place, Term } from './outcome.ts'
import type { NewException, ProgressWrite } from './progress.ts'

/** An item with what became of it. */
export interface SettledItem {
  readonly place: Place
  readonly recipient: string | null
  readonly outcome: Outcome
}

/** The exceptions and counts of a slice's items, given in the slice's order. */
export function settlementOf(
  items: readonly SettledItem[],
): Required<Pick<ProgressWrite, 'newExceptions' | 'counts'>> {
  const counts = new Map<Term, number>()
  const count = (term: Term) => counts.set(term, (counts.get(term) ?? 0) + 1)
  const exceptions: NewException[] = []
  let isRunOpen = false

  for (const { place, recipient, outcome } of items) {
    switch (outcome.kind) {
      case 'counted':
        isRunOpen = false
        count(outcome.term)
        break
      case 'waiting':
        isRunOpen = false
        exceptions.push({ ...outcome, ...place, recipient: recipient ?? '' })
        break
      case 'dead': {
        count(outcome.outcome)
        // Consecutive dead letters of one class are one row, so that a source full of errors stays small.
        const last = exceptions.at(-1)
        if (isRunOpen && last?.kind === 'dead' && isSameClass(last, outcome)) {
          exceptions[exceptions.length - 1] = { ...last, lastPosition: place.position, count: last.count + 1 }
        } else {
          exceptions.push({ ...outcome, ...place, lastPosition: place.position, count: 1 })
        }
        isRunOpen = true
      }
    }
  }
  return { newExceptions: exceptions, counts: Object.fromEntries(counts) as Counts }
}

function isSameClass(a: DeadLetter, b: DeadLetter): boolean {
  return a.outcome === b.outcome && a.code === b.code && a.path === b.path && a.reporter === b.reporter
}
