/** A vendor at the transport's port: keeps what it took, answers by a script, and notices forbidden overlaps. */
import { setImmediate } from 'node:timers/promises'
import { z } from '@sluice/connector-sdk'
import type { HttpRequest, HttpResult, Transport } from '../../engine/sending/transport.ts'
import { mostItems } from './test-connector.ts'

/** An item as the test connector sends it; its key is its delivery and the position of its row. */
export interface SentItem {
  readonly user: string
  readonly value: string
  readonly key: string
}

/** How the vendor takes one request. */
export type Reply =
  /** Takes each item, or answers with another word for some. */
  | { readonly kind: 'results'; readonly word?: (item: SentItem) => string }
  | { readonly kind: 'status'; readonly status: number; readonly headers?: Readonly<Record<string, string>> }
  /** No answer comes; what was sent is taken or not. */
  | { readonly kind: 'hang'; readonly isTaken: boolean }
  | { readonly kind: 'not-sent' }
  | { readonly kind: 'not-allowed' }

export interface ScriptedVendor {
  readonly transport: Transport
  /** The last value of each user. */
  readonly users: ReadonlyMap<string, string>
  /** Keys of appended events, in order. */
  readonly events: readonly string[]
  /** What each request carried, in order of arrival. */
  readonly requests: readonly (readonly SentItem[])[]
  /** The most requests that were under way at once. */
  mostInFlight(): number
}

interface Options {
  /** Called when a request arrives: decides its fate, and may fail the test or kill the process. */
  readonly reply: (items: readonly SentItem[], request: HttpRequest) => Reply | Promise<Reply>
  /** How many turns of the event loop an answer takes. */
  readonly turns?: () => number
  /** Where two passes are in flight, two requests of a recipient can be. */
  readonly mayOverlap?: boolean
}

export class OverlapError extends Error {
  override readonly name = 'OverlapError'
}

const bodySchema = z.object({
  items: z.array(z.object({ user: z.string(), value: z.string(), key: z.string() })),
})

export function createScriptedVendor({
  reply,
  turns = () => 1,
  mayOverlap = false,
}: Options): ScriptedVendor {
  const users = new Map<string, string>()
  const events: string[] = []
  const requests: SentItem[][] = []
  const underWay = new Set<string>()
  let inFlight = 0
  let mostInFlight = 0

  function take(request: HttpRequest, item: SentItem): void {
    if (new URL(request.url).pathname === '/events') events.push(item.key)
    else users.set(item.user, item.value)
  }

  async function answer(request: HttpRequest, items: readonly SentItem[]): Promise<HttpResult> {
    const how = await reply(items, request)
    for (let turn = turns(); turn > 0; turn -= 1) await setImmediate()
    switch (how.kind) {
      case 'results': {
        const results = items.map((item) => how.word?.(item) ?? 'ok')
        for (const [index, item] of items.entries()) {
          if (results[index] === 'ok' || results[index] === 'warned') take(request, item)
        }
        return { kind: 'answer', status: 200, headers: {}, text: JSON.stringify({ results }) }
      }
      case 'status':
        return { kind: 'answer', status: how.status, headers: how.headers ?? {}, text: '' }
      case 'hang':
        if (how.isTaken) for (const item of items) take(request, item)
        return { kind: 'no-answer', code: 'timed_out' }
      case 'not-sent':
        return { kind: 'not-sent', code: 'connection_failed' }
      case 'not-allowed':
        return { kind: 'not-allowed', code: 'private_address' }
    }
  }

  return {
    users,
    events,
    requests,
    mostInFlight: () => mostInFlight,
    async transport(request) {
      const { items } = bodySchema.parse(JSON.parse(request.body ?? ''))
      requests.push(items)
      if (items.length > mostItems) throw new Error('More items than the limits allow.')
      for (const { user } of items) {
        if (underWay.has(user) && !mayOverlap)
          throw new OverlapError(`Two requests for ${user} are under way.`)
      }
      for (const { user } of items) underWay.add(user)
      inFlight += 1
      mostInFlight = Math.max(mostInFlight, inFlight)
      try {
        return await answer(request, items)
      } finally {
        inFlight -= 1
        for (const { user } of items) underWay.delete(user)
      }
    },
  }
}

/** Gives the replies in turn, then takes everything. */
export function inTurn(...replies: readonly Reply[]): () => Reply {
  let next = 0
  return () => replies[next++] ?? { kind: 'results' }
}

/** Takes all items of a request but one. */
export function failing(user: string, word: string): Reply {
  return { kind: 'results', word: (item) => (item.user === user ? word : 'ok') }
}
