/** The sending half of a pass: bounded concurrency, order within a recipient, and when to stop for now. */
import { applyWithinMs } from '../documents.ts'
import { cut } from '../planning/cut.ts'
import { keptCode } from '../sending/codes.ts'
import { createConcurrency } from '../sending/concurrency.ts'
import type { Holds } from './holds.ts'
import { held, type Item, type SendableItem } from './item.ts'
import { jobTimesOf } from './job-times.ts'
import type { DeadLetter, Place, Waiting } from './outcome.ts'
import {
  delivered,
  heldOutcome,
  interruptedOutcome,
  isDelivered,
  outcomeOf,
  type PartVerdict,
} from './outcome-of.ts'
import { createRecipients } from './recipients.ts'
import { sendItems } from './send-items.ts'
import type { ItemAnswer, SendDeps } from './send-requests.ts'
import type { SettledItem } from './settlement.ts'

/** Why a pass starts nothing more for now. */
export type Halt =
  /** Paused or cancelled by command. */
  | { readonly kind: 'stopped' }
  /** The vendor throttles, or fails again and again. */
  | { readonly kind: 'later'; readonly at: number }
  /** Credentials or configuration don't work. */
  | { readonly kind: 'setup'; readonly code: string }

/** A piece of work: items in order, and how often they were tried. */
export interface Work {
  readonly items: readonly Item[]
  /** Whether one plan may not take them all: stored work that has grown, or is several slices. */
  readonly isUncut: boolean
  /** Whether an item that stays open in this pass holds them back: not what is tried again, in its own order. */
  readonly mayBeHeld: boolean
  /** Whether an earlier pass may have sent the same requests. */
  readonly isRepeat: boolean
  /** The stage that an earlier pass had come to with all of the items; 0 where there is none. */
  readonly reached: number
  /** Where an item stands and what it went through; asked only of items that are not simply delivered. */
  historyOf(index: number): History
  /** Writes down what is about to be sent and must not be repeated. */
  noteStarted(items: readonly SendableItem[], body: string | null): Promise<void>
  /** Called once, when every item has its outcome; the recipients are held until it resolves. */
  settle(items: readonly SettledItem[], requests: number): Promise<void>
}

export interface History {
  readonly place: Place
  readonly attempts: number
  /** When it was tried first; null where it never was. */
  readonly firstAt: number | null
}

export interface Sending {
  /** Resolves when the work has started, not when it is done; false when it has not, because of a halt. */
  start(work: Work): Promise<boolean>
  /** Resolves when all that was started is settled; throws what went wrong in it. */
  drained(): Promise<void>
  /** The same, whatever went wrong; returns whether all that was sent is answered and committed. */
  quiet(): Promise<boolean>
  /** Whether an item of this pass is due again; true once. */
  isRetryDue(): boolean
  halt(): Halt | null
  /** Credentials or configuration don't work, as something else has found. */
  pause(code: string): void
}

/** Requests in flight, or answered and not yet committed: what a crash can repeat (W of the protocol). */
const mostUnsettled = 128
const settledAsDelivered: SettledItem = { outcome: delivered }
/** So many requests in a row without a success: the vendor is down, not an item bad. */
const failuresToHalt = 8

interface Deps extends Omit<SendDeps, 'onRequest' | 'noteStarted'> {
  readonly holds: Holds
  isStopped(): boolean
  /** All is answered, and only commits are waited for. */
  hurry(): void
}

