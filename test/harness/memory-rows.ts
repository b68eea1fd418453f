/** What a write does to the rows of a delivery in memory, and the rules that every write must keep. */
import { type Counts, type DeadLetter, type Term, terms } from '../../engine/delivering/outcome.ts'
import type {
  ExceptionChange,
  NewException,
  NewSlice,
  ProgressWrite,
  StoredSlice,
} from '../../engine/delivering/progress.ts'
import type { Position } from '../../engine/reading/position.ts'
import { type Exceptions, isUndone, type KeptException } from './memory-exceptions.ts'

export type Totals = Record<Term | 'retries' | 'requests', number>

export class ContractBrokenError extends Error {
  override readonly name = 'ContractBrokenError'
}

export interface Rows {
  readonly slices: StoredSlice[]
  readonly totals: Totals
  /** Throws where the write breaks the contract; then the rows are not to be used any more. */
  apply(write: ProgressWrite, pass: number): void
  /** What a later delivery has made needless. */
  supersede(id: string): void
  /** How many records have no outcome. */
  openCount(): number
  /** How many records have one. */
  overCount(): number
}

interface Options {
  readonly delivery: number
  readonly exceptions: Exceptions
  compare(a: Position, b: Position): number
}

const counted = [...terms, 'retries', 'requests'] as const
const deadOutcomes = ['rejected', 'refused', 'exhausted', 'unknown'] as const

/** Stands for a keyed hash: what is hashed is told from what is not. */
export function hashOf(text: string): string {
  check(!text.startsWith('#'), 'A hash is hashed again.')
  return `#${text}`
}

