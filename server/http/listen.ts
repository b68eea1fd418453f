/** Puts the application on a port: GraphQL, WebSocket and a health check. */
import type { AddressInfo } from 'node:net'
import Fastify from 'fastify'
import type { App } from '../app.ts'
import { exportRoutes } from './export-routes.ts'
import { signInRoutes } from './sign-in-routes.ts'

export interface ListenOptions {
  readonly app: App
  readonly host: string
  /** 0: any free port. */
  readonly port: number
  /** Addresses and ranges of proxies, whose X-Forwarded-For is believed. */
  readonly trustedProxies?: readonly string[]
}

export interface Listening {
  readonly port: number
  /** Where a browser of this machine, or of the network, finds it. */
  readonly url: string
  /** Takes nothing new and ends what is open. */
  close(): Promise<void>
}

/** How long a client may take to send a request. */
const requestTimeoutMs = 30_000
const headersTimeoutMs = 20_000

/** The address cannot be listened on. */
export class ListenError extends Error {
  override readonly name = 'ListenError'
  readonly code = 'cannot_listen'
  constructor(host: string, port: number, reason: string) {
    super(
      `The API cannot listen on ${host}, port ${port} (${reason}). Give another PORT or HOST, or leave PORT out for a free one.`,
    )
  }
}

const reasons: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another program does',
  EADDRNOTAVAIL: 'this machine does not have that address',
  EACCES: 'this user may not',
  ENOTFOUND: 'nobody knows that name',
}

export async function listen({ app, host, port, trustedProxies = [] }: ListenOptions): Promise<Listening> {
  const fastify = Fastify({
    logger: false,
    // Without it an open stream of events would hold `close` up for ever.
    forceCloseConnections: true,
    requestTimeout: requestTimeoutMs,
    http: { headersTimeout: headersTimeoutMs },
    trustProxy: trustedProxies.length === 0 ? false : [...trustedProxies],
  })
  // Bodies are read, and limited, by the application.
  fastify.removeAllContentTypeParsers()
  fastify.addContentTypeParser('*', (_request, _payload, done) => done(null))

  fastify.get('/health', async () => ({ status: 'ok' }))
  fastify.get('/', async (_request, reply) => reply.redirect('/graphql'))
  fastify.all('/graphql', async (request, reply) => {
    reply.hijack()
    await app.handle(request.raw, reply.raw)
  })
  fastify.register(signInRoutes(app))
  fastify.register(exportRoutes(app))
  fastify.setNotFoundHandler(async (_request, reply) =>
    reply.code(404).send({
      errors: [
        { message: 'There is nothing here. The API is at /graphql.', extensions: { code: 'no_such_path' } },
      ],
    }),
  )
  app.attachWebSocket(fastify.server)

  await fastify.listen({ host, port }).catch((error: NodeJS.ErrnoException) => {
    const reason = reasons[error.code ?? '']
    throw reason === undefined ? error : new ListenError(host, port, reason)
  })
  const address = addressOf(fastify.server.address())
  return {
    port: address.port,
    url: `http://${urlHost(host)}:${address.port}`,
    close: async () => {
      await app.close()
      await fastify.close()
    },
  }
}

function addressOf(address: AddressInfo | string | null): AddressInfo {
  if (address === null || typeof address === 'string') throw new Error('The server listens on no port')
  return address
}

/** A wildcard is no address to open. */
function urlHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return 'localhost'
  return host.includes(':') ? `[${host}]` : host
}