export function createSending(deps: Deps): Sending {
  const concurrency = createConcurrency()
  const recipients = createRecipients()
  const underWay = new Set<Promise<void>>()
  const oneIsOver: (() => void)[] = []
  let unanswered = 0
  let isDraining = false
  let failures = 0
  let halted: Halt | null = null
  let broken: { readonly error: unknown } | null = null
  let retryAt = Number.POSITIVE_INFINITY
  const schedule = { delaysMs: deps.lane.action.retryDelaysMs, forMs: deps.lane.action.retryForMs }
  const limits = deps.lane.actionDefinition.limits(deps.lane.settings)
  const applied = applyWithinMs(deps.lane.action)
  const catalogue = deps.lane.connectorDefinition.errorCatalogue
  const jobTimes = jobTimesOf(deps.lane.actionDefinition.job)

  const halt = (): Halt | null => {
    // Once turned back always turned back: a resume must not make a pass that left work out look complete.
    if (deps.isStopped()) halted = { kind: 'stopped' }
    return halted
  }

  /** Sends the items and has their outcomes written. */
  async function settleOnce(
    work: Work,
    items: readonly Item[],
  ): Promise<{ readonly committed: Promise<void> }> {
    const sendable = items.filter((item) => item.kind === 'sendable')
    // Waiting for its turn does not count as time in which it is retried.
    const startedAt = deps.now()
    let requests = 0
    let answers: readonly ItemAnswer[] = []
    if (sendable.length > 0) {
      let latencyMs = 0
      const onRequest = (request: { readonly latencyMs: number }) => {
        requests += 1
        latencyMs = request.latencyMs
      }
      let isHealthy = false
      try {
        const { noteStarted } = work
        answers = await send({ ...deps, noteStarted, onRequest }, sendable, work)
        isHealthy = observe(answers)
      } finally {
        concurrency.release({ isHealthy, latencyMs })
      }
    }
    return { committed: work.settle(settle(work, items, answers, startedAt), requests) }
  }

  function isAnswered(): void {
    unanswered -= 1
    hurryIfDrained()
  }

  function hurryIfDrained(): void {
    if (isDraining && unanswered === 0) deps.hurry()
  }

  /** Knows nothing of the items, which are in the way of the garbage collector while their commit is waited for. */
  async function finish(
    settling: ReturnType<typeof settleOnce>,
    recipientsHeld: readonly string[],
  ): Promise<void> {
    try {
      const { committed } = await settling.finally(isAnswered)
      await committed
    } catch (error) {
      broken ??= { error }
    } finally {
      recipients.release(recipientsHeld)
    }
  }

  async function send(
    sendDeps: SendDeps,
    sendable: readonly SendableItem[],
    { isUncut, reached }: Work,
  ): Promise<readonly ItemAnswer[]> {
    if (!isUncut) return sendItems(sendDeps, sendable, reached)
    const answers: ItemAnswer[] = []
    for (const group of cut(sendable, limits)) {
      if (halt() !== null) break
      answers.push(...(await sendItems(sendDeps, group, reached)))
    }
    return answers
  }

  /** Answers come in the order of the items that could be sent; a halt may have left the last of them out. */
  function settle(
    work: Work,
    items: readonly Item[],
    answers: readonly ItemAnswer[],
    startedAt: number,
  ): readonly SettledItem[] {
    let next = 0
    return items.map((item, index) => {
      if (item.kind !== 'sendable') return settleUnsent(work, item, index)
      const answer = answers[next++]
      if (answer !== undefined) return settleSent(work, item, answer, { index, startedAt })
      deps.holds.add(item.recipient)
      return settleUnsent(work, held(item), index)
    })
  }

  function settleSent(
    { historyOf, isRepeat, reached }: Work,
    { recipient }: SendableItem,
    parts: readonly PartVerdict[],
    { index, startedAt }: { readonly index: number; readonly startedAt: number },
  ): SettledItem {
    if (isDelivered(parts)) return settledAsDelivered
    const now = deps.now()
    const { attempts, firstAt: earlier, place } = historyOf(index)
    const firstAt = earlier ?? startedAt
    const outcome = outcomeOf(parts, {
      attempts,
      firstAt,
      now,
      schedule,
      applyWithinMs: applied,
      isRepeat,
      catalogue,
      jobTimes,
    })
    if (outcome.kind === 'counted') return { outcome }
    const isQuarantined = outcome.quarantinedUntil !== undefined
    if (outcome.kind === 'waiting' || isQuarantined) deps.holds.add(recipient)
    if (outcome.kind === 'waiting') noteDue(outcome)
    return { place, recipient, firstAt, isAlone: isQuarantined, outcome: goingOnFrom(outcome, reached) }
  }

  function settleUnsent({ historyOf }: Work, item: Exclude<Item, SendableItem>, index: number): SettledItem {
    const unsent = { place: historyOf(index).place, recipient: null, firstAt: null, isAlone: false }
    switch (item.kind) {
      case 'rejected':
        return { ...unsent, outcome: { kind: 'dead', outcome: 'rejected', ...item.fault } }
      case 'interrupted':
        return { ...unsent, isAlone: item.isMissing, outcome: interruptedOutcome }
      case 'held':
        // Its turn comes when nothing of its recipient is open before it: it has used up neither attempts nor time.
        return { ...unsent, recipient: item.recipient, outcome: heldOutcome(deps.now()) }
    }
  }

  /** Learns from the answers whether the vendor works; returns whether it does. */
  function observe(answers: readonly ItemAnswer[]): boolean {
    let parts = 0
    let failed = 0
    let isThrottled = false
    for (const answer of answers) {
      for (const { verdict } of answer) {
        parts += 1
        if (verdict.kind === 'setup') halted = { kind: 'setup', code: keptCode(verdict.code, catalogue) }
        if (verdict.kind === 'throttled') isThrottled = true
        if (verdict.kind === 'retry' || verdict.kind === 'unknown' || verdict.kind === 'throttled')
          failed += 1
      }
    }
    if (parts === 0) return true
    const isFailed = failed === parts
    failures = isFailed ? failures + 1 : 0
    if (halted === null && (isThrottled || failures >= failuresToHalt)) {
      halted = { kind: 'later', at: Number.POSITIVE_INFINITY }
    }
    return !isFailed && !isThrottled
  }

  /** A halted pass goes on when its first waiting item is due. */
  function noteDue({ dueAt }: Waiting): void {
    retryAt = Math.min(retryAt, dueAt)
    if (halted?.kind === 'later') halted = { kind: 'later', at: Math.min(halted.at, dueAt) }
  }

  /**
   * Items behind an open one of their recipient are held, and hold back those that follow: behind one that this
   * pass left open, or, where a unit goes out in several requests, behind one of the same unit.
   */
  function screen({ items, isUncut, mayBeHeld }: Work): readonly Item[] {
    const { holds } = deps
    if (!isUncut && (!mayBeHeld || holds.isEmpty())) {
      for (const item of items) if (item.kind === 'held') holds.add(item.recipient)
      return items
    }
    const own = new Set<string>()
    return items.map((item) => {
      if (item.kind === 'sendable') {
        const { recipient } = item
        const isBehind = (mayBeHeld && holds.isHeld(recipient)) || (isUncut && own.has(recipient))
        own.add(recipient)
        if (!isBehind) return item
      }
      if (item.kind !== 'sendable' && item.kind !== 'held') return item
      holds.add(item.recipient)
      return item.kind === 'held' ? item : held(item)
    })
  }

  return {
    halt,
    pause(code) {
      halted = { kind: 'setup', code }
    },
    isRetryDue() {
      const isDue = deps.now() >= retryAt
      if (isDue) retryAt = Number.POSITIVE_INFINITY
      return isDue
    },
    async start(work) {
      if (halt() !== null) return false
      while (underWay.size >= mostUnsettled) await new Promise<void>((resolve) => oneIsOver.push(resolve))
      const wanted = recipientsOf(work.items)
      await recipients.hold(wanted)
      // Much may have happened while it waited: what was sent before it to its recipients is committed now.
      const items = screen(work)
      if (items.some(({ kind }) => kind === 'sendable')) await concurrency.acquire()
      if (broken !== null) throw broken.error
      if (halt() !== null) {
        recipients.release(wanted)
        return false
      }
      unanswered += 1
      const running = finish(settleOnce(work, items), wanted)
      underWay.add(running)
      void running.finally(() => {
        underWay.delete(running)
        for (const resolve of oneIsOver.splice(0)) resolve()
      })
      return true
    },
    async drained() {
      isDraining = true
      hurryIfDrained()
      await Promise.all(underWay)
      isDraining = false
      if (broken !== null) throw broken.error
    },
    async quiet() {
      await Promise.all(underWay)
      return broken === null
    },
  }
}

/** What an earlier pass had come to is not lost when this one came less far. */
function goingOnFrom<Kept extends DeadLetter | Waiting>(outcome: Kept, reached: number): Kept {
  if (reached === 0 || outcome.kind === 'dead') return outcome
  return { ...outcome, stage: Math.max(reached, outcome.stage ?? 0) }
}

function recipientsOf(items: readonly Item[]): readonly string[] {
  const recipients: string[] = []
  for (const item of items) if (item.kind === 'sendable') recipients.push(item.recipient)
  return recipients
}