export function createRows({ delivery, exceptions, compare }: Options): Rows {
  const slices: StoredSlice[] = []
  /** Where in the list a slice stands, by its index. */
  const places = new Map<number, number>()
  const totals = zero()
  const listed = zero()
  let unsettled = 0

  function store({ newSlices = [], counts }: ProgressWrite): void {
    const matched = newSlices.reduce((sum, slice) => sum + slice.matched, 0)
    if (newSlices.length > 0) check(counts?.matched === matched, 'Stored records are not counted as matched.')
    for (const slice of newSlices) {
      checkNewSlice(slice)
      places.set(slice.index, slices.length)
      slices.push({ ...slice, isSettled: false, started: [] })
    }
    unsettled += matched
  }

  /** Their numbers may have gaps: pages are stored ahead, and a commit may be lost. */
  function checkNewSlice({ index, matched, boundary }: NewSlice): void {
    const last = slices.at(-1)
    check(last === undefined || last.index < index, 'Slices are stored in order.')
    check(matched > 0, 'A slice without records.')
    const isAfter = last === undefined || compare(last.boundary, boundary) < 0
    check(isAfter, 'A slice is stored that was stored before.')
  }

  function start({ startedSlice, startedExceptions = [] }: ProgressWrite, pass: number): void {
    if (startedSlice !== undefined) {
      const { index, positions, body } = startedSlice
      const slice = openSlice(index, 'A slice is started that is not open.')
      check(positions.length > 0, 'A start without rows.')
      check(body === null || body.startsWith('#'), 'A body is kept in clear.')
      replace({ ...slice, started: [...slice.started, { positions, body }] })
    }
    for (const id of startedExceptions) {
      claimed(id, pass)
      exceptions.set(id, { isStarted: true })
    }
  }

  function replace(slice: StoredSlice): void {
    const place = places.get(slice.index)
    if (place !== undefined) slices[place] = slice
  }

  function openSlice(index: number, problem: string): StoredSlice {
    const slice = slices[places.get(index) ?? -1]
    if (slice === undefined || slice.isSettled) throw new ContractBrokenError(problem)
    return slice
  }

  function settle({ settledSlices = [] }: ProgressWrite): void {
    for (const index of settledSlices) {
      const slice = openSlice(index, 'A slice is settled twice.')
      replace({ ...slice, isSettled: true })
      unsettled -= slice.matched
    }
  }

  function add(exception: NewException, write: ProgressWrite): void {
    const isOfWrite = write.settledSlices?.includes(exception.slice) === true
    check(isOfWrite, 'An exception whose slice is not settled with it.')
    const { slice, ordinal, position, code, reporter, path, quarantinedUntil = null } = exception
    check(
      exceptions.of(delivery).every((each) => each.slice !== slice || each.ordinal !== ordinal),
      'Two exceptions in one place.',
    )
    const id = exceptions.nextId()
    const kept = {
      ...{ id, delivery, slice, ordinal, position, code, reporter, path, quarantinedUntil },
      ...{ isStarted: false, claim: null, lastPosition: position, count: 1, outcome: null, row: null },
      ...{ stage: 0, job: null },
    }
    if (exception.kind === 'waiting') {
      const { attempts, dueAt, firstAt, job = null, stage = 0 } = exception
      check(isInstant(dueAt), 'A due time that is none.')
      const recipient = hashOf(exception.recipient)
      const row = hashOf(exception.row)
      const waits = { ...kept, state: 'waiting', attempts, dueAt, firstAt, recipient, row } as const
      exceptions.all.set(id, { ...waits, job, stage })
      return
    }
    const { outcome, lastPosition, count } = exception
    check(quarantinedUntil === null || exception.recipient !== null, 'A quarantine of nobody.')
    check(compare(position, lastPosition) <= 0, 'A run of dead letters that ends before it begins.')
    check(count === 1 || exception.recipient === null, 'A run of several has one recipient.')
    const recipient = exception.recipient === null ? null : hashOf(exception.recipient)
    const dead = {
      state: 'dead',
      attempts: 0,
      dueAt: 0,
      firstAt: null,
      recipient,
      lastPosition,
      count,
    } as const
    exceptions.all.set(id, { ...kept, ...dead, outcome })
    listed[outcome] += count
  }

  function claimed(id: string, pass: number): KeptException {
    const found = exceptions.all.get(id)
    const isOurs = found?.delivery === delivery && found.state === 'trying' && found.claim === pass
    if (found === undefined || !isOurs)
      throw new ContractBrokenError('A change of an item that this pass has not claimed.')
    return found
  }

  function change(each: ExceptionChange, pass: number): void {
    const { id } = each
    const found = claimed(id, pass)
    if (each.kind === 'over') {
      exceptions.all.delete(id)
      return
    }
    if (each.kind === 'dead') {
      bury(id, each)
      return
    }
    const { attempts, dueAt, code, job = null, reporter, path, quarantinedUntil = null } = each
    const { stage = found.stage } = each
    // What it has may have been moved on by a pause since it was claimed.
    const firstAt = found.firstAt ?? each.firstAt
    check(isInstant(dueAt), 'A due time that is none.')
    exceptions.set(id, {
      ...{ attempts, dueAt, code, reporter, path, firstAt, quarantinedUntil },
      ...{ state: 'waiting', claim: null, isStarted: false, stage, job },
      ...(each.recipient === undefined ? {} : { recipient: hashOf(each.recipient) }),
    })
  }

  function bury(id: string, letter: DeadLetter): void {
    const { outcome, code, reporter, path, quarantinedUntil = null } = letter
    const told = { outcome, code, reporter, path, quarantinedUntil }
    exceptions.set(id, { ...told, state: 'dead', claim: null, isStarted: false, job: null })
    listed[outcome] += 1
  }

  function count(counts: Counts = {}): void {
    for (const name of counted) {
      const more = counts[name] ?? 0
      check(Number.isInteger(more) && more >= 0, `${name} can only grow.`)
      totals[name] += more
    }
  }

  const waiting = () => exceptions.of(delivery).filter(isUndone).length
  const openCount = () => unsettled + waiting()
  const overCount = () => terms.reduce((sum, term) => sum + (term === 'matched' ? 0 : totals[term]), 0)

  /** matched = every other term + what waits; and each dead letter is listed. */
  function checkEquation(): void {
    const difference = totals.matched - overCount() - openCount()
    check(difference === 0, `The equation is off by ${difference}.`)
    for (const outcome of deadOutcomes) {
      check(listed[outcome] === totals[outcome], `${totals[outcome]} ${outcome}, ${listed[outcome]} listed.`)
    }
  }

  return {
    slices,
    totals,
    openCount,
    overCount,
    apply(write, pass) {
      store(write)
      start(write, pass)
      settle(write)
      for (const exception of write.newExceptions ?? []) add(exception, write)
      for (const each of write.exceptionChanges ?? []) change(each, pass)
      count(write.counts)
      checkEquation()
    },
    supersede(id) {
      exceptions.all.delete(id)
      totals.superseded += 1
      checkEquation()
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
