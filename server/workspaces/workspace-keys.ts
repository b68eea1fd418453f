/** The data keys of workspaces, unwrapped once a process. */
import type { Database } from '../database.ts'
import { NotFound } from '../problems/rules.ts'
import type { Keyring, WorkspaceKey } from './keys.ts'

export interface WorkspaceKeys {
  of(workspaceId: string): Promise<WorkspaceKey>
}

interface Deps {
  readonly db: Database['db']
  readonly keyring: Keyring
}

export function createWorkspaceKeys({ db, keyring }: Deps): WorkspaceKeys {
  const unwrapped = new Map<string, Promise<WorkspaceKey>>()

  async function unwrap(workspaceId: string): Promise<WorkspaceKey> {
    const workspace = await db.workspace.findUnique({
      where: { id: workspaceId },
      select: { wrappedKey: true },
    })
    if (workspace === null) throw new NotFound('Workspace', workspaceId)
    return keyring.unwrap(workspace.wrappedKey)
  }

  return {
    of(workspaceId) {
      const known = unwrapped.get(workspaceId)
      if (known !== undefined) return known
      // A failure is not kept: the database may be back at the next call.
      const key = unwrap(workspaceId).catch((error: unknown) => {
        unwrapped.delete(workspaceId)
        throw error
      })
      unwrapped.set(workspaceId, key)
      return key
    },
  }
}
