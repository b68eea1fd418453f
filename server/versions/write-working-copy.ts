/** Makes the working copy what documents say: rows keep their ids, secrets, pauses and positions. */
import { Prisma } from '../../prisma/generated/client/client.ts'
import { bringAttributes } from '../attributes/bring-attributes.ts'
import { differingEntries } from './changes-between.ts'
import { entriesOf, type NewEntry } from './documents.ts'
import { type DocumentKind, type Documents, documentKinds } from './rules.ts'
import { tableOfKind } from './seen.ts'
import { sourcesOfSegments } from './segment-sources.ts'
import { storedFields } from './stored-fields.ts'
import { writeTemplates } from './write-templates.ts'

type Tx = Prisma.TransactionClient

/**
 * `present` is the working copy as it is. What it has and the documents lack is deleted in it, and can come back. Returns
 * the ids of what it wrote.
 */
export async function writeWorkingCopy(
  tx: Tx,
  workspaceId: string,
  present: Documents,
  wanted: Documents,
): Promise<ReadonlySet<string>> {
  const differing = differingEntries(entriesOf(present), entriesOf(wanted))
  for (const kind of documentKinds) {
    // First all that changes leaves: entities may have swapped their names.
    await leave(tx, workspaceId, kind, of(kind, [...differing.before, ...differing.after]))
    await write(tx, workspaceId, kind, of(kind, differing.after))
  }
  const changed = new Set(differing.after.map(({ id }) => id))
  await writeSegmentSources(tx, workspaceId, wanted, changed)
  await bringAttributes(tx, workspaceId, wanted.sources)
  await writeTemplates(
    tx,
    workspaceId,
    wanted.actions.filter(({ id }) => changed.has(id)),
  )
  return changed
}

function of(kind: DocumentKind, entries: readonly NewEntry[]): readonly NewEntry[] {
  return entries.filter((entry) => entry.kind === kind)
}

async function leave(
  tx: Tx,
  workspaceId: string,
  kind: DocumentKind,
  entries: readonly NewEntry[],
): Promise<void> {
  const ids = [...new Set(entries.map(({ id }) => id))]
  if (ids.length === 0) return
  await tx.$executeRaw`
    UPDATE ${Prisma.raw(tableOfKind[kind])} SET deleted_at = now(), revision = revision + 1, updated_at = now()
    WHERE workspace_id = ${workspaceId}::uuid AND id = ANY(${ids}::uuid[]) AND deleted_at IS NULL`
}

/** One statement for all of a kind. The columns are those of the documents, by their names. */
async function write(
  tx: Tx,
  workspaceId: string,
  kind: DocumentKind,
  entries: readonly NewEntry[],
): Promise<void> {
  const rows = entries.map(({ body }) => columnsOf(storedFields(kind, body)))
  if (rows.length === 0) return
  const table = Prisma.raw(tableOfKind[kind])
  const names = [...new Set(rows.flatMap(Object.keys))].filter((name) => name !== 'id')
  const columns = Prisma.raw(names.map((name) => `"${name}"`).join(', '))
  const updates = Prisma.raw(names.map((name) => `"${name}" = excluded."${name}"`).join(', '))
  await tx.$executeRaw`
    INSERT INTO ${table} AS present (id, workspace_id, updated_at, ${columns})
    SELECT id, ${workspaceId}::uuid, now(), ${columns}
    FROM jsonb_populate_recordset(NULL::${table}, ${JSON.stringify(rows)}::jsonb)
    ON CONFLICT (id) DO UPDATE
    SET ${updates}, deleted_at = NULL, revision = present.revision + 1, updated_at = now()
    WHERE present.workspace_id = excluded.workspace_id`
}

/** Prisma's names of fields as the database has them. */
function columnsOf(fields: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      value,
    ]),
  )
}

async function writeSegmentSources(
  tx: Tx,
  workspaceId: string,
  documents: Documents,
  changed: ReadonlySet<string>,
): Promise<void> {
  const segments = documents.segments.filter(({ id }) => changed.has(id))
  if (segments.length === 0) return
  const sources = sourcesOfSegments(documents)
  const told = segments.filter(({ dataSourceIds }) => dataSourceIds !== undefined)
  await tx.segmentSource.deleteMany({ where: { workspaceId, segmentId: { in: told.map(({ id }) => id) } } })
  await tx.segmentSource.createMany({
    data: segments.flatMap(({ id }) =>
      (sources.get(id) ?? []).map((dataSourceId) => ({ workspaceId, segmentId: id, dataSourceId })),
    ),
    skipDuplicates: true,
  })
}
