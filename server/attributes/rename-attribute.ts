/** Gives an attribute another name, in all of the working copy at once: published versions stay as they are. */
import { type AttributedColumn, sourceColumnsSchema } from '../../engine/documents.ts'
import { attributesCalledByName } from '../../engine/mapping/action-templates.ts'
import { Prisma } from '../../prisma/generated/client/client.ts'
import { recordChange, recordConsequences } from '../audit/service.ts'
import type { Context } from '../context.ts'
import { issuesOf } from '../problems/issues.ts'
import { type Issue, RevisionConflict, rejectIssues } from '../problems/rules.ts'
import { digest } from '../templates/digest.ts'
import { storedVariables, templateDocument } from '../templates/rules.ts'
import { lockWorkspace } from '../workspaces/lock-workspace.ts'
import { namedOnce } from '../workspaces/taken-name.ts'
import { actionsWithTemplatesLike } from './find-uses.ts'
import { type Renaming, renamedColumns, renamedReferences, renamedVariables } from './rename-references.ts'
import { areOneName, attributeNameSchema } from './rules.ts'
import { findAttribute, saveAttribute } from './service.ts'

type Tx = Prisma.TransactionClient

export interface RenameAttribute {
  readonly id: string
  readonly revision: number
  readonly name: string
}

export async function renameAttribute(
  context: Context,
  { id, revision, name }: RenameAttribute,
): Promise<string> {
  const current = await findAttribute(context, id, 'edit')
  if (current.revision !== revision) throw new RevisionConflict('Attribute', id, current.revision)
  rejectIssues(issuesOf(attributeNameSchema.safeParse(name).error?.issues ?? [], ['name']))
  if (name === current.name) return id
  const { workspaceId } = current
  const renaming = { from: current.name, to: name }
  await namedOnce('Attribute', name, () =>
    context.db.$transaction(async (tx) => {
      await lockWorkspace(tx, workspaceId)
      await saveAttribute(tx, current, { name })
      // Actions first: what their templates call by name is told by the columns as they were.
      const changed = [
        ...(await renameInActions(tx, workspaceId, renaming)),
        ...(await renameInSegments(tx, workspaceId, renaming)),
        ...(await renameInSources(tx, workspaceId, renaming)),
      ]
      const verb = 'renameAttribute'
      await recordConsequences(
        tx,
        context,
        changed.map((each) => ({ workspaceId, verb, ...each })),
      )
      await recordChange(tx, context, { workspaceId, verb, entity: 'Attribute', entityId: id })
    }),
  )
  return id
}

interface Changed {
  readonly entity: 'DataSource' | 'Segment' | 'Action'
  readonly entityId: string
}

async function renameInSources(tx: Tx, workspaceId: string, renaming: Renaming): Promise<readonly Changed[]> {
  const { from, to } = renaming
  const feeding = Prisma.sql`columns @> ${JSON.stringify([{ name: from }])}::jsonb`
  const rows = await tx.dataSource.findMany({
    where: { workspaceId, id: { in: await lockedIds(tx, 'data_source', workspaceId, feeding) } },
  })
  const renamed = rows.map(({ id, name, columns, keyColumns, timestampColumn, incrementColumn }) => {
    const before = sourceColumnsSchema.parse(columns)
    rejectIssues(clashes(name, before, renaming))
    const one = (column: string | null) => (column === from ? to : column)
    return {
      id,
      columns: renamedColumns(before, renaming),
      key_columns: keyColumns.map(one),
      timestamp_column: one(timestampColumn),
      increment_column: one(incrementColumn),
    }
  })
  await tx.$executeRaw`
    UPDATE data_source AS s
    SET columns = n.columns, key_columns = n.key_columns, timestamp_column = n.timestamp_column,
      increment_column = n.increment_column, revision = s.revision + 1, updated_at = now()
    FROM jsonb_to_recordset(${JSON.stringify(renamed)}::jsonb) AS n (
      id uuid, columns jsonb, key_columns text[], timestamp_column text, increment_column text
    )
    WHERE s.workspace_id = ${workspaceId}::uuid AND s.id = n.id`
  return renamed.map(({ id }) => ({ entity: 'DataSource', entityId: id }))
}

