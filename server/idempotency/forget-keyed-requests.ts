/** Forgets keys a day after they were used: who sends a mutation again does it sooner. */
import type { PrismaClient } from '../../prisma/generated/client/client.ts'

export async function forgetKeyedRequests(db: PrismaClient): Promise<void> {
  await db.$executeRaw`DELETE FROM keyed_request WHERE done_at < now() - interval '24 hours'`
}
