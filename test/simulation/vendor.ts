/** A vendor that fails in every way, and notices what must never reach it. */
import { z } from '@sluice/connector-sdk'
import type { HttpRequest, HttpResult, Transport } from '../../engine/sending/transport.ts'
import type { MemoryDelivery } from '../harness/memory-lane.ts'
import { deduplicationHeader } from '../harness/test-connector.ts'
import type { Process } from './process.ts'
import { compareVersions, type RowVersion, rowIdOf, type Table, versionOf } from './table.ts'
import type { World } from './world.ts'

export interface Vendor {
  /** The vendor as a pass of a delivery sees it. */
  transportOf(process: Process, delivery: MemoryDelivery): Transport
  /** What is there of a recipient. */
  profile(user: string): RowVersion | undefined
  /** Whether the event of a row's version was counted. */
  hasEvent(version: number): boolean
  /** How many events of a delivery were counted. */
  eventsOf(delivery: number): number
  /** When a row of a delivery came here first and last, taken or not. */
  sentAt(delivery: number, id: number): Sent | undefined
  /** Says that the outcomes of so many requests of a process are committed. */
  settled(process: Process, requests: number): void
  requests(): number
}

/** W of the protocol: what a crash may repeat. */
const mostUnsettled = 128

interface Sent {
  readonly first: number
  readonly last: number
}

interface SentItem {
  readonly user: string
  readonly value: string
  readonly key: string
}

interface Arrival {
  readonly process: Process
  readonly delivery: MemoryDelivery
  readonly isEvents: boolean
  readonly items: readonly SentItem[]
  readonly words: readonly Word[]
  /** By which an identical request is known. */
  readonly key: string | null
}

/** What can become of a request, each in its turn. */
const fates = [
  'throttle',
  'unavailable',
  'setup',
  'notSent',
  'lostAndHangs',
  'appliedAndHangs',
  'appliedLate',
  'reset',
] as const
const statuses = { poison: 400, throttle: 429, unavailable: 503, setup: 401 } as const

type Word = 'ok' | 'busy' | 'bad'

const bodySchema = z.object({
  items: z.array(z.object({ user: z.string(), value: z.string(), key: z.string() })),
})