/** Beside the other columns of a query the new name must be one that no database takes for another. */
function clashes(
  source: string,
  columns: readonly AttributedColumn[],
  { from, to }: Renaming,
): readonly Issue[] {
  const other = columns.find(({ name }) => name !== from && areOneName(name, to))
  if (other === undefined) return []
  const message = `The data source "${source}" has the attribute "${other.name}" too. Names in one query differ in more than case, and in their first 63 bytes. Choose another name.`
  return [{ path: ['name'], code: 'duplicate_attribute', message }]
}

async function renameInSegments(
  tx: Tx,
  workspaceId: string,
  renaming: Renaming,
): Promise<readonly Changed[]> {
  const naming = namesAttribute(Prisma.sql`conditions`, renaming)
  const rows = await tx.segment.findMany({
    where: { workspaceId, id: { in: await lockedIds(tx, 'segment', workspaceId, naming) } },
  })
  const renamed = rows.map(({ id, conditions }) => ({
    id,
    conditions: renamedReferences(conditions, renaming),
  }))
  await tx.$executeRaw`
    UPDATE segment AS s SET conditions = n.conditions, revision = s.revision + 1, updated_at = now()
    FROM jsonb_to_recordset(${JSON.stringify(renamed)}::jsonb) AS n (id uuid, conditions jsonb)
    WHERE s.workspace_id = ${workspaceId}::uuid AND s.id = n.id`
  return renamed.map(({ id }) => ({ entity: 'Segment', entityId: id }))
}

async function renameInActions(tx: Tx, workspaceId: string, renaming: Renaming): Promise<readonly Changed[]> {
  const { from } = renaming
  const naming = namesAttribute(Prisma.sql`jsonb_build_array(mappings, template_variables)`, renaming)
  const withTemplates = await actionsWithTemplatesLike(tx, workspaceId, [from])
  const either = Prisma.sql`(${naming} OR id = ANY(${[...withTemplates]}::uuid[]))`
  const rows = await tx.action.findMany({
    where: { workspaceId, id: { in: await lockedIds(tx, 'action', workspaceId, either) } },
    include: { templates: true, dataSource: { select: { columns: true } } },
  })
  const renamed = rows.flatMap(({ id, mappings, templates, templateVariables: stored, dataSource }) => {
    const templateVariables = storedVariables(stored)
    const called = attributesCalledByName({
      templates: templates.map(templateDocument),
      templateVariables,
      columns: sourceColumnsSchema.parse(dataSource.columns),
      deps: { digest },
    })
    const isCalled = [...called.values()].some((names) => names.includes(from))
    const after = {
      mappings: renamedReferences(mappings, renaming),
      template_variables: renamedVariables(templateVariables, renaming, isCalled),
    }
    const before = { mappings, template_variables: templateVariables }
    return JSON.stringify(after) === JSON.stringify(before) ? [] : [{ id, ...after }]
  })
  await tx.$executeRaw`
    UPDATE action AS s
    SET mappings = n.mappings, template_variables = n.template_variables, revision = s.revision + 1, updated_at = now()
    FROM jsonb_to_recordset(${JSON.stringify(renamed)}::jsonb) AS n (
      id uuid, mappings jsonb, template_variables jsonb
    )
    WHERE s.workspace_id = ${workspaceId}::uuid AND s.id = n.id`
  return renamed.map(({ id }) => ({ entity: 'Action', entityId: id }))
}

function namesAttribute(json: Prisma.Sql, { from }: Renaming): Prisma.Sql {
  return Prisma.sql`jsonb_path_exists(${json}, '$.**.attribute ? (@ == $name)', jsonb_build_object('name', ${from}::text))`
}

/** Whoever edits one of them meanwhile waits, and then finds another revision. */
async function lockedIds(
  tx: Tx,
  table: string,
  workspaceId: string,
  condition: Prisma.Sql,
): Promise<string[]> {
  const rows = await tx.$queryRaw<readonly { readonly id: string }[]>`
    SELECT id FROM ${Prisma.raw(table)} WHERE workspace_id = ${workspaceId}::uuid AND deleted_at IS NULL AND ${condition} FOR UPDATE`
  return rows.map(({ id }) => id)
}
