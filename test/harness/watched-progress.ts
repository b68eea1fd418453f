/** What the subscriptions of progress watch: one delivery of one published action. */
import type { PrismaClient } from '../../prisma/generated/client/client.ts'
import { encodeGlobalId, parseGlobalId } from '../../server/graphql/global-id.ts'
import { type SeedableApp, seed } from './seed.ts'
import type { ProgressPlace } from './worker-commits.ts'

export interface WatchedProgress extends ProgressPlace {
  /** As clients name them. */
  readonly ids: {
    readonly workspace: string
    readonly connector: string
    readonly action: string
    readonly delivery: string
  }
}

export async function seedProgress(
  app: SeedableApp & { readonly db: PrismaClient },
): Promise<WatchedProgress> {
  const made = await seed(app).workspace().csvSource().segment().connector().action().publish()
  const actionId = parseGlobalId(made.action.id)?.id ?? ''
  const lane = await app.db.lane.findFirstOrThrow({ where: { actionId } })
  const place = { workspaceId: lane.workspaceId, actionId, laneId: lane.id }
  const { id: deliveryId } = await app.db.delivery.create({
    data: { ...place, sequence: 1, versionNumber: 1, pluginVersion: '1', until: new Uint8Array([1]) },
  })
  const ids = {
    workspace: made.workspace.id,
    connector: made.connector.id,
    action: made.action.id,
    delivery: encodeGlobalId('Delivery', deliveryId),
  }
  return { ...place, deliveryId, ids }
}

export interface Totals {
  readonly matched: number
  readonly delivered: number
  readonly waiting: number
}

const totals = 'matched delivered waiting'

/** Each with the same counts, so that one test can be told of all. */
export const progressSubscriptions = [
  {
    name: 'actionMetrics',
    query: `subscription ($id: ID!) { actionMetrics(actionId: $id) { ${totals} } }`,
    idOf: ({ ids }: WatchedProgress) => ids.action,
  },
  {
    name: 'connectorMetrics',
    query: `subscription ($id: ID!) { connectorMetrics(connectorId: $id) { ${totals} } }`,
    idOf: ({ ids }: WatchedProgress) => ids.connector,
  },
  {
    name: 'workspaceMetrics',
    query: `subscription ($id: ID!) { workspaceMetrics(workspaceId: $id) { ${totals} } }`,
    idOf: ({ ids }: WatchedProgress) => ids.workspace,
  },
  {
    name: 'delivery',
    query: `subscription ($id: ID!) { delivery(id: $id) { ${totals} } }`,
    idOf: ({ ids }: WatchedProgress) => ids.delivery,
  },
] as const
