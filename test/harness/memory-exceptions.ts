/** The exceptions of a lane in memory, in the lane's order: what waits, what stands before what, what is dead. */
import type { DeadLetterOutcome, JobMark, Reporter } from '../../engine/delivering/outcome.ts'
import type { Holder, NextDue } from '../../engine/delivering/progress.ts'
import type { Position } from '../../engine/reading/position.ts'

/** A row of the table of exceptions. */
export interface KeptException {
  readonly id: string
  /** The delivery's place in the lane. */
  readonly delivery: number
  readonly slice: number
  readonly ordinal: number
  readonly position: Position
  readonly lastPosition: Position
  readonly count: number
  readonly state: 'waiting' | 'trying' | 'dead'
  readonly outcome: DeadLetterOutcome | null
  readonly reporter: Reporter
  readonly code: string
  readonly path: string | undefined
  /** Keyed hashes. */
  readonly recipient: string | null
  readonly row: string | null
  readonly attempts: number
  readonly dueAt: number
  readonly firstAt: number | null
  readonly isStarted: boolean
  readonly stage: number
  readonly job: JobMark | null
  readonly quarantinedUntil: number | null
  /** The pass that claimed it. */
  readonly claim: number | null
}

interface Claim {
  readonly delivery: number
  readonly pass: number
  readonly now: number
  readonly limit: number
}

export interface Exceptions {
  readonly all: Map<string, KeptException>
  nextId(): string
  /** Changes a row that is there. */
  set(id: string, change: Partial<KeptException>): KeptException
  of(delivery: number): KeptException[]
  /** Those of a delivery that are due and stand behind nothing, in order. */
  claimable(claim: Claim): readonly KeptException[]
  nextDue(delivery: number, now: number): NextDue
  holders(delivery: number, now: number): readonly Holder[]
  isOpen(exception: KeptException, now: number): boolean
}

export function isUndone({ state }: KeptException): boolean {
  return state === 'waiting' || state === 'trying'
}

export function createExceptions(): Exceptions {
  const all = new Map<string, KeptException>()
  let ids = 0

  const ordered = () =>
    [...all.values()].sort((a, b) => a.delivery - b.delivery || a.slice - b.slice || a.ordinal - b.ordinal)
  const isQuarantined = ({ quarantinedUntil }: KeptException, now: number) =>
    quarantinedUntil !== null && quarantinedUntil > now
  const isOpen = (each: KeptException, now: number) => isUndone(each) || isQuarantined(each, now)

  return {
    all,
    nextId: () => `e${ids++}`,
    set(id, change) {
      const found = all.get(id)
      if (found === undefined) throw new RangeError('There is no such exception.')
      const changed = { ...found, ...change }
      all.set(id, changed)
      return changed
    },
    of: (delivery) => [...all.values()].filter((each) => each.delivery === delivery),
    isOpen,
    claimable({ delivery, limit, now, pass }) {
      const claimed: KeptException[] = []
      const before = new Set<string | null>()
      for (const each of ordered()) {
        if (claimed.length === limit) break
        // What a pass before had claimed stays claimed until this one, which has waited for it, claims it anew.
        const isFree = each.state === 'waiting' || (each.state === 'trying' && each.claim !== pass)
        const isDue = each.delivery === delivery && isFree && each.dueAt <= now
        if (isDue && !before.has(each.recipient)) claimed.push(each)
        if (each.recipient !== null && isOpen(each, now)) before.add(each.recipient)
      }
      return claimed
    },
    nextDue(delivery, now) {
      const undone = new Set<string | null>()
      const quarantine = new Map<string | null, number>()
      let waits = 0
      let earliest = Number.POSITIVE_INFINITY
      for (const each of ordered()) {
        if (each.delivery === delivery && isUndone(each)) {
          waits += 1
          const from = quarantine.get(each.recipient) ?? 0
          if (!undone.has(each.recipient)) earliest = Math.min(earliest, Math.max(each.dueAt, from))
        }
        if (each.recipient === null || !isOpen(each, now)) continue
        if (isUndone(each)) undone.add(each.recipient)
        const until = Math.max(quarantine.get(each.recipient) ?? 0, each.quarantinedUntil ?? 0)
        quarantine.set(each.recipient, until)
      }
      if (waits === 0) return { kind: 'never' }
      return Number.isFinite(earliest) ? { kind: 'at', dueAt: earliest } : { kind: 'behind' }
    },
    holders: (delivery, now) =>
      ordered().flatMap((each): Holder[] =>
        each.delivery <= delivery && each.recipient !== null && isOpen(each, now)
          ? [{ id: each.id, recipient: each.recipient, row: each.row, isOwn: each.delivery === delivery }]
          : [],
      ),
  }
}
