/** GraphQL over WebSocket (graphql-ws), behind the same gate as HTTP. */
import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import type { ExecutionArgs, GraphQLError } from 'graphql'
import { useServer } from 'graphql-ws/use/ws'
import type { YogaServerInstance } from 'graphql-yoga'
import { WebSocketServer } from 'ws'
import type { Identify } from '../access/identify.ts'
import type { Access, Refusal } from '../access/rules.ts'
import type { WatchRights } from '../access/watch-rights.ts'
import { maxRequestBytes } from '../graphql/limits.ts'
import { documentOf, type PersistedOperations } from '../graphql/persisted-operations.ts'
import type { Logger } from '../logger.ts'
import { marksOfMessage } from './request-marks.ts'

interface Deps {
  readonly identify: Identify
  readonly watchRights: WatchRights
  readonly getEnveloped: YogaServerInstance<{ readonly access?: Access }, object>['getEnveloped']
  /** What of an error may be told. */
  maskError(error: unknown): GraphQLError
  readonly operations: PersistedOperations | undefined
  readonly log: Logger
}

export interface WebSockets {
  attach(server: Server): void
  close(): Promise<void>
}

/** What the functions of one operation's engine are called with. */
interface EnvelopedArgs extends ExecutionArgs {
  readonly engine: ReturnType<Deps['getEnveloped']>
}

/** A client that sends nothing is let go after this long. */
const initWaitMs = 5_000
/** Of graphql-ws: the server could not do what was asked. */
const internalError = 4500

export function createWebSockets(deps: Deps): WebSockets {
  const { identify, watchRights, getEnveloped, maskError, operations, log } = deps
  const sockets = new WebSocketServer({ noServer: true, maxPayload: maxRequestBytes })
  const accessOf = new WeakMap<object, Access>()

  const protocol = useServer(
    {
      connectionInitWaitTimeout: initWaitMs,
      // The client sees an id instead of an error that was not expected.
      isProd: true,
      onConnect: async ({ connectionParams, extra: { request, socket } }) => {
        try {
          const marks = marksOfMessage(request, connectionParams?.['authorization'])
          const identity = await identify(marks)
          const refuse = (refusal: Refusal) => socket.close(closeCodeOf(refusal), reasonOf(refusal))
          // One that has gone meanwhile would never be seen to close.
          if (socket.readyState !== socket.OPEN) return false
          if (identity.isKnown) {
            accessOf.set(socket, identity.access)
            socket.once('close', watchRights({ marks, access: identity.access }, refuse))
            return true
          }
          refuse(identity.refusal)
        } catch (error) {
          log.error({ err: error }, 'A caller could not be identified')
          socket.close(internalError, 'unavailable: try again in a while.')
        }
        return false
      },
      onSubscribe: async ({ extra }, _id, { query, operationName, variables, extensions }) => {
        try {
          const access = accessOf.get(extra.socket)
          if (access === undefined)
            throw new Error('An operation came before its connection was acknowledged')
          const engine = getEnveloped({ access })
          const { schema } = engine
          const document = engine.parse(documentOf(operations, { query, extensions }))
          const errors = engine.validate(schema, document)
          if (errors.length > 0) return errors
          const contextValue = await engine.contextFactory()
          return { schema, document, operationName, variableValues: variables, contextValue, engine }
        } catch (error) {
          return [maskError(error)]
        }
      },
      execute: (args) => (args as EnvelopedArgs).engine.execute(args),
      subscribe: (args) => (args as EnvelopedArgs).engine.subscribe(args),
    },
    sockets,
  )

  const upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', (error) => log.debug({ err: error }, 'A WebSocket broke off'))
    const [path] = (request.url ?? '').split('?')
    if (path === '/graphql') {
      sockets.handleUpgrade(request, socket, head, (ws) => sockets.emit('connection', ws, request))
    } else {
      socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n')
    }
  }

  return {
    attach: (server) => {
      server.on('upgrade', upgrade)
    },
    close: async () => {
      await protocol.dispose()
    },
  }
}

function closeCodeOf({ status }: Refusal): number {
  return status === 401 ? 4401 : 4403
}

/** A close frame holds 123 bytes. */
function reasonOf({ code }: Refusal): string {
  return `${code}: send { "authorization": "Bearer <token>" } when connecting.`
}
