/** The sending half of a pass: bounded concurrency, order within a recipient, and when to stop for now. */
import { cut } from '../planning/cut.ts'
import { keptCode } from '../sending/codes.ts'
import { createConcurrency } from '../sending/concurrency.ts'
import type { Item, SendableItem } from './item.ts'
import type { DeadLetter, Place, Waiting } from './outcome.ts'
import { delivered, isDelivered, outcomeOf } from './outcome-of.ts'
import { createRecipients } from './recipients.ts'
import { type AnsweredItem, type SendDeps, sendItems } from './send-items.ts'
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
  /** Where an item stands and what it went through; asked only of items that are not simply delivered. */
  historyOf(index: number): History
  /** Called once, when every item has its outcome; the recipients are held until it resolves. */
  settle(items: readonly SettledItem[], requests: number): Promise<void>
}

export interface History {
  readonly place: Place
  readonly attempts: number
  readonly firstAt: number
}

export interface Sending {
  /** Resolves when the work has started, not when it is done; false when it has not, because of a halt. */
  start(work: Work): Promise<boolean>
  /** Resolves when all that was started is settled; throws what went wrong in it. */
  drained(): Promise<void>
  /** The same, whatever went wrong: for a pass that fails anyway and lets what is in flight come home. */
  quiet(): Promise<void>
  halt(): Halt | null
}

/** Requests in flight, or answered and not yet committed: what a crash can repeat (W of the protocol). */
const mostUnsettled = 128
const settledAsDelivered: SettledItem = { outcome: delivered }
/** So many requests in a row without a success: the vendor is down, not an item bad. */
const failuresToHalt = 8

export function createSending(deps: Omit<SendDeps, 'onRequest'> & { isStopped(): boolean }): Sending {
  const concurrency = createConcurrency()
  const recipients = createRecipients()
  const underWay = new Set<Promise<void>>()
  let failures = 0
  let halted: Halt | null = null
  let broken: { readonly error: unknown } | null = null
  const schedule = { delaysMs: deps.lane.action.retryDelaysMs, forMs: deps.lane.action.retryForMs }
  const limits = deps.lane.actionDefinition.limits(deps.lane.settings)
  const catalogue = deps.lane.connectorDefinition.errorCatalogue

  const halt = (): Halt | null => {
    // Once turned back always turned back: a resume must not make a pass that left work out look complete.
    if (deps.isStopped()) halted = { kind: 'stopped' }
    return halted
  }

  async function run(work: Work, sendable: readonly SendableItem[], held: readonly string[]): Promise<void> {
    let requests = 0
    try {
      let answered: readonly AnsweredItem[] = []
      if (sendable.length > 0) {
        let latencyMs = 0
        const onRequest = (request: { readonly latencyMs: number }) => {
          requests += 1
          latencyMs = request.latencyMs
        }
        let isHealthy = false
        try {
          answered = await send({ ...deps, onRequest }, sendable, work.isUncut)
          isHealthy = observe(answered)
        } finally {
          concurrency.release({ isHealthy, latencyMs })
        }
      }
      await work.settle(settle(work, answered), requests)
    } catch (error) {
      broken ??= { error }
    } finally {
      recipients.release(held)
    }
  }

  async function send(
    sendDeps: SendDeps,
    sendable: readonly SendableItem[],
    isUncut: boolean,
  ): Promise<readonly AnsweredItem[]> {
    if (!isUncut) return sendItems(sendDeps, sendable)
    const answered: AnsweredItem[] = []
    for (const group of cut(sendable, limits)) answered.push(...(await sendItems(sendDeps, group)))
    return answered
  }

  /** Answers come in the order of the items that could be sent. */
  function settle({ historyOf, items }: Work, answered: readonly AnsweredItem[]): readonly SettledItem[] {
    let next = 0
    return items.map((item, index): SettledItem => {
      if (item.kind === 'rejected') {
        const { place } = historyOf(index)
        return { place, recipient: null, outcome: { kind: 'dead', outcome: 'rejected', ...item.fault } }
      }
      const parts = answered[next++]?.parts ?? []
      if (isDelivered(parts)) return settledAsDelivered
      const { attempts, firstAt, place } = historyOf(index)
      const outcome = outcomeOf(parts, { attempts, firstAt, now: deps.now(), schedule, catalogue })
      if (outcome.kind === 'counted') return { outcome }
      noteDue(outcome)
      return { place, recipient: item.recipient, outcome }
    })
  }

  /** Learns from the answers whether the vendor works; returns whether it does. */
  function observe(answered: readonly AnsweredItem[]): boolean {
    let parts = 0
    let failed = 0
    let isThrottled = false
    for (const answer of answered) {
      for (const { verdict } of answer.parts) {
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
  function noteDue(outcome: DeadLetter | Waiting): void {
    if (halted?.kind === 'later' && outcome.kind === 'waiting') {
      halted = { kind: 'later', at: Math.min(halted.at, outcome.dueAt) }
    }
  }

  return {
    halt,
    async start(work) {
      if (halt() !== null) return false
      while (underWay.size >= mostUnsettled) await Promise.race(underWay)
      const sendable = work.items.filter((item) => item.kind === 'sendable')
      const held = sendable.map(({ recipient }) => recipient)
      await recipients.hold(held)
      if (held.length > 0) await concurrency.acquire()
      // Much may have happened while it waited.
      if (broken !== null) throw broken.error
      if (halt() !== null) return false
      const running = run(work, sendable, held)
      underWay.add(running)
      void running.finally(() => underWay.delete(running))
      return true
    },
    async drained() {
      await Promise.all(underWay)
      if (broken !== null) throw broken.error
    },
    async quiet() {
      await Promise.all(underWay)
    },
  }
}
