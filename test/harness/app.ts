/** The real application on a database of its own, without a port; only the workflows are recorded, not run. */
import { randomBytes } from 'node:crypto'
import { mkdtemp, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { PrismaClient } from '../../prisma/generated/client/client.ts'
import { createBrowserSession } from '../../server/access/browser-session.ts'
import { rights } from '../../server/access/rules.ts'
import { ensureOwnerToken } from '../../server/access/service.ts'
import { createToken, hashToken } from '../../server/access/token.ts'
import { createApp } from '../../server/app.ts'
import { createGrants } from '../../server/connectors/grants.ts'
import type { Deps } from '../../server/context.ts'
import { createDatabase } from '../../server/database.ts'
import type { PersistedOperations } from '../../server/graphql/persisted-operations.ts'
import { type Listening, listen } from '../../server/http/listen.ts'
import { createLogger } from '../../server/logger.ts'
import { createLiveProgress } from '../../server/metrics/live-progress.ts'
import type { Registry } from '../../server/registry/registry.ts'
import type { OidcSettings } from '../../server/sign-in/better-auth.ts'
import { publicAddress } from '../../server/sign-in/public-address.ts'
import { createSignIn } from '../../server/sign-in/sign-in.ts'
import { createConnectSource } from '../../server/sources/connect.ts'
import { createAuthorize } from '../../server/transport/authorize.ts'
import { createHttpTransport } from '../../server/transport/http-transport.ts'
import { createKeyring } from '../../server/workspaces/keys.ts'
import { createWorkspaceKeys } from '../../server/workspaces/workspace-keys.ts'
import { createTestDatabase } from './database.ts'
import { realPlugins } from './real-plugins.ts'
import { createRecordingWorkflows, type RecordingWorkflows } from './recording-workflows.ts'

/** The port that the test app believes to be on, as long as it is on none. */
export const testPort = 4000

export interface TestAppOptions {
  /** Default: the real plugins. */
  readonly registry?: Registry
  /** How often all that is watched is read anew. Default: never, so that an update must come from a notice. */
  readonly safetyMs?: number
  /** How often the rights of open streams are looked up again. Default: never. */
  readonly recheckMs?: number
  readonly oidc?: OidcSettings
  readonly operations?: PersistedOperations
}

/** No test takes so long. */
const never = 3_600_000

export interface Answer {
  readonly status: number
  // A test knows what it asked for.
  // biome-ignore lint/suspicious/noExplicitAny: the shape is the document's
  readonly data: any
  readonly errors?: readonly {
    readonly message: string
    readonly path?: readonly (string | number)[]
    readonly extensions?: Readonly<Record<string, unknown>>
  }[]
}

export interface TestApp {
  readonly db: PrismaClient
  readonly databaseUrl: string
  readonly deps: Deps
  readonly workflows: RecordingWorkflows
  /** The owner's: it covers every workspace. */
  readonly token: string
  /** File sources may read here. */
  readonly folder: string
  /** The lines of the log. */
  readonly log: readonly string[]
  fetch(request: Request): Promise<Response>
  /** Asks for a path below /auth, from an address. */
  signIn(request: Request, clientAddress: string): Promise<Response>
  /** Asks as the owner, or with another token. */
  ask(document: string, variables?: object, token?: string): Promise<Answer>
  /** A token that covers one workspace; `workspaceId` is the row's. */
  tokenFor(workspaceId: string): Promise<string>
  /** Puts the application on a port of loopback. */
  listen(): Promise<Listening>
  close(): Promise<void>
}

export async function createTestApp(options: TestAppOptions = {}): Promise<TestApp> {
  const testDatabase = await createTestDatabase()
  const database = createDatabase({ url: testDatabase.url, maxConnections: 5 })
  const { db } = database
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'sluice-app-')))
  const log: string[] = []
  const logger = createLogger({ level: 'debug', destination: { write: (line) => log.push(line) } })
  const clock = () => new Date()
  const keyring = createKeyring({ masterKey: randomBytes(32) })
  const workspaceKeys = createWorkspaceKeys({ db, keyring })
  const registry = options.registry ?? realPlugins
  const workflows = createRecordingWorkflows()
  const transport = createHttpTransport({ allowPrivateHosts: ['127.0.0.1'] })
  const live = createLiveProgress({
    db,
    databaseUrl: testDatabase.url,
    workspaceKeys,
    log: logger,
    safetyMs: options.safetyMs ?? never,
  })
  const deps: Deps = {
    registry,
    workflows,
    keyring,
    workspaceKeys,
    connectSource: createConnectSource({
      registry,
      workspaceKeys,
      allowedDirectories: [folder],
      allowPrivateHosts: ['127.0.0.1'],
    }),
    transport: transport.send,
    authorize: createAuthorize({
      transport: transport.send,
      grants: createGrants({ db, workspaceKeys, now: Date.now }),
      now: Date.now,
    }),
    live,
    log: logger,
    clock,
  }
  let port = testPort
  const app = createApp({
    db,
    deps,
    session: createBrowserSession({ port: () => port }),
    signIn: createSignIn({
      db,
      secret: randomBytes(32).toString('base64'),
      address: () => publicAddress(undefined, port),
      oidc: options.oidc,
      log: logger,
    }),
    ...(options.operations && { operations: options.operations }),
    recheckMs: options.recheckMs ?? never,
  })
  const { token } = await ensureOwnerToken({ db, dataFolder: folder })
  const listening: Listening[] = []

  return {
    db,
    databaseUrl: testDatabase.url,
    deps,
    workflows,
    token,
    folder,
    log,
    fetch: app.fetch,
    signIn: app.signIn,
    async ask(query, variables = {}, bearer = token) {
      const response = await app.fetch(
        new Request(`http://localhost:${testPort}/graphql`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', authorization: `Bearer ${bearer}` },
          body: JSON.stringify({ query, variables }),
        }),
      )
      return { status: response.status, ...((await response.json()) as Omit<Answer, 'status'>) }
    },
    async tokenFor(workspaceId) {
      const workspaceToken = createToken()
      await db.apiToken.create({
        data: { workspaceId, name: 'test', scopes: [...rights], hash: hashToken(workspaceToken) },
      })
      return workspaceToken
    },
    async listen() {
      const server = await listen({ app, host: '127.0.0.1', port: 0 })
      port = server.port
      listening.push(server)
      return server
    },
    async close() {
      const ending = live.close()
      await Promise.all(listening.map((server) => server.close()))
      await ending
      await transport.close()
      await database.close()
      await testDatabase.drop()
      await rm(folder, { recursive: true })
    },
  }
}
