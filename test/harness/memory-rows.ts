/** The rows of a delivery in memory: what a write does to them, and the rules that every write must keep. */
import { type Counts, type Term, terms } from '../../engine/delivering/outcome.ts'
import type {
  NewDeadLetter,
  NewException,
  ProgressWrite,
  StoredSlice,
} from '../../engine/delivering/progress.ts'
import type { Position } from '../../engine/reading/position.ts'

/** A waiting item as the rows of a database would hold it. */
export interface KeptWaiting {
  readonly id: string
  readonly slice: number
  readonly ordinal: number
  readonly position: Position
  readonly attempts: number
  readonly firstAt: number
  readonly dueAt: number
  readonly code: string
  /** The pass that claimed it. */
  readonly claim: number | null
}

export type KeptDeadLetter = Omit<NewDeadLetter, 'kind'>
export type Totals = Record<Term | 'retries' | 'requests', number>

export class ContractBrokenError extends Error {
  override readonly name = 'ContractBrokenError'
}

export interface Rows {
  readonly slices: StoredSlice[]
  readonly waiting: Map<string, KeptWaiting>
  readonly dead: KeptDeadLetter[]
  readonly totals: Totals
  /** Throws where the write breaks the contract; then the rows are not to be used any more. */
  apply(write: ProgressWrite, moment: { readonly ownPass: number; readonly now: number }): void
  /** How many records have no outcome. */
  openCount(): number
  /** How many records have one. */
  overCount(): number
}

const counted = [...terms, 'retries', 'requests'] as const
const deadOutcomes = ['rejected', 'refused', 'exhausted', 'unknown'] as const

export function createRows(): Rows {
  const slices: StoredSlice[] = []
  const waiting = new Map<string, KeptWaiting>()
  const dead: KeptDeadLetter[] = []
  const totals = zero()
  const listed = zero()
  let unsettled = 0
  let ids = 0

  function store({ newSlices = [], counts }: ProgressWrite): void {
    const matched = newSlices.reduce((sum, slice) => sum + slice.matched, 0)
    if (newSlices.length > 0) check(counts?.matched === matched, 'Stored records are not counted as matched.')
    for (const slice of newSlices) {
      check(slice.index === slices.length, 'Slices are stored in order, without gaps.')
      check(slice.matched > 0, 'A slice without records.')
      slices.push({ ...slice, isSettled: false })
    }
    unsettled += matched
  }

  function settle({ settledSlices = [] }: ProgressWrite): void {
    for (const index of settledSlices) {
      const slice = slices[index]
      if (slice === undefined || slice.isSettled) throw new ContractBrokenError('A slice is settled twice.')
      slices[index] = { ...slice, isSettled: true }
      unsettled -= slice.matched
    }
  }

  function list(letter: KeptDeadLetter): void {
    dead.push(letter)
    listed[letter.outcome] += letter.count
  }

  function except(exception: NewException, write: ProgressWrite, now: number): void {
    const isOfWrite = write.settledSlices?.includes(exception.slice) === true
    check(isOfWrite, 'An exception whose slice is not settled with it.')
    if (exception.kind === 'dead') {
      list(exception)
      return
    }
    const { slice, ordinal, position, attempts, dueAt, code } = exception
    check(isInstant(dueAt), 'A due time that is none.')
    const id = `e${ids++}`
    waiting.set(id, { id, slice, ordinal, position, attempts, dueAt, code, firstAt: now, claim: null })
  }

  function change({ exceptionChanges = [] }: ProgressWrite, ownPass: number): void {
    for (const each of exceptionChanges) {
      const found = waiting.get(each.id)
      if (found === undefined || found.claim !== ownPass)
        throw new ContractBrokenError('A change of an item that this pass has not claimed.')
      waiting.delete(each.id)
      const { slice, ordinal, position } = found
      if (each.kind === 'dead') list({ ...each, slice, ordinal, position, lastPosition: position, count: 1 })
      if (each.kind !== 'waiting') continue
      const { attempts, dueAt, code } = each
      check(isInstant(dueAt), 'A due time that is none.')
      waiting.set(each.id, { ...found, attempts, dueAt, code, claim: null })
    }
  }

  function count(counts: Counts = {}): void {
    for (const name of counted) {
      const more = counts[name] ?? 0
      check(Number.isInteger(more) && more >= 0, `${name} can only grow.`)
      totals[name] += more
    }
  }

  const openCount = () => unsettled + waiting.size
  const overCount = () => terms.reduce((sum, term) => sum + (term === 'matched' ? 0 : totals[term]), 0)

  return {
    slices,
    waiting,
    dead,
    totals,
    openCount,
    overCount,
    apply(write, { ownPass, now }) {
      store(write)
      settle(write)
      for (const exception of write.newExceptions ?? []) except(exception, write, now)
      change(write, ownPass)
      count(write.counts)
      // The equation: matched = every other term + what waits; and each dead letter is listed.
      const difference = totals.matched - overCount() - openCount()
      check(difference === 0, `The equation is off by ${difference}.`)
      for (const outcome of deadOutcomes) {
        check(
          listed[outcome] === totals[outcome],
          `${totals[outcome]} ${outcome}, ${listed[outcome]} listed.`,
        )
      }
    },
  }
}

export function check(condition: boolean, problem: string): asserts condition {
  if (!condition) throw new ContractBrokenError(problem)
}

function isInstant(ms: number): boolean {
  return !Number.isNaN(new Date(ms).getTime())
}

function zero(): Totals {
  return Object.fromEntries(counted.map((name) => [name, 0])) as Totals
}
