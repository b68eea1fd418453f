/** Names that lead somewhere else the second time: what they resolve to is checked at each connection. */
import type { LookupAddress } from 'node:dns'
import { expect, it } from 'vitest'
import type { HttpResult } from '../../engine/sending/transport.ts'
import { useLocalServers } from '../../test/harness/local-server.ts'
import { createHttpTransport, type HttpTransport } from './http-transport.ts'

const { serve, closeAfterwards } = useLocalServers()

/** The one address that stands for a public one: everything else on this machine is private. */
const open = '127.0.0.1'

/** A name server that gives the answers in turn, the last one for ever. */
function resolving(...answers: readonly (readonly string[])[]): HttpTransport {
  let asked = 0
  const transport = createHttpTransport({
    allowPrivateHosts: [`${open}/32`],
    lookup(_, __, callback) {
      const addresses = answers[Math.min(asked, answers.length - 1)] ?? []
      asked += 1
      callback(null, addresses.map(addressOf))
    },
  })
  closeAfterwards(transport)
  return transport
}

function addressOf(address: string): LookupAddress {
  return { address, family: address.includes(':') ? 6 : 4 }
}

/** Answers each request on a connection of its own; `/` redirects to `/there`. */
async function vendor() {
  const seen: string[] = []
  const port = await serve((incoming, response) => {
    seen.push(incoming.url ?? '')
    const head = { connection: 'close', ...(incoming.url === '/' ? { location: '/there' } : {}) }
    response.writeHead(incoming.url === '/' ? 307 : 200, head).end()
  }, '::')
  const send = (transport: HttpTransport, path: string, redirects = 0): Promise<HttpResult> =>
    transport.send({
      ...{ method: 'POST', headers: {}, body: '{}', timeoutMs: 5_000, redirects },
      url: `http://hooks.example:${port}${path}`,
    })
  return { seen, send }
}

const refused: HttpResult = { kind: 'not-allowed', code: 'private_address' }

it.each(['127.0.0.2', '::1', '::ffff:127.0.0.2', '169.254.169.254', '::ffff:a9fe:a9fe', 'fe80::1'])(
  'a name that leads to %s the second time is not called a second time',
  async (inside) => {
    const { seen, send } = await vendor()
    const transport = resolving([open], [inside])
    expect(await send(transport, '/first')).toMatchObject({ kind: 'answer', status: 200 })
    expect(await send(transport, '/second')).toEqual(refused)
    expect(seen).toEqual(['/first'])
  },
)

it('a name that leads inside once it has redirected is not called again', async () => {
  const { seen, send } = await vendor()
  expect(await send(resolving([open], ['127.0.0.2']), '/', 5)).toEqual(refused)
  expect(seen).toEqual(['/'])
})

it('a name with one private address among others is not called at all', async () => {
  const { seen, send } = await vendor()
  expect(await send(resolving([open, '127.0.0.2']), '/first')).toEqual(refused)
  expect(seen).toEqual([])
})