export function createVendor(world: World, table: Table): Vendor {
  const { after, plot, random, fails, tell, violate } = world
  const isByKey = plot.actionType === 'add-event-by-key'
  const applyWithinMs = plot.applyWithinMs ?? plot.requestTimeoutMs + 5_000
  const profiles = new Map<string, RowVersion>()
  /** How often the event of a row in a delivery was counted. */
  const events = new Map<string, number>()
  const eventsOf = new Map<number, number>()
  const sentAt = new Map<string, Sent>()
  const versionsSeen = new Set<number>()
  const keysSeen = new Set<string>()
  const answers = new Map<string, readonly Word[]>()
  const poisoned = new Set<number>()
  const judged = new Set<number>()
  const unsettled = new Map<Process, number>()
  let requests = 0

  function apply(arrival: Arrival, how: string): readonly Word[] {
    const { items, key, words } = arrival
    const before = key === null ? undefined : answers.get(key)
    if (before !== undefined) return before
    if (key !== null && words.includes('ok')) answers.set(key, words)
    for (const [index, item] of items.entries()) if (words[index] === 'ok') take(arrival, item, how)
    return words
  }

  function take({ delivery, isEvents, process }: Arrival, { key, user, value }: SentItem, how: string): void {
    const version = table.versions.get(versionOf(value))
    if (version === undefined) {
      violate('contract', 'A value arrives that never was.')
      return
    }
    tell(() => `vendor: ${user} ${value} of ${process.name} ${how}`)
    versionsSeen.add(version.version)
    if (!isEvents) {
      set(user, version, how)
      return
    }
    if (isByKey && keysSeen.has(key)) return
    keysSeen.add(key)
    const event = `${delivery.sequence} ${version.id}`
    events.set(event, (events.get(event) ?? 0) + 1)
    eventsOf.set(delivery.sequence, (eventsOf.get(delivery.sequence) ?? 0) + 1)
    if (events.get(event) !== 1) violate('I4', `an event counts twice, ${how}`)
  }

  function set(user: string, version: RowVersion, how: string): void {
    const before = profiles.get(user)
    if (before !== undefined && compareVersions(before, version) > 0) {
      const whose = before.id === version.id ? 'the same row' : 'another row'
      violate('I2', `an older value after a newer one of ${whose}, ${how}`)
    }
    profiles.set(user, version)
  }

  /** Some rows are bad for good, in whatever request they stand. */
  function isPoisoned(version: number): boolean {
    if (!judged.has(version)) {
      judged.add(version)
      if (fails('poison')) poisoned.add(version)
    }
    return poisoned.has(version)
  }

  function receive(request: HttpRequest, process: Process, delivery: MemoryDelivery): Promise<HttpResult> {
    requests += 1
    const open = (unsettled.get(process) ?? 0) + 1
    unsettled.set(process, open)
    if (plot.isWide && open > mostUnsettled) violate('I4', 'too many requests at once could be repeated')
    const { items } = bodySchema.parse(JSON.parse(request.body ?? ''))
    if (items.length > plot.requestItems) violate('contract', 'More items than the limits allow.')
    for (const { value } of items) {
      const row = `${delivery.sequence} ${rowIdOf(value)}`
      sentAt.set(row, { first: sentAt.get(row)?.first ?? world.now(), last: world.now() })
    }
    const words = items.map((): Word => (fails('badItem') ? 'bad' : fails('busyItem') ? 'busy' : 'ok'))
    const isEvents = request.url.endsWith('/events')
    const key = request.headers[deduplicationHeader] ?? null
    const arrival: Arrival = { process, delivery, isEvents, items, words, key }
    tell(() => `${process.name} sends ${items.map(({ user, value }) => `${user}=${value}`).join(' ')}`)
    return new Promise((resolve) => {
      answer(arrival, request, (ms, result) => process.reach(ms, () => resolve(result)))
    })
  }

  function answer(
    arrival: Arrival,
    { timeoutMs }: HttpRequest,
    reply: (ms: number, result: HttpResult) => void,
  ): void {
    const quick = () => random.between(5, 400)
    const applyIn = (ms: number, how: string) => after(ms, () => apply(arrival, how))
    const hang = () => reply(timeoutMs, { kind: 'no-answer', code: 'timed_out' })
    const isPoison = arrival.items.some(({ value }) => isPoisoned(versionOf(value)))
    const fate = isPoison ? 'poison' : fates.find(fails)
    switch (fate) {
      case 'poison':
      case 'throttle':
      case 'unavailable':
      case 'setup': {
        const hint = fate === 'throttle' && random.chance(0.5) ? { 'retry-after': '3' } : {}
        reply(quick(), { kind: 'answer', status: statuses[fate], headers: hint, text: '' })
        break
      }
      case 'notSent':
        reply(quick(), { kind: 'not-sent', code: 'connection_failed' })
        break
      case 'lostAndHangs':
        hang()
        break
      case 'appliedAndHangs':
        applyIn(random.below(timeoutMs), 'without an answer')
        hang()
        break
      case 'appliedLate':
        applyIn(random.between(timeoutMs, applyWithinMs - 1), 'late')
        hang()
        break
      case 'reset': {
        const ms = quick()
        applyIn(random.below(random.chance(0.7) ? ms : applyWithinMs), 'with a reset')
        reply(ms, { kind: 'no-answer', code: 'connection_lost' })
        break
      }
      case undefined: {
        const there = fails('slowRead') ? random.below(timeoutMs - 500) : quick() >> 1
        after(there, () => {
          const text = JSON.stringify({ results: apply(arrival, 'with an answer') })
          reply(random.chance(0.5) ? 0 : quick() >> 1, { kind: 'answer', status: 200, headers: {}, text })
        })
      }
    }
  }

  return {
    transportOf: (process, delivery) => (request) => receive(request, process, delivery),
    profile: (user) => profiles.get(user),
    eventsOf: (delivery) => eventsOf.get(delivery) ?? 0,
    sentAt: (delivery, id) => sentAt.get(`${delivery} ${id}`),
    hasEvent: (version) => versionsSeen.has(version),
    settled(process, count) {
      unsettled.set(process, (unsettled.get(process) ?? 0) - count)
    },
    requests: () => requests,
  }
}
