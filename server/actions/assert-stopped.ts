/** A lane's place is moved only while nothing is sent for it: its action is paused or switched off, its passes are over. */
import type { Prisma } from '../../prisma/generated/client/client.ts'
import { StillRunning } from './rules.ts'

interface Asked {
  readonly actionIds: readonly string[]
  /** The actions that the live version runs. */
  readonly running: readonly string[]
}

/** They stay so until the transaction ends. Throws `StillRunning` with all that are not. */
export async function assertStopped(
  tx: Prisma.TransactionClient,
  { actionIds, running }: Asked,
): Promise<void> {
  // Resuming one of them has to wait.
  await tx.$queryRaw`SELECT 1 FROM action WHERE id = ANY(${[...actionIds]}::uuid[]) ORDER BY id FOR SHARE`
  const actions = await tx.action.findMany({
    where: { id: { in: [...actionIds] } },
    select: {
      id: true,
      name: true,
      pausedAt: true,
      // A pass that is under way ends soon after the pause.
      deliveries: { where: { state: 'RUNNING' }, select: { id: true }, take: 1 },
    },
    orderBy: { name: 'asc' },
  })
  const still = actions.filter(
    ({ deliveries, id, pausedAt }) => deliveries.length > 0 || (pausedAt === null && running.includes(id)),
  )
  if (still.length > 0) throw new StillRunning(still)
}
