/** The data keys of workspaces, unwrapped once a process, and gone with the row's. */
import type { Database } from '../database.ts'
import { NotFound } from '../problems/rules.ts'
import type { Keyring, WorkspaceKey } from './keys.ts'

export interface WorkspaceKeys {
  /** NotFound when the workspace is gone, or its key destroyed. */
  of(workspaceId: string): Promise<WorkspaceKey>
  /** Forgets a key that was destroyed; other processes notice it within a second. */
  forget(workspaceId: string): void
}

interface Deps {
  readonly db: Database['db']
  readonly keyring: Keyring
}

/** For so long nobody looks whether a key still exists: passes over many rows ask for it often. */
const trustedMs = 1_000

interface Look {
  readonly at: number
  readonly key: Promise<WorkspaceKey>
}

export function createWorkspaceKeys({ db, keyring }: Deps): WorkspaceKeys {
  const unwrapped = new Map<string, { readonly wrapped: Uint8Array; readonly key: WorkspaceKey }>()
  const looks = new Map<string, Look>()

  async function look(workspaceId: string): Promise<WorkspaceKey> {
    const workspace = await db.workspace.findUnique({
      where: { id: workspaceId },
      select: { wrappedKey: true },
    })
    const wrapped = workspace?.wrappedKey ?? null
    if (wrapped === null) {
      unwrapped.delete(workspaceId)
      throw new NotFound('Workspace', workspaceId)
    }
    const known = unwrapped.get(workspaceId)
    if (known !== undefined && Buffer.from(wrapped).equals(known.wrapped)) return known.key
    const key = keyring.unwrap(wrapped)
    unwrapped.set(workspaceId, { wrapped, key })
    return key
  }

  return {
    of(workspaceId) {
      const last = looks.get(workspaceId)
      if (last !== undefined && performance.now() - last.at < trustedMs) return last.key
      // A failure is not kept: the database may be back at the next call.
      const key = look(workspaceId).catch((error: unknown) => {
        looks.delete(workspaceId)
        throw error
      })
      looks.set(workspaceId, { at: performance.now(), key })
      return key
    },
    forget(workspaceId) {
      looks.delete(workspaceId)
      unwrapped.delete(workspaceId)
    },
  }
}
