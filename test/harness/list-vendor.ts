/** The vendor of the list connector, on loopback: it creates lists, takes members, and fails as told. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { LocalServers } from './local-server.ts'

/** What becomes of the next request for a list. */
export type Trouble =
  /** It is created, and the connection is cut before the answer. */
  | 'cut-after'
  /** Created is nothing; the answer says so, with other words than a program should keep. */
  | 'refused'
  /** The answer is 503. */
  | 'unavailable'
  /** It is created, and the answer does not say as what. */
  | 'unreadable'

export interface ListVendor {
  readonly url: string
  /** Ids of the lists, in the order of their creation. */
  readonly lists: string[]
  /** The keys with which lists were asked for. */
  readonly keys: string[]
  readonly members: { readonly list: string; readonly member: unknown }[]
  /** Consumed one a request for a list. */
  readonly troubles: Trouble[]
  /** Pages of lists that it says to have; 0: its answer holds none. */
  pages: number
  /** Answers every request for choices with this status. */
  status: number
}

export const refusal = 'ann@example.com has too many lists'

/** `isOnce`: whether it creates a list once by the key. */
export async function serveLists(servers: LocalServers, isOnce = false): Promise<ListVendor> {
  const byKey = new Map<string, string>()
  const port = await servers.serve((request, response) => {
    void answer(request, response)
  })
  const vendor: ListVendor = {
    url: `http://127.0.0.1:${port}`,
    lists: [],
    keys: [],
    members: [],
    troubles: [],
    pages: 1,
    status: 200,
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const { pathname, searchParams } = new URL(request.url ?? '/', vendor.url)
    const say = (status: number, body: unknown) => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    }
    if (request.method === 'GET')
      return say(vendor.status, vendor.status === 200 ? page(searchParams.get('after')) : {})
    if (pathname === '/lists') return create(String(request.headers['idempotency-key']), response, say)
    const { members } = JSON.parse(Buffer.concat(chunks).toString())
    for (const member of members) vendor.members.push({ list: pathname.split('/')[2] ?? '', member })
    return say(200, {})
  }

  function page(after: string | null) {
    if (vendor.pages === 0) return {}
    const number = Number(after ?? 0)
    const lists = [{ id: `p${number}` }]
    return number + 1 < vendor.pages ? { lists, more: String(number + 1) } : { lists }
  }

  function create(key: string, response: ServerResponse, say: (status: number, body: unknown) => void): void {
    vendor.keys.push(key)
    const trouble = vendor.troubles.shift()
    if (trouble === 'refused' || trouble === 'unavailable') {
      say(trouble === 'refused' ? 409 : 503, { message: refusal })
      return
    }
    const known = isOnce ? byKey.get(key) : undefined
    const id = known ?? `list-canary-${vendor.lists.length + 1}`
    if (known === undefined) vendor.lists.push(id)
    byKey.set(key, id)
    if (trouble === 'cut-after') response.destroy()
    else say(201, trouble === 'unreadable' ? {} : { id })
  }

  return vendor
}
