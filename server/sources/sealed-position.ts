/** Positions as they are kept: column values, so only sealed under the workspace's key. */
import { type Position, positionSchema } from '../../engine/reading/position.ts'
import type { WorkspaceKey } from '../workspaces/keys.ts'

export function sealPosition(key: WorkspaceKey, position: Position): Uint8Array<ArrayBuffer> {
  return key.seal('position', JSON.stringify(position))
}

export function openPosition(key: WorkspaceKey, sealed: Uint8Array): Position {
  return positionSchema.parse(JSON.parse(key.open('position', sealed)))
}
