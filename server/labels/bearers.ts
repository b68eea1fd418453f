/** What bears labels, and in which table: a new kind of thing with labels adds one line. */
import { Prisma } from '../../prisma/generated/client/client.ts'

type Tx = Prisma.TransactionClient

const tables = {
  Segment: { links: 'segment_label', bearer: 'segment_id' },
  Connector: { links: 'connector_label', bearer: 'connector_id' },
  Action: { links: 'action_label', bearer: 'action_id' },
} as const

export type Bearer = keyof typeof tables

/** All of these labels on all of these things. */
export interface LabelLinks {
  readonly workspaceId: string
  readonly ids: readonly string[]
  readonly labelIds: readonly string[]
}

/** What has one keeps it. */
export async function putLabels(tx: Tx, kind: Bearer, links: LabelLinks): Promise<void> {
  const { bearer, table } = sqlOf(kind)
  await tx.$executeRaw`
    INSERT INTO ${table} (workspace_id, ${bearer}, label_id)
    SELECT ${links.workspaceId}::uuid, thing.id, label.id
    FROM unnest(${[...links.ids]}::uuid[]) AS thing(id) CROSS JOIN unnest(${[...links.labelIds]}::uuid[]) AS label(id)
    ON CONFLICT DO NOTHING`
}

export async function takeLabels(tx: Tx, kind: Bearer, links: LabelLinks): Promise<void> {
  const { bearer, table } = sqlOf(kind)
  await tx.$executeRaw`
    DELETE FROM ${table}
    WHERE workspace_id = ${links.workspaceId}::uuid AND ${bearer} = ANY(${[...links.ids]}::uuid[])
      AND label_id = ANY(${[...links.labelIds]}::uuid[])`
}

/** A copy bears what its original bears. */
export async function copyLabels(
  tx: Tx,
  kind: Bearer,
  { workspaceId, from, to }: { readonly workspaceId: string; readonly from: string; readonly to: string },
): Promise<void> {
  const { bearer, table } = sqlOf(kind)
  await tx.$executeRaw`
    INSERT INTO ${table} (workspace_id, ${bearer}, label_id)
    SELECT workspace_id, ${to}::uuid, label_id FROM ${table}
    WHERE workspace_id = ${workspaceId}::uuid AND ${bearer} = ${from}::uuid`
}

/** Whatever bears one of some labels bears this one. */
export async function carryLabels(
  tx: Tx,
  {
    workspaceId,
    from,
    to,
  }: { readonly workspaceId: string; readonly from: readonly string[]; readonly to: string },
): Promise<void> {
  for (const kind of Object.keys(tables) as Bearer[]) {
    const { bearer, table } = sqlOf(kind)
    await tx.$executeRaw`
      INSERT INTO ${table} (workspace_id, ${bearer}, label_id)
      SELECT DISTINCT workspace_id, ${bearer}, ${to}::uuid FROM ${table}
      WHERE workspace_id = ${workspaceId}::uuid AND label_id = ANY(${[...from]}::uuid[])
      ON CONFLICT DO NOTHING`
  }
}

/** The names of labels in their order, by who bears them. One statement. */
export async function labelsBorne(
  db: Pick<Tx, '$queryRaw'>,
  workspaceId: string,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const links = (Object.keys(tables) as Bearer[]).map((kind) => {
    const { bearer, table } = sqlOf(kind)
    return Prisma.sql`SELECT ${bearer} AS id, label_id FROM ${table} WHERE workspace_id = ${workspaceId}::uuid`
  })
  const rows = await db.$queryRaw<readonly { readonly id: string; readonly labels: readonly string[] }[]>`
    SELECT link.id, array_agg(label.name ORDER BY label.name COLLATE "C") AS labels
    FROM (${Prisma.join(links, ' UNION ALL ')}) AS link JOIN label ON label.id = link.label_id GROUP BY link.id`
  return new Map(rows.map(({ id, labels }) => [id, labels]))
}

/** Each bears the labels of these names, and no others. */
export async function replaceLabels(
  tx: Tx,
  kind: Bearer,
  workspaceId: string,
  bearers: readonly { readonly id: string; readonly labels: readonly string[] }[],
): Promise<void> {
  if (bearers.length === 0) return
  const { bearer, table } = sqlOf(kind)
  const wanted = Prisma.sql`
    SELECT thing.id, label.id AS label_id
    FROM jsonb_to_recordset(${JSON.stringify(bearers)}::jsonb) AS thing (id uuid, labels text[])
    JOIN label ON label.workspace_id = ${workspaceId}::uuid AND label.name = ANY(thing.labels)`
  await tx.$executeRaw`
    DELETE FROM ${table} WHERE workspace_id = ${workspaceId}::uuid
      AND ${bearer} = ANY(${bearers.map(({ id }) => id)}::uuid[]) AND (${bearer}, label_id) NOT IN (${wanted})`
  await tx.$executeRaw`
    INSERT INTO ${table} (workspace_id, ${bearer}, label_id)
    SELECT ${workspaceId}::uuid, id, label_id FROM (${wanted}) AS wanted ON CONFLICT DO NOTHING`
}

function sqlOf(kind: Bearer) {
  const { bearer, links } = tables[kind]
  return { bearer: Prisma.raw(bearer), table: Prisma.raw(links) }
}
