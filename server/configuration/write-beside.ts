/** Writes what versions have not: labels and who bears them, notes, attributes. A few statements, however many there are. */
import { Prisma } from '../../prisma/generated/client/client.ts'
import { type Bearer, replaceLabels } from '../labels/bearers.ts'
import type { EntityName } from '../problems/rules.ts'
import type { BesidePlan } from './plan-beside.ts'
import { type LabelledPart, labelledParts } from './want-labels.ts'

type Tx = Prisma.TransactionClient

/** A label or an attribute that changed: both are known by their names until they are written. */
interface ChangedRow {
  readonly entity: EntityName
  readonly entityId: string
}

const bearerOf: Readonly<Record<LabelledPart, Bearer>> = {
  segments: 'Segment',
  connectors: 'Connector',
  actions: 'Action',
}
const tables: Readonly<Record<LabelledPart, string>> = {
  segments: 'segment',
  connectors: 'connector',
  actions: 'action',
}

export async function writeBeside(
  tx: Tx,
  workspaceId: string,
  plan: BesidePlan,
  {
    deleteOthers,
    written,
  }: {
    readonly deleteOthers: boolean
    /** What has its new revision already. */
    readonly written: ReadonlySet<string>
  },
): Promise<readonly ChangedRow[]> {
  await writeNotes(tx, workspaceId, plan, written)
  const labels = await writeLabels(tx, workspaceId, plan)
  for (const part of labelledParts) {
    const own = plan.labelled.filter((each) => each.part === part)
    await replaceLabels(tx, bearerOf[part], workspaceId, own)
  }
  const goingLabels = deleteOthers ? await deleteNamed(tx, workspaceId, 'label', plan.others.labels) : []
  const attributes = await writeAttributes(tx, workspaceId, plan, deleteOthers)
  const going = await deleteNamed(tx, workspaceId, 'attribute', plan.goingAttributes)
  const rows = (entity: EntityName, ids: readonly string[]) => ids.map((entityId) => ({ entity, entityId }))
  return [...rows('Label', [...labels, ...goingLabels]), ...rows('Attribute', [...attributes, ...going])]
}

async function writeNotes(
  tx: Tx,
  workspaceId: string,
  { notes }: BesidePlan,
  written: ReadonlySet<string>,
): Promise<void> {
  for (const part of labelledParts) {
    const own = notes.filter((each) => each.part === part)
    if (own.length === 0) continue
    await tx.$executeRaw`
      UPDATE ${Prisma.raw(tables[part])} AS present
      SET notes = wanted.notes, updated_at = now(),
        revision = present.revision + CASE WHEN present.id = ANY(${[...written]}::uuid[]) THEN 0 ELSE 1 END
      FROM jsonb_to_recordset(${JSON.stringify(own)}::jsonb) AS wanted (id uuid, notes text)
      WHERE present.workspace_id = ${workspaceId}::uuid AND present.id = wanted.id`
  }
}

async function writeLabels(tx: Tx, workspaceId: string, { labels }: BesidePlan): Promise<readonly string[]> {
  const rows = await tx.$queryRaw<readonly { readonly id: string }[]>`
    INSERT INTO label AS present (id, workspace_id, name, colour, updated_at)
    SELECT gen_random_uuid(), ${workspaceId}::uuid, name, colour, now()
    FROM jsonb_to_recordset(${JSON.stringify([...labels.values()])}::jsonb) AS wanted (name text, colour text)
    ON CONFLICT (workspace_id, name) DO UPDATE
    SET colour = excluded.colour, revision = present.revision + 1, updated_at = now()
    WHERE present.colour <> excluded.colour
    RETURNING id`
  return rows.map(({ id }) => id)
}

/** Those that columns feed are there already. */
async function writeAttributes(
  tx: Tx,
  workspaceId: string,
  { attributes, others }: BesidePlan,
  deleteOthers: boolean,
): Promise<readonly string[]> {
  // What is not to be told of any more, and stays for the columns that feed it, loses its notes.
  const untold = deleteOthers ? others.attributes : []
  await tx.$executeRaw`
    UPDATE attribute SET notes = '', revision = revision + 1, updated_at = now()
    WHERE workspace_id = ${workspaceId}::uuid AND name = ANY(${[...untold]}::text[]) AND notes <> ''`
  const rows = await tx.$queryRaw<readonly { readonly id: string }[]>`
    INSERT INTO attribute AS present (id, workspace_id, name, type, notes, updated_at)
    SELECT gen_random_uuid(), ${workspaceId}::uuid, name, type::attribute_type, notes, now()
    FROM jsonb_to_recordset(${JSON.stringify([...attributes.values()])}::jsonb)
      AS wanted (name text, type text, notes text)
    ON CONFLICT (workspace_id, name) DO UPDATE
    SET type = excluded.type, notes = excluded.notes, revision = present.revision + 1, updated_at = now()
    WHERE (present.type, present.notes) IS DISTINCT FROM (excluded.type, excluded.notes)
    RETURNING id`
  return rows.map(({ id }) => id)
}

async function deleteNamed(
  tx: Tx,
  workspaceId: string,
  table: 'label' | 'attribute',
  names: readonly string[],
): Promise<readonly string[]> {
  const rows = await tx.$queryRaw<readonly { readonly id: string }[]>`
    DELETE FROM ${Prisma.raw(table)}
    WHERE workspace_id = ${workspaceId}::uuid AND name = ANY(${[...names]}::text[]) RETURNING id`
  return rows.map(({ id }) => id)
}
