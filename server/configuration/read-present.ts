/** What a workspace has now: its working copy, and what stands beside it because versions have it not. */
import { Prisma } from '../../prisma/generated/client/client.ts'
import type { Context } from '../context.ts'
import { labelsBorne } from '../labels/bearers.ts'
import type { Documents, Seen } from '../versions/rules.ts'
import { readSeen } from '../versions/seen.ts'
import { readWorkingCopy } from '../versions/working-copy.ts'
import { openSecrets, type Secrets } from '../workspaces/secrets.ts'
import type { AttributeEntry, LabelEntry } from './document.ts'

/** By ids of rows. What is deleted in the working copy is among it, for versions that have it. */
export interface Beside {
  readonly labels: readonly LabelEntry[]
  readonly attributes: readonly AttributeEntry[]
  readonly notes: ReadonlyMap<string, string>
  readonly labelsOf: ReadonlyMap<string, readonly string[]>
  readonly secretsOf: ReadonlyMap<string, Secrets>
}

export interface Present {
  readonly seen: Seen
  readonly documents: Documents
  readonly beside: Beside
}

/** One snapshot. */
export async function readPresent({ db, deps }: Context, workspaceId: string): Promise<Present> {
  const key = await deps.workspaceKeys.of(workspaceId)
  const { seen, copy, rows } = await db.$transaction(
    async (tx) => ({
      seen: await readSeen(tx, workspaceId),
      copy: await readWorkingCopy(tx, workspaceId),
      rows: await readBeside(tx, workspaceId),
    }),
    { isolationLevel: 'RepeatableRead', timeout: timeoutMs },
  )
  const [broken] = copy.problems
  // A document without it would say that it is to go.
  if (broken !== undefined) throw new Error(`A row of the working copy is broken: ${broken.entityId}.`)
  const { sealed, ...beside } = rows
  const secretsOf = new Map(sealed.map(({ id, secrets }) => [id, openSecrets(key, secrets)]))
  return { seen, documents: copy.documents, beside: { ...beside, secretsOf } }
}

/** Thousands of rows may be read. */
const timeoutMs = 30_000

type Db = Pick<Context['db'], 'label' | 'attribute' | 'dataSourceConnection' | 'connector' | '$queryRaw'>

async function readBeside(db: Db, workspaceId: string) {
  const where = { workspaceId }
  const byName = { orderBy: { name: 'asc' } } as const
  const secrets = { where, select: { id: true, secrets: true } }
  const labels = await db.label.findMany({ where, select: { name: true, colour: true }, ...byName })
  const attributes = await db.attribute.findMany({
    where,
    select: { name: true, type: true, notes: true },
    ...byName,
  })
  const notes = await db.$queryRaw<readonly { readonly id: string; readonly notes: string }[]>`
    ${Prisma.join(
      notedTables.map(
        (table) => Prisma.sql`
          SELECT id, notes FROM ${Prisma.raw(table)}
          WHERE workspace_id = ${workspaceId}::uuid AND notes <> ''`,
      ),
      ' UNION ALL ',
    )}`
  return {
    labels,
    attributes,
    notes: new Map(notes.map((row) => [row.id, row.notes])),
    labelsOf: await labelsBorne(db, workspaceId),
    sealed: [...(await db.dataSourceConnection.findMany(secrets)), ...(await db.connector.findMany(secrets))],
  }
}

/** Whose rows have notes that stand beside versions. */
const notedTables = ['segment', 'connector', 'action'] as const
