/** At a worker's start: wakes every source and delivery that should be under way, whatever Temporal still knows. */
import type { PrismaClient } from '../../prisma/generated/client/client.ts'
import type { WorkflowStarter } from '../../workflows/client.ts'

interface Deps {
  readonly db: PrismaClient
  readonly workflows: WorkflowStarter
}

const pageSize = 500

export async function resumeUnfinished({ db, workflows }: Deps): Promise<void> {
  const sources = await db.lane.findMany({ distinct: ['dataSourceId'], select: { dataSourceId: true } })
  for (const { dataSourceId } of sources) await workflows.syncSource(dataSourceId)

  let after: string | undefined
  for (;;) {
    const deliveries = await db.delivery.findMany({
      where: {
        state: { notIn: ['COMPLETED', 'CANCELLED'] },
        ...(after === undefined ? {} : { id: { gt: after } }),
      },
      orderBy: { id: 'asc' },
      take: pageSize,
      select: { id: true },
    })
    for (const { id } of deliveries) await workflows.wakeDelivery(id)
    after = deliveries.at(-1)?.id
    if (deliveries.length < pageSize) return
  }
}
