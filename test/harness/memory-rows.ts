/** What a write does to a delivery's rows, and the rules that it must keep. Pure. */
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
export type Totals = Readonly<Record<Term | 'retries' | 'requests', number>>

export class ContractBrokenError extends Error {
  override readonly name = 'ContractBrokenError'
}

export interface Rows {
  readonly slices: StoredSlice[]
  readonly waiting: KeptWaiting[]
  readonly dead: KeptDeadLetter[]
  readonly totals: Totals
}

interface Moment {
  readonly ownPass: number
  readonly now: number
  newId(): string
}

/** All rows after a write; throws where the write breaks the contract. */
export function applyWrite(before: Rows, write: ProgressWrite, moment: Moment): Rows {
  const slices = settle(store(before.slices, write), write)
  let { waiting, dead } = before
  for (const exception of write.newExceptions ?? []) {
    const slice = slices[exception.slice]
    check(slice?.isSettled === true, 'An exception of a slice that is not settled.')
    check(write.settledSlices?.includes(exception.slice) === true, 'An exception outside its slice.')
    if (exception.kind === 'dead') dead = [...dead, exception]
    else waiting = [...waiting, keptOf(exception, moment)]
  }
  for (const change of write.exceptionChanges ?? []) {
    const found = waiting.find(({ id }) => id === change.id)
    if (found === undefined || found.claim !== moment.ownPass)
      throw new ContractBrokenError('A change of an item that this pass has not claimed.')
    const { slice, ordinal, position } = found
    waiting = waiting.filter((item) => item !== found)
    if (change.kind === 'waiting') {
      const { attempts, dueAt, code } = change
      check(isInstant(dueAt), 'A due time that is none.')
      waiting = [...waiting, { ...found, attempts, dueAt, code, claim: null }]
    } else if (change.kind === 'dead') {
      dead = [...dead, { ...change, slice, ordinal, position, lastPosition: position, count: 1 }]
    }
  }
  const after = { slices, waiting, dead, totals: add(before.totals, write.counts ?? {}) }
  checkEquation(after)
  return after
}

function store(slices: StoredSlice[], { newSlices = [], counts }: ProgressWrite): StoredSlice[] {
  const stored = [...slices]
  for (const slice of newSlices) {
    check(slice.index === stored.length, 'Slices are stored in order, without gaps.')
    check(slice.matched > 0, 'A slice without records.')
    stored.push({ ...slice, isSettled: false })
  }
  const sum = newSlices.reduce((total, { matched }) => total + matched, 0)
  if (newSlices.length > 0) check(counts?.matched === sum, 'Stored records are not counted as matched.')
  return stored
}

function settle(slices: StoredSlice[], { settledSlices = [] }: ProgressWrite): StoredSlice[] {
  const settled = [...slices]
  for (const index of settledSlices) {
    const slice = settled[index]
    if (slice === undefined || slice.isSettled) throw new ContractBrokenError('A slice is settled twice.')
    settled[index] = { ...slice, isSettled: true }
  }
  return settled
}

function keptOf(exception: Exclude<NewException, { kind: 'dead' }>, { now, newId }: Moment): KeptWaiting {
  const { slice, ordinal, position, attempts, dueAt, code } = exception
  check(isInstant(dueAt), 'A due time that is none.')
  return { id: newId(), slice, ordinal, position, attempts, dueAt, code, firstAt: now, claim: null }
}

/** matched = every other term + what waits, and each kind of dead letter is as many as are listed. */
function checkEquation(state: Rows): void {
  const { totals, dead } = state
  const difference = totals.matched - overOf(totals) - openCount(state)
  check(difference === 0, `The equation is off by ${difference}.`)
  for (const outcome of ['rejected', 'refused', 'exhausted', 'unknown'] as const) {
    const listed = dead
      .filter((letter) => letter.outcome === outcome)
      .reduce((sum, { count }) => sum + count, 0)
    check(listed === totals[outcome], `${totals[outcome]} are ${outcome}, ${listed} are listed.`)
  }
}

export function openCount({ slices, waiting }: Pick<Rows, 'slices' | 'waiting'>): number {
  return slices.reduce((sum, slice) => sum + (slice.isSettled ? 0 : slice.matched), waiting.length)
}

export function overOf(totals: Totals): number {
  return terms.reduce((sum, term) => sum + (term === 'matched' ? 0 : totals[term]), 0)
}

function add(totals: Totals, counts: Counts): Totals {
  const sum = { ...totals }
  for (const name of [...terms, 'retries', 'requests'] as const) {
    const more = counts[name] ?? 0
    check(Number.isInteger(more) && more >= 0, `${name} can only grow.`)
    sum[name] += more
  }
  return sum
}

export function noTotals(): Totals {
  return Object.fromEntries([...terms, 'retries', 'requests'].map((name) => [name, 0])) as Totals
}

export function check(condition: boolean, problem: string): asserts condition {
  if (!condition) throw new ContractBrokenError(problem)
}

function isInstant(ms: number): boolean {
  return !Number.isNaN(new Date(ms).getTime())
}
