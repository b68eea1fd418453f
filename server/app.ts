/** The application: GraphQL over HTTP, SSE and WebSocket, without a port of its own. */
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { createYoga } from 'graphql-yoga'
import type { PrismaClient } from '../prisma/generated/client/client.ts'
import type { BrowserSession } from './access/browser-session.ts'
import { createIdentify } from './access/identify.ts'
import type { Access } from './access/rules.ts'
import { findAccess } from './access/service.ts'
import type { Context, Deps } from './context.ts'
import { createLimits, maxRequestBytes } from './graphql/limits.ts'
import { createErrorMask } from './graphql/mask-error.ts'
import { schema } from './graphql/schema.ts'
import { createGate } from './http/gate.ts'
import { createWebSockets } from './http/websockets.ts'

export interface AppOptions {
  readonly db: PrismaClient
  readonly deps: Deps
  /** Given where the server listens on loopback only: serves GraphiQL and signs it in. */
  readonly session?: BrowserSession
}

export interface App {
  fetch(request: Request): Promise<Response>
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>
  attachWebSocket(server: Server): void
  /** Ends the WebSockets. */
  close(): Promise<void>
}

export function createApp({ db, deps, session }: AppOptions): App {
  const identify = createIdentify({ findAccess: (token) => findAccess(db, token), session })
  const admitted = new WeakMap<Request, Access>()

  const contextFor = (access: Access | undefined): Context => {
    // The gate lets nobody through without: this would be a fault of ours, not an open door.
    if (access === undefined) throw new Error('A request reached GraphQL without passing the gate')
    return { db, access, deps }
  }

  const maskError = createErrorMask({ log: deps.log })
  const yoga = createYoga<{ readonly access?: Access }>({
    schema,
    graphqlEndpoint: '/graphql',
    context: ({ request, access }) => contextFor(access ?? admitted.get(request)),
    plugins: [
      createGate({
        identify,
        session,
        log: deps.log,
        admit: (request, access) => {
          admitted.set(request, access)
        },
      }),
      createLimits(),
    ],
    maskedErrors: { maskError },
    maxRequestBodySize: maxRequestBytes,
    logging: false,
    graphiql: false,
    landingPage: false,
    multipart: false,
    cors: false,
    batching: false,
  })

  const webSockets = createWebSockets({ identify, getEnveloped: yoga.getEnveloped, maskError, log: deps.log })

  return {
    fetch: async (request) => yoga.fetch(request, {}),
    handle: async (request, response) => {
      await yoga.handle(request, response)
    },
    attachWebSocket: webSockets.attach,
    close: webSockets.close,
  }
}
