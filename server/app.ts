/** The application: GraphQL over HTTP, SSE and WebSocket, without a port of its own. */
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { initContextCache } from '@pothos/core'
import { createYoga } from 'graphql-yoga'
import type { PrismaClient } from '../prisma/generated/client/client.ts'
import type { BrowserSession } from './access/browser-session.ts'
import { createIdentify } from './access/identify.ts'
import type { Access } from './access/rules.ts'
import { accessOfUser, findAccess } from './access/service.ts'
import { type Admission, createRightsWatch } from './access/watch-rights.ts'
import { maxConfigurationBytes } from './configuration/size.ts'
import type { Context, Deps } from './context.ts'
import type { OpenExport } from './exports/service.ts'
import { createLimits } from './graphql/limits.ts'
import { createErrorMask } from './graphql/mask-error.ts'
import { createPersistedOperations, type PersistedOperations } from './graphql/persisted-operations.ts'
import { createRequestSize } from './graphql/request-size.ts'
import { schema } from './graphql/schema.ts'
import { answerExport, type ExportQuestion } from './http/answer-export.ts'
import { createGate } from './http/gate.ts'
import { createStreamRights } from './http/stream-rights.ts'
import { createWebSockets } from './http/websockets.ts'
import { problem } from './sign-in/answer.ts'
import { signInErrors } from './sign-in/rules.ts'
import type { SignIn } from './sign-in/sign-in.ts'
import { withoutDeleted } from './workspaces/deleted-workspaces.ts'

export interface AppOptions {
  readonly db: PrismaClient
  readonly deps: Deps
  /** Given where the server listens on loopback only: serves GraphiQL and signs it in. */
  readonly session?: BrowserSession
  /** Absent where browsers could not be told a safe address: then there are tokens only. */
  readonly signIn?: SignIn
  /** Documents that clients name by a hash; without them every document is sent in full. */
  readonly operations?: PersistedOperations
  /** How often the rights of what stays open are looked up again. */
  readonly recheckMs?: number
}

export interface App {
  fetch(request: Request): Promise<Response>
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>
  /** Answers who asks for a file. */
  answerExport(question: ExportQuestion): Promise<Response | OpenExport>
  /** Answers a request to a path below /auth. */
  signIn(request: Request, clientAddress: string): Promise<Response>
  attachWebSocket(server: Server): void
  /** Ends the WebSockets. */
  close(): Promise<void>
}

const defaultRecheckMs = 60_000

export function createApp(options: AppOptions): App {
  const { db, deps, operations, session, signIn, recheckMs = defaultRecheckMs } = options
  const identify = createIdentify({
    findAccess: (token) => findAccess(db, token, deps.clock()),
    accessOfUser: (user) => accessOfUser(db, user),
    userSessions: signIn,
    session,
  })
  const watchRights = createRightsWatch({ identify, log: deps.log, everyMs: recheckMs })
  const admitted = new WeakMap<Request, Admission>()

  const contextFor = async (access: Access | undefined): Promise<Context> => {
    // The gate lets nobody through without: this would be a fault of ours, not an open door.
    if (access === undefined) throw new Error('A request reached GraphQL without passing the gate')
    return { ...initContextCache(), db, access: await withoutDeleted(db, access), deps }
  }

  const maskError = createErrorMask({ log: deps.log })
  const yoga = createYoga<{ readonly access?: Access }>({
    schema,
    graphqlEndpoint: '/graphql',
    context: ({ request, access }) => contextFor(access ?? admitted.get(request)?.access),
    plugins: [
      createGate({
        identify,
        session,
        log: deps.log,
        admit: (request, admission) => {
          admitted.set(request, admission)
        },
      }),
      createLimits(),
      ...(operations === undefined ? [] : [createPersistedOperations(operations)]),
      createRequestSize(),
      createStreamRights({ admissionOf: (request) => admitted.get(request), watchRights }),
    ],
    maskedErrors: { maskError },
    maxRequestBodySize: maxConfigurationBytes,
    logging: false,
    graphiql: false,
    landingPage: false,
    multipart: false,
    cors: false,
    batching: false,
  })

  const webSockets = createWebSockets({
    identify,
    watchRights,
    getEnveloped: yoga.getEnveloped,
    maskError,
    operations,
    log: deps.log,
  })

  return {
    fetch: async (request) => yoga.fetch(request, {}),
    handle: async (request, response) => {
      await yoga.handle(request, response)
    },
    answerExport: (question) => answerExport({ identify, log: deps.log, contextFor, maskError }, question),
    signIn: async (request, clientAddress) =>
      signIn?.answer(request, clientAddress) ?? problem(503, signInErrors.unavailable),
    attachWebSocket: webSockets.attach,
    close: webSockets.close,
  }
}
