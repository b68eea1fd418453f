/** Deletes what was recorded more than 13 months ago; the database itself refuses to delete anything younger. */
import type { PrismaClient } from '../../prisma/generated/client/client.ts'

const atOnce = 10_000

export async function forgetOldChanges(db: PrismaClient): Promise<void> {
  for (;;) {
    const deleted = await db.$executeRaw`
      DELETE FROM audit_entry WHERE id IN (
        SELECT id FROM audit_entry WHERE at < now() - interval '13 months' LIMIT ${atOnce}
      )`
    if (deleted < atOnce) return
  }
}
