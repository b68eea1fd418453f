/** The actions of a working copy with their templates: thousands in one value, since rows of an ORM take ten times as long. */
import type { Context } from '../context.ts'
import type { TemplateDraft } from '../templates/rules.ts'

/** Not yet checked, but for what its table sees to. */
export interface ActionRow {
  readonly id: string
  readonly templates: readonly (TemplateDraft & { readonly id: string })[]
  readonly [field: string]: unknown
}

export async function readActionRows(
  db: Pick<Context['db'], '$queryRaw'>,
  workspaceId: string,
): Promise<readonly ActionRow[]> {
  // As text, since Prisma reads JSON twice.
  const [found] = await db.$queryRaw<readonly { readonly actions: string }[]>`
    SELECT coalesce(jsonb_agg(to_jsonb(action) || jsonb_build_object('templates', (
      SELECT coalesce(jsonb_agg(jsonb_build_object(
        'id', t.id, 'name', t.name, 'kind', t.kind, 'format', t.format, 'source', t.source
      ) ORDER BY t.name), '[]') FROM template AS t WHERE t.action_id = action.id
    )) ORDER BY action.id), '[]')::text AS actions
    FROM action WHERE workspace_id = ${workspaceId}::uuid AND deleted_at IS NULL`
  const rows: readonly ActionRow[] = JSON.parse(found?.actions ?? '[]')
  return rows.map(camelCased)
}

/** The columns by Prisma's names; what is in them stays as it is. */
function camelCased({ id, templates, ...row }: ActionRow): ActionRow {
  const fields = Object.entries(row).map(([name, value]) => [
    name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
    value,
  ])
  return { id, templates, ...Object.fromEntries(fields) }
}
