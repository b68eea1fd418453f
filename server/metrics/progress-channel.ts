/** The channel on which it is told whose progress changed, from any process to every server. Payloads carry ids only. */
import { Prisma } from '../../prisma/generated/client/client.ts'

export const progressChannel = 'sluice_progress'

/** The notice that `announce` gives, within a statement that selects from deliveries which changed. */
export const deliveryNotice = Prisma.sql`pg_notify(
  ${progressChannel}, json_build_object('w', workspace_id, 'a', action_id, 'd', id)::text
)`

/** Whose progress changed. */
interface Changed {
  readonly workspaceId: string
  readonly actionId: string
  readonly deliveryId?: string
}

/** Tells every server process whose progress changed: ids only. */
export async function announce(db: Prisma.TransactionClient, changed: Changed): Promise<void> {
  const notice = { w: changed.workspaceId, a: changed.actionId, d: changed.deliveryId }
  await db.$executeRaw`SELECT pg_notify(${progressChannel}, ${JSON.stringify(notice)})`
}
