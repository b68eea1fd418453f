/** Whether a lane has been given everything up to the bound that its source has announced. */
import type { WorkspaceKey } from '../workspaces/keys.ts'

interface Place {
  readonly position: Uint8Array | null
  readonly generation: number
}

interface Announced {
  readonly bound: Uint8Array | null
  readonly generation: number
}

/** The bound of a full resync may be that of the one before: then its number tells them apart. */
export function isAtBound(key: WorkspaceKey, { generation, position }: Place, announced: Announced): boolean {
  const { bound } = announced
  if (bound === null) return true
  if (position === null || generation !== announced.generation) return false
  return key.open('position', position) === key.open('position', bound)
}
