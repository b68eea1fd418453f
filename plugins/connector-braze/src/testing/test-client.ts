/** How the simulator's tests talk to it: over real HTTP, as Braze's users do. */
import type { BrazeSimulator } from './simulator.ts'

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly body: unknown
}

type SentHeaders = Readonly<Record<string, string>>

export interface Client {
  send(method: string, path: string, body: unknown, headers?: SentHeaders): Promise<Answer>
  post(path: string, body: unknown, headers?: SentHeaders): Promise<Answer>
  track(body: unknown): Promise<Answer>
}

export function createClient({ url, apiKey }: BrazeSimulator): Client {
  async function send(method: string, path: string, body: unknown, headers: SentHeaders = {}) {
    const response = await fetch(url + path, {
      method,
      headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    })
    const text = await response.text()
    return { status: response.status, headers: response.headers, body: parsed(text) }
  }
  const post: Client['post'] = (path, body, headers) => send('POST', path, body, headers)
  return { send, post, track: (body) => post('/users/track', body) }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
