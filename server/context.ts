/** What a resolver gets: the database, what the caller may see, and the ports to everything else. */
import type { Authorize } from '../engine/sending/authorize.ts'
import type { Transport } from '../engine/sending/transport.ts'
import type { PrismaClient } from '../prisma/generated/client/client.ts'
import type { WorkflowStarter } from '../workflows/client.ts'
import type { Access } from './access/rules.ts'
import type { Snapshots } from './exports/snapshots.ts'
import type { KeyedRequest } from './idempotency/rules.ts'
import type { Logger } from './logger.ts'
import type { LiveProgress } from './metrics/live-progress.ts'
import type { Registry } from './registry/registry.ts'
import type { ConnectSource } from './sources/connect.ts'
import type { Keyring } from './workspaces/keys.ts'
import type { WorkspaceKeys } from './workspaces/workspace-keys.ts'

/** Built once by a composition root. */
export interface Deps {
  readonly registry: Registry
  readonly workflows: WorkflowStarter
  readonly keyring: Keyring
  readonly workspaceKeys: WorkspaceKeys
  readonly connectSource: ConnectSource
  readonly transport: Transport
  readonly authorize: Authorize
  readonly live: LiveProgress
  readonly snapshots: Snapshots
  readonly log: Logger
  readonly clock: () => Date
}

export interface Context {
  readonly db: PrismaClient
  readonly access: Access
  /** Present where the caller gave the mutation an idempotency key. */
  readonly keyed?: KeyedRequest
  readonly deps: Deps
}
