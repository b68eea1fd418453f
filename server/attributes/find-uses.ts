/** Who feeds and reads attributes in the working copy: three statements for any number of attributes. */
import { sourceColumnsSchema } from '../../engine/documents.ts'
import { attributesCalledByName } from '../../engine/mapping/action-templates.ts'
import type { Context } from '../context.ts'
import { groupBy } from '../deliveries/group-by.ts'
import { digest } from '../templates/digest.ts'
import { storedVariables, templateDocument } from '../templates/rules.ts'
import { present } from '../workspaces/present.ts'
import type { AttributeUse } from './rules.ts'

type Db = Pick<Context['db'], 'action' | '$queryRaw'>

interface FoundUse extends AttributeUse {
  readonly attribute: string
}

/** By the attribute's name; sources first, then segments, actions, templates, each by name. */
export async function usesOfAttributes(
  db: Db,
  workspaceId: string,
  names: readonly string[],
): Promise<ReadonlyMap<string, readonly AttributeUse[]>> {
  const found = [
    ...(await namedUses(db, workspaceId, names)),
    ...(await templateUses(db, workspaceId, names)),
  ]
  return new Map(
    names.map((name) => [
      name,
      found
        .filter(({ attribute }) => attribute === name)
        .map(({ attribute: _attribute, ...use }): AttributeUse => use),
    ]),
  )
}

/** In the order of the ids, which may be of several workspaces. */
export async function usesByIds(
  db: Db & Pick<Context['db'], 'attribute'>,
  ids: readonly string[],
): Promise<(readonly AttributeUse[])[]> {
  const attributes = await db.attribute.findMany({ where: { id: { in: [...ids] } } })
  const uses = new Map<string, readonly AttributeUse[]>()
  for (const [workspaceId, group] of groupBy(attributes, (attribute) => attribute.workspaceId)) {
    const names = group.map(({ name }) => name)
    const found = await usesOfAttributes(db, workspaceId, names)
    for (const { id, name } of group) uses.set(id, found.get(name) ?? [])
  }
  return ids.map((id) => uses.get(id) ?? [])
}

/** What names attributes in JSON, wherever `attribute` stands in it. */
async function namedUses(
  db: Db,
  workspaceId: string,
  names: readonly string[],
): Promise<readonly FoundUse[]> {
  return db.$queryRaw<readonly FoundUse[]>`
    SELECT "user", id, name, "column", attribute FROM (
      SELECT 1 AS place, 'DataSource' AS "user", s.id, s.name,
        coalesce(c ->> 'column', c ->> 'name') AS "column", c ->> 'name' AS attribute
      FROM data_source AS s, jsonb_array_elements(s.columns) AS c
      WHERE s.workspace_id = ${workspaceId}::uuid AND s.deleted_at IS NULL
      UNION
      SELECT 2, 'Segment', s.id, s.name, NULL, a #>> '{}'
      FROM segment AS s, jsonb_path_query(s.conditions, '$.**.attribute') AS a
      WHERE s.workspace_id = ${workspaceId}::uuid AND s.deleted_at IS NULL
      UNION
      SELECT 3, 'Action', s.id, s.name, NULL, a #>> '{}'
      FROM action AS s, jsonb_path_query(jsonb_build_array(s.mappings, s.template_variables), '$.**.attribute') AS a
      WHERE s.workspace_id = ${workspaceId}::uuid AND s.deleted_at IS NULL
    ) AS found
    WHERE attribute = ANY(${[...names]}::text[])
    ORDER BY place, name`
}

/** Templates may call an attribute by its own name; what their actions call otherwise is the action's use. */
async function templateUses(
  db: Db,
  workspaceId: string,
  names: readonly string[],
): Promise<readonly FoundUse[]> {
  const ids = await actionsWithTemplatesLike(db, workspaceId, names)
  if (ids.length === 0) return []
  const actions = await db.action.findMany({
    where: { workspaceId, id: { in: [...ids] }, ...present },
    include: { templates: { orderBy: { name: 'asc' } }, dataSource: { select: { columns: true } } },
    orderBy: { name: 'asc' },
  })
  return actions.flatMap(({ templates, templateVariables, dataSource }) => {
    const called = attributesCalledByName({
      templates: templates.map(templateDocument),
      templateVariables: storedVariables(templateVariables),
      columns: sourceColumnsSchema.parse(dataSource.columns),
      deps: { digest },
    })
    return templates.flatMap(({ id, name }) =>
      names
        .filter((attribute) => called.get(name)?.includes(attribute))
        .map((attribute): FoundUse => ({ user: 'Template', id, name, column: null, attribute })),
    )
  })
}

/** Those whose templates may name one of the attributes: its first part stands in one of their texts. */
export async function actionsWithTemplatesLike(
  db: Pick<Db, '$queryRaw'>,
  workspaceId: string,
  names: readonly string[],
): Promise<readonly string[]> {
  const parts = names.map((name) => name.split('.', 1)[0] ?? name)
  const rows = await db.$queryRaw<readonly { readonly id: string }[]>`
    SELECT DISTINCT action_id AS id FROM template
    WHERE workspace_id = ${workspaceId}::uuid
      AND EXISTS (SELECT 1 FROM unnest(${parts}::text[]) AS part WHERE strpos(source, part) > 0)`
  return rows.map(({ id }) => id)
}
