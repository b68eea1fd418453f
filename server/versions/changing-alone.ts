/** A change of the whole configuration: one at a time, and only if it is still as it was seen. */
import { Prisma } from '../../prisma/generated/client/client.ts'
import type { Context } from '../context.ts'
import { lockWorkspace } from '../workspaces/lock-workspace.ts'
import { type Seen, WorkingCopyConflict } from './rules.ts'
import { readSeen } from './seen.ts'

/** Thousands of rows may be written. */
const timeoutMs = 60_000

/**
 * Everything in it sees the database as it was at its beginning. What others change of the same rows meanwhile makes it
 * fail as a whole, so that nothing is overwritten unseen.
 */
export async function changingAlone<Result>(
  { db }: Pick<Context, 'db'>,
  workspaceId: string,
  seen: Seen,
  change: (tx: Prisma.TransactionClient) => Promise<Result>,
): Promise<Result> {
  try {
    return await db.$transaction(
      async (tx) => {
        await lockWorkspace(tx, workspaceId)
        assertAsSeen(workspaceId, seen, await readSeen(tx, workspaceId))
        return await change(tx)
      },
      { isolationLevel: 'RepeatableRead', timeout: timeoutMs },
    )
  } catch (error) {
    if (!isOvertaken(error)) throw error
    const now = await readSeen(db, workspaceId)
    assertAsSeen(workspaceId, seen, now)
    throw new WorkingCopyConflict('changed_meanwhile', workspaceId)
  }
}

export function assertAsSeen(workspaceId: string, seen: Seen, now: Seen): void {
  if (seen.liveVersion !== now.liveVersion) throw new WorkingCopyConflict('published_meanwhile', workspaceId)
  if (seen.fingerprint !== now.fingerprint) throw new WorkingCopyConflict('changed_meanwhile', workspaceId)
}

/** PostgreSQL could not serialize it: 40001, as Prisma tells it for its own statements and for raw ones. */
function isOvertaken(error: unknown): boolean {
  return (
    error instanceof Prisma.PrismaClientKnownRequestError && /40001|P2034/.test(error.message + error.code)
  )
}
