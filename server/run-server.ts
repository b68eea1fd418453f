/** Wires a server: GraphQL on PostgreSQL, Temporal and the installed plugins, on a port. */
import type { PrismaClient } from '../prisma/generated/client/client.ts'
import { createWorkflowStarter } from '../workflows/client.ts'
import { createBrowserSession } from './access/browser-session.ts'
import { isLoopback } from './access/loopback.ts'
import { createApp } from './app.ts'
import { createGrants } from './connectors/grants.ts'
import type { Deps } from './context.ts'
import { loadOperations } from './graphql/load-operations.ts'
import { schema } from './graphql/schema.ts'
import { listen } from './http/listen.ts'
import type { Logger } from './logger.ts'
import { createLiveProgress } from './metrics/live-progress.ts'
import type { Registry } from './registry/registry.ts'
import type { OidcSettings } from './sign-in/better-auth.ts'
import { publicAddress } from './sign-in/public-address.ts'
import { signInSecret } from './sign-in/secret.ts'
import { createSignIn } from './sign-in/sign-in.ts'
import { createConnectSource } from './sources/connect.ts'
import { createAuthorize } from './transport/authorize.ts'
import { createHttpTransport } from './transport/http-transport.ts'
import { createKeyring } from './workspaces/keys.ts'
import { createWorkspaceKeys } from './workspaces/workspace-keys.ts'

interface Options {
  readonly db: PrismaClient
  /** Of the same database: notices need a connection of their own. */
  readonly databaseUrl: string
  readonly temporal: { readonly address: string; readonly namespace: string }
  readonly masterKey: Uint8Array
  readonly registry: Registry
  /** Real paths of the folders that file sources may read. */
  readonly sourceDirs: readonly string[]
  readonly allowPrivateHosts: readonly string[]
  readonly host: string
  /** 0: any free port. */
  readonly port: number
  /** How browsers reach it; on loopback it may be left out. */
  readonly url?: string
  readonly oidc?: OidcSettings
  /** Proxies whose X-Forwarded-For is believed. */
  readonly trustedProxies?: readonly string[]
  /** A file of persisted operations. */
  readonly persistedOperations?: string
  readonly onlyPersistedOperations?: boolean
  readonly log: Logger
}

export interface RunningServer {
  readonly url: string
  /** Takes no new requests, ends streams and lets go of every connection. */
  close(): Promise<void>
}

export async function runServer(options: Options): Promise<RunningServer> {
  const { db, databaseUrl, host, log, masterKey, registry } = options
  const clock = () => new Date()
  const keyring = createKeyring({ masterKey })
  const workspaceKeys = createWorkspaceKeys({ db, keyring })
  const transport = createHttpTransport(options)
  const workflows = await createWorkflowStarter({ ...options.temporal, masterKey })
  const live = createLiveProgress({ db, databaseUrl, workspaceKeys, log })
  const deps: Deps = {
    registry,
    workflows,
    keyring,
    workspaceKeys,
    connectSource: createConnectSource({
      registry,
      workspaceKeys,
      allowedDirectories: options.sourceDirs,
      allowPrivateHosts: options.allowPrivateHosts,
    }),
    transport: transport.send,
    authorize: createAuthorize({
      transport: transport.send,
      grants: createGrants({ db, workspaceKeys, now: Date.now }),
      now: Date.now,
    }),
    live,
    log,
    clock,
  }

  let port = options.port
  const session = isLoopback(host) ? createBrowserSession({ port: () => port }) : undefined
  const address = () => publicAddress(options.url, port)
  // Beyond this machine an address that was not given is one that somebody else may have made up.
  const signIn =
    options.url === undefined && !isLoopback(host)
      ? undefined
      : createSignIn({ db, secret: signInSecret(masterKey), address, oidc: options.oidc, log })
  const operations = options.persistedOperations && {
    documents: await loadOperations(options.persistedOperations, schema),
    isOnly: options.onlyPersistedOperations ?? false,
  }
  const app = createApp({
    db,
    deps,
    ...(session && { session }),
    ...(signIn && { signIn }),
    ...(operations && { operations }),
  })
  const listening = await listen({ app, host, port, trustedProxies: options.trustedProxies ?? [] })
  port = listening.port

  return {
    url: listening.url,
    async close() {
      const ending = live.close()
      await listening.close()
      await Promise.allSettled([ending, workflows.close(), transport.close()])
    },
  }
}
