/** The channel on which every server hears what changed, from any process: progress, or configuration. Ids only. */
import { Prisma } from '../../prisma/generated/client/client.ts'

export const progressChannel = 'sluice_progress'

/** The notice that `announce` gives, within a statement that selects from deliveries which changed. */
export const deliveryNotice = Prisma.sql`pg_notify(
  ${progressChannel}, json_build_object('w', workspace_id, 'a', action_id, 'd', id)::text
)`

/** The notice that the configuration was changed, within a statement that selects workspaces by their `workspace_id`. */
export const configurationNotice = Prisma.sql`pg_notify(
  ${progressChannel}, json_build_object('w', workspace_id)::text
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

/** The same of several actions, in one statement. */
export async function announceActions(
  db: Pick<Prisma.TransactionClient, '$executeRaw'>,
  workspaceId: string,
  actionIds: readonly string[],
): Promise<void> {
  await db.$executeRaw`
    SELECT pg_notify(${progressChannel}, json_build_object('w', ${workspaceId}::text, 'a', action_id)::text)
    FROM unnest(${[...actionIds]}::text[]) AS changed(action_id)`
}
