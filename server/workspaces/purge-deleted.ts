/** Deletes the rows of deleted workspaces, piece by piece: whoever is interrupted, another goes on. */
import { Prisma, type PrismaClient } from '../../prisma/generated/client/client.ts'

/** So many pages of a table are looked through by one statement: some 16 MB. */
const pagesAtOnce = 2_000n

/** What was under way for a workspace has ended by then, and writes nothing any more. */
const afterMs = 30_000

export async function purgeDeletedWorkspaces(db: PrismaClient, quietMs = afterMs): Promise<void> {
  const going = await db.deletedWorkspace.findMany({
    where: { rowsGoneAt: null, keyDestroyedAt: { lte: new Date(Date.now() - quietMs) } },
    select: { id: true },
  })
  for (const { id } of going) await purge(db, id)
}

async function purge(db: PrismaClient, id: string): Promise<void> {
  for (const { name, pages } of await readTables(db)) {
    for (let page = 0n; page < pages; page += pagesAtOnce) {
      await db.$executeRaw`
        DELETE FROM ${Prisma.raw(name)} WHERE workspace_id = ${id}::uuid
          AND ctid >= ${`(${page},0)`}::tid AND ctid < ${`(${page + pagesAtOnce},0)`}::tid`
    }
  }
  await db.$transaction([
    // With what was written meanwhile, if anything was.
    db.workspace.deleteMany({ where: { id } }),
    db.deletedWorkspace.updateMany({ where: { id, rowsGoneAt: null }, data: { rowsGoneAt: new Date() } }),
  ])
}

interface Table {
  /** As SQL writes it. */
  readonly name: string
  readonly pages: bigint
}

/** The tables with rows of workspaces, those that refer to others first: from the database, so that none is forgotten. */
function readTables(db: PrismaClient): Promise<readonly Table[]> {
  return db.$queryRaw`
    WITH RECURSIVE below AS (
      SELECT 'workspace'::regclass::oid AS id, 0 AS depth
      UNION
      SELECT c.conrelid, b.depth + 1
      FROM pg_constraint AS c JOIN below AS b ON c.confrelid = b.id
      WHERE c.contype = 'f' AND c.conrelid <> c.confrelid
    )
    SELECT b.id::regclass::text AS name,
      pg_relation_size(b.id::regclass) / current_setting('block_size')::bigint AS pages
    FROM below AS b
    JOIN pg_attribute AS a ON a.attrelid = b.id AND a.attname = 'workspace_id' AND NOT a.attisdropped
    GROUP BY b.id ORDER BY max(b.depth) DESC`
}
