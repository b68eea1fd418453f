/** How the simulator's tests talk to it: over real HTTP, as Braze's users do. */
import type { BrazeSimulator } from './simulator.ts'

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly body: unknown
}

export interface Client {
  post(path: string, body: unknown, headers?: Readonly<Record<string, string>>): Promise<Answer>
  track(body: unknown): Promise<Answer>
}

export function createClient({ url, apiKey }: BrazeSimulator): Client {
  async function post(path: string, body: unknown, headers: Readonly<Record<string, string>> = {}) {
    const response = await fetch(url + path, {
      method: 'POST',
      headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    })
    const text = await response.text()
    return { status: response.status, headers: response.headers, body: parsed(text) }
  }
  return { post, track: (body) => post('/users/track', body) }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
