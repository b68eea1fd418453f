/** Whose counts are wanted: of actions, connectors or workspaces. */
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

/** A query of the wanted actions: `owner` and `action_id`; workspaces are not sought action by action. */
export function actionsOf(of: Exclude<MetricsOf, { readonly workspaceIds: readonly string[] }>): Prisma.Sql {
  const ids = Prisma.sql`${[...idsOf(of)]}::uuid[]`
  return 'actionIds' in of
    ? Prisma.sql`SELECT id AS owner, id AS action_id FROM unnest(${ids}) AS id`
    : Prisma.sql`
        SELECT connector.id AS owner, action.id AS action_id
        FROM connector
        JOIN action ON action.workspace_id = connector.workspace_id AND action.connector_id = connector.id
        WHERE connector.id = ANY(${ids})`
}
