/** Who edited entities last, as the record of changes tells. */
import type { Context } from '../context.ts'

export interface LastEdit {
  readonly name: string
  readonly at: Date
}

/** Verbs that change the configuration itself, by how they begin: pausing, for example, does not. */
const editing = '^(apply|create|update|delete|activate|deactivate|change|check|copy|duplicate|rename)[A-Z]'

/**
 * By entity; a template counts as its action. Loading the working copy edits whatever differs after it. One statement.
 */
export async function lastEdits(
  db: Pick<Context['db'], '$queryRaw'>,
  workspaceId: string,
  entityIds: readonly string[],
): Promise<ReadonlyMap<string, LastEdit>> {
  const rows = await db.$queryRaw<readonly (LastEdit & { readonly id: string })[]>`
    WITH wanted AS (
      SELECT id AS owner, id FROM unnest(${[...entityIds]}::uuid[]) AS entity(id)
      UNION ALL
      SELECT action_id, id FROM template
      WHERE workspace_id = ${workspaceId}::uuid AND action_id = ANY(${[...entityIds]}::uuid[])
    ), loading AS (
      SELECT id, actor_name, at FROM audit_entry
      WHERE workspace_id = ${workspaceId}::uuid AND verb = 'loadWorkingCopy' ORDER BY id DESC LIMIT 1
    ), edit AS (
      SELECT wanted.owner, entry.id, entry.actor_name, entry.at
      FROM wanted
      JOIN audit_entry AS entry ON entry.workspace_id = ${workspaceId}::uuid AND entry.entity_id = wanted.id
      WHERE entry.verb ~ ${editing}
      UNION ALL
      SELECT wanted.owner, loading.id, loading.actor_name, loading.at FROM wanted CROSS JOIN loading
    )
    SELECT DISTINCT ON (owner) owner AS id, actor_name AS name, at FROM edit ORDER BY owner, id DESC`
  return new Map(rows.map(({ id, name, at }) => [id, { name, at }]))
}
