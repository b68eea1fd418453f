/** What the simulated workspace holds beside profiles. */
import { createOutbox, type Outbox } from './outbox.ts'
import type { ProfileStore } from './profile-store.ts'
import { createSubscriptions, type Subscriptions } from './subscriptions.ts'

export interface Workspace {
  readonly subscriptions: Subscriptions
  readonly outbox: Outbox
}

export interface WorkspaceDeps {
  readonly store: ProfileStore
  readonly now: () => number
}

export function createWorkspace({ store, now }: WorkspaceDeps): Workspace {
  return { subscriptions: createSubscriptions(store, now), outbox: createOutbox() }
}
