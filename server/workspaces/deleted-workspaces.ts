/** Workspaces that were deleted: seen by nobody at once, though their rows go one after the other. */
import type { PrismaClient } from '../../prisma/generated/client/client.ts'
import type { Access } from '../access/rules.ts'
import type { WorkspaceKey } from './keys.ts'

/** By it a key can be told from others; nothing else follows from it. */
export function fingerprintOf(key: WorkspaceKey): Uint8Array<ArrayBuffer> {
  return key.hash('key fingerprint')
}

/** As far as it covers workspaces that are still there: rows of the others, and of their members, go later. */
export async function withoutDeleted(db: PrismaClient, access: Access): Promise<Access> {
  const going = await db.deletedWorkspace.findMany({ where: { rowsGoneAt: null }, select: { id: true } })
  if (going.length === 0) return access
  const deleted = going.map(({ id }) => id)
  if (access.kind === 'installation') return { ...access, deleted }
  const left = [...access.memberships].filter(([id]) => !deleted.includes(id))
  return { ...access, memberships: new Map(left) }
}
