/** The sending half of a pass: bounded concurrency, order within a recipient, and when to stop for now. */
import { cut } from '../planning/cut.ts'
import { keptCode } from '../sending/codes.ts'
import { createConcurrency } from '../sending/concurrency.ts'
import type { Item } from './item.ts'
import type { Outcome, Place } from './outcome.ts'
import { outcomeOf } from './outcome-of.ts'
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

/** A piece of work: items of one plan, in order, and how often they were tried. */
export interface Work {
  readonly items: readonly PlacedItem[]
  /** Called once, when every item has its outcome; the recipients are held until it resolves. */
  settle(items: readonly SettledItem[], requests: number): Promise<void>
}

export interface PlacedItem {
  readonly item: Item
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

  async function run({ items, settle }: Work, held: readonly string[]): Promise<void> {
    let requests = 0
    try {
      const sendable = items.flatMap(({ item }) => (item.kind === 'sendable' ? [item] : []))
      let answered: readonly AnsweredItem[] = []
      if (sendable.length > 0) {
        let latencyMs = 0
        const onRequest = (request: { readonly latencyMs: number }) => {
          requests += 1
          latencyMs = request.latencyMs
        }
        let isHealthy = false
        try {
          // Work that was stored earlier may have grown, or be several slices: one plan could not take it.
          for (const group of cut(sendable, limits)) {
            answered = [...answered, ...(await sendItems({ ...deps, onRequest }, group))]
          }
          isHealthy = observe(answered)
        } finally {
          concurrency.release({ isHealthy, latencyMs })
        }
      }
      const byItem = new Map(answered.map((each) => [each.item, each]))
      await settle(
        items.map((placed) => settled(placed, byItem)),
        requests,
      )
    } catch (error) {
      broken ??= { error }
    } finally {
      recipients.release(held)
    }
  }

  function settled(
    { item, place, attempts, firstAt }: PlacedItem,
    byItem: ReadonlyMap<Item, AnsweredItem>,
  ): SettledItem {
    if (item.kind === 'rejected') {
      return { place, recipient: null, outcome: { kind: 'dead', outcome: 'rejected', ...item.fault } }
    }
    const parts = byItem.get(item)?.parts ?? []
    const outcome = outcomeOf(parts, { attempts, firstAt, now: deps.now(), schedule, catalogue })
    noteDue(outcome)
    return { place, recipient: item.recipient, outcome }
  }

  /** Learns from the answers whether the vendor works; returns whether it does. */
  function observe(answered: readonly AnsweredItem[]): boolean {
    const verdicts = answered.flatMap(({ parts }) => parts.map(({ verdict }) => verdict))
    const setup = verdicts.find((verdict) => verdict.kind === 'setup')
    if (setup?.kind === 'setup') halted = { kind: 'setup', code: keptCode(setup.code, catalogue) }
    if (verdicts.length === 0) return true
    const isFailed = verdicts.every(
      ({ kind }) => kind === 'retry' || kind === 'unknown' || kind === 'throttled',
    )
    const isThrottled = verdicts.some(({ kind }) => kind === 'throttled')
    failures = isFailed ? failures + 1 : 0
    if (halted === null && (isThrottled || failures >= failuresToHalt)) {
      halted = { kind: 'later', at: Number.POSITIVE_INFINITY }
    }
    return !isFailed && !isThrottled
  }

  /** A halted pass goes on when its first waiting item is due. */
  function noteDue(outcome: Outcome): void {
    if (halted?.kind === 'later' && outcome.kind === 'waiting') {
      halted = { kind: 'later', at: Math.min(halted.at, outcome.dueAt) }
    }
  }

  return {
    halt,
    async start(work) {
      if (halt() !== null) return false
      while (underWay.size >= mostUnsettled) await Promise.race(underWay)
      const held = work.items.flatMap(({ item }) => (item.kind === 'sendable' ? [item.recipient] : []))
      await recipients.hold(held)
      if (held.length > 0) await concurrency.acquire()
      // Much may have happened while it waited.
      if (broken !== null) throw broken.error
      if (halt() !== null) return false
      const running = run(work, held)
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
