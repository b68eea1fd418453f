/** Watches a subscription as a client does: over WebSocket or over server-sent events. */
import { setTimeout as sleep } from 'node:timers/promises'
import { createClient } from 'graphql-ws'
import { WebSocket } from 'ws'

export interface Watched<Value> {
  /** The next value; fails when the stream ends first. */
  next(): Promise<Value>
  stop(): Promise<void>
}

export interface Subscription {
  /** Of the server. */
  readonly url: string
  readonly token: string
  /** Of a session, instead of the token (server-sent events only). */
  readonly cookie?: string
  readonly query: string
  readonly variables?: Record<string, unknown>
  /** Comes back when the connection breaks, as a browser does (WebSocket only). Default: does not. */
  readonly reconnects?: boolean
}

const retryMs = 100

interface Result {
  // biome-ignore lint/suspicious/noExplicitAny: the shape is the document's
  readonly data?: any
  readonly errors?: readonly unknown[]
}

export function watchOverWebSocket<Value>(subscription: Subscription): Watched<Value> {
  const { url, token, query, variables = {}, reconnects = false } = subscription
  const client = createClient({
    url: `${url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: { authorization: `Bearer ${token}` },
    retryAttempts: reconnects ? Number.POSITIVE_INFINITY : 0,
    retryWait: () => sleep(retryMs),
    shouldRetry: () => true,
  })
  const results = client.iterate({ query, variables }) as AsyncIterableIterator<Result>
  return {
    next: async () => fieldOf(await results.next().catch(throwError)),
    async stop() {
      await results.return?.()
      await client.dispose()
    },
  }
}

export async function watchOverEvents<Value>(subscription: Subscription): Promise<Watched<Value>> {
  const { url, token, cookie, query, variables = {} } = subscription
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: {
      accept: 'text/event-stream',
      'content-type': 'application/json',
      ...(cookie === undefined ? { authorization: `Bearer ${token}` } : { cookie, origin: url }),
    },
    body: JSON.stringify({ query, variables }),
  })
  if (response.body === null) throw new Error(`No stream of events: ${response.status}`)
  const results = eventsOf(response.body)
  return {
    next: async () => fieldOf(await results.next()),
    async stop() {
      await results.return(undefined)
    },
  }
}

/** The next value that is as wanted; others may come before. */
export async function nextWhere<Value>(
  watched: Watched<Value>,
  isWanted: (value: Value) => boolean,
): Promise<Value> {
  for (;;) {
    const value = await watched.next()
    if (isWanted(value)) return value
  }
}

/** The payloads of the events named `next`. */
async function* eventsOf(body: ReadableStream<Uint8Array>): AsyncGenerator<Result, void, undefined> {
  const decoder = new TextDecoder()
  let text = ''
  for await (const chunk of body) {
    const events = `${text}${decoder.decode(chunk, { stream: true })}`.split('\n\n')
    text = events.pop() ?? ''
    for (const event of events) {
      const fields = new Map(event.split('\n').map((line) => splitAt(line, line.indexOf(':'))))
      if (fields.get('event') === 'next') yield JSON.parse(fields.get('data') ?? '')
    }
  }
}

function splitAt(line: string, index: number): [string, string] {
  return [line.slice(0, index), line.slice(index + 1).trim()]
}

/** A document that is refused comes as a list of errors. */
function throwError(error: unknown): never {
  throw Array.isArray(error) ? new Error(JSON.stringify(error)) : error
}

/** Documents of tests subscribe to one field. */
function fieldOf<Value>({ done, value }: IteratorResult<Result, unknown>): Value {
  if (done === true) throw new Error('The subscription ended')
  const { data, errors } = value as Result
  if (errors !== undefined) throw new Error(JSON.stringify(errors))
  return Object.values(data)[0] as Value
}
