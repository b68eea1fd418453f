/** What actions do now, or why they send nothing: told by the database, so that a long list can be filtered by it. */
import { whyDiscontinued } from '../../engine/deprecation.ts'
import { Prisma } from '../../prisma/generated/client/client.ts'
import type { Context } from '../context.ts'
import type { Registry } from '../registry/registry.ts'

export const actionStatuses = [
  'ACTIVE',
  'INACTIVE',
  'CONNECTOR_OFF',
  'SOURCE_OFF',
  'NOT_PUBLISHED',
  'HALTED',
  'PAUSED',
  'NOT_RUNNABLE',
  'SOURCE_FAILING',
] as const
export type ActionStatus = (typeof actionStatuses)[number]

/** Joins what `statusOf` reads to a query over `action AS a`. */
export const statusTables = Prisma.sql`
  JOIN workspace AS w ON w.id = a.workspace_id
  JOIN connector AS c ON c.id = a.connector_id
  JOIN data_source AS s ON s.id = a.data_source_id
  LEFT JOIN source_progress AS p ON p.data_source_id = a.data_source_id`

/** The first reason in the order in which people would mend them. */
export function statusOf(registry: Registry): Prisma.Sql {
  return Prisma.sql`CASE
    WHEN a.is_live THEN CASE
      WHEN w.halted_at IS NOT NULL THEN 'HALTED'
      WHEN a.paused_at IS NOT NULL THEN 'PAUSED'
      WHEN c.type || '/' || a.type <> ALL(${installedTypes(registry)}::text[]) THEN 'NOT_RUNNABLE'
      WHEN p.error_code IS NOT NULL THEN 'SOURCE_FAILING'
      ELSE 'ACTIVE' END
    WHEN NOT a.is_enabled THEN 'INACTIVE'
    WHEN NOT c.is_enabled THEN 'CONNECTOR_OFF'
    WHEN NOT s.is_enabled THEN 'SOURCE_OFF'
    ELSE 'NOT_PUBLISHED' END`
}

/** In the order of the ids; one statement. */
export async function readStatuses(
  { db, deps }: Pick<Context, 'db' | 'deps'>,
  ids: readonly string[],
): Promise<ActionStatus[]> {
  const rows = await db.$queryRaw<readonly { readonly id: string; readonly status: ActionStatus }[]>`
    SELECT a.id, ${statusOf(deps.registry)} AS status FROM action AS a ${statusTables}
    WHERE a.id = ANY(${[...ids]}::uuid[])`
  const byId = new Map(rows.map(({ id, status }) => [id, status]))
  return ids.map((id) => byId.get(id) ?? 'INACTIVE')
}

/** Those that still work, as `connector/operation`: neither has a slash. */
function installedTypes(registry: Registry): string[] {
  return registry
    .connectors()
    .filter(({ definition }) => whyDiscontinued(definition) === null)
    .flatMap(({ definition: { actions, id } }) => Object.keys(actions).map((type) => `${id}/${type}`))
}
