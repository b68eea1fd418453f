/** Reads several deliveries at once, for those who watch them. */
import type { Delivery, PrismaClient } from '../../prisma/generated/client/client.ts'

/** Those that exist, by id. */
export async function readDeliveries(
  db: Pick<PrismaClient, 'delivery'>,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Delivery>> {
  const rows = await db.delivery.findMany({ where: { id: { in: [...ids] } } })
  return new Map(rows.map((row) => [row.id, row]))
}
