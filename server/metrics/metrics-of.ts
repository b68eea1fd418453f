/** Whose counts are wanted: of actions, connectors or workspaces, and how SQL tells. */
import { Prisma } from '../../prisma/generated/client/client.ts'

export type MetricsOf = { readonly actionIds: readonly string[] } | SummariesOf

/** Of what has several actions. */
export type SummariesOf =
  | { readonly connectorIds: readonly string[] }
  | { readonly workspaceIds: readonly string[] }

export function idsOf(of: MetricsOf): readonly string[] {
  if ('actionIds' in of) return of.actionIds
  return 'connectorIds' in of ? of.connectorIds : of.workspaceIds
}

/** A condition on `bucket`, a row of `metric_bucket`. */
export function isOwned(of: MetricsOf): Prisma.Sql {
  const ids = Prisma.sql`${[...idsOf(of)]}::uuid[]`
  if ('actionIds' in of) return Prisma.sql`bucket.action_id = ANY(${ids})`
  if ('workspaceIds' in of) return Prisma.sql`bucket.workspace_id = ANY(${ids})`
  return Prisma.sql`bucket.action_id IN (SELECT id FROM action WHERE connector_id = ANY(${ids}))`
}

/** Whose a bucket is, of those that `isOwned` finds; `joinedActions` stands behind the buckets. */
export function ownerOf(of: MetricsOf): Prisma.Sql {
  if ('actionIds' in of) return Prisma.sql`bucket.action_id`
  if ('connectorIds' in of) return Prisma.sql`action.connector_id`
  return Prisma.sql`bucket.workspace_id`
}

export function joinedActions(of: MetricsOf): Prisma.Sql {
  return 'connectorIds' in of ? Prisma.sql`JOIN action ON action.id = bucket.action_id` : Prisma.empty
}
