/** Workspaces that were deleted: seen by nobody at once, though their rows go one after the other. */
import type { PrismaClient } from '../../prisma/generated/client/client.ts'
import type { Access } from '../access/rules.ts'
import type { WorkspaceKey } from './keys.ts'

/** By it a key can be told from others; nothing else follows from it. */
export function fingerprintOf(key: WorkspaceKey): Uint8Array<ArrayBuffer> {
  return key.hash('key fingerprint')
}

/** Members have lost their membership; whoever covers everything is told what that no longer is. */
export async function withoutDeleted(db: PrismaClient, access: Access): Promise<Access> {
  if (access.kind !== 'installation') return access
  const going = await db.deletedWorkspace.findMany({ where: { rowsGoneAt: null }, select: { id: true } })
  return { ...access, deleted: going.map(({ id }) => id) }
}
