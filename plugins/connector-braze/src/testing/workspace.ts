/** What the simulated workspace holds beside profiles. */
import { type Catalogs, createCatalogs } from './catalogs.ts'
import { createOutbox, type Outbox } from './outbox.ts'
import type { ProfileStore } from './profile-store.ts'
import { createSubscriptions, type Subscriptions } from './subscriptions.ts'

export interface Workspace {
  readonly subscriptions: Subscriptions
  readonly outbox: Outbox
  readonly catalogs: Catalogs
}

export interface WorkspaceDeps {
  readonly store: ProfileStore
  readonly now: () => number
  /** The names of the fields of each catalog. */
  readonly catalogs: Readonly<Record<string, readonly string[]>>
}

export function createWorkspace({ store, now, catalogs }: WorkspaceDeps): Workspace {
  return {
    subscriptions: createSubscriptions(store, now),
    outbox: createOutbox(),
    catalogs: createCatalogs(catalogs),
  }
}
