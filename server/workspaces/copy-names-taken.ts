/** Reads the names that the name of a copy must not be. */
import { Prisma } from '../../prisma/generated/client/client.ts'
import type { Context } from '../context.ts'

/** Two copies at the same moment: the database decides, and the second one is told. */
export async function copyNamesTaken(
  db: Pick<Context['db'], '$queryRaw'>,
  table: 'segment' | 'connector' | 'action',
  workspaceId: string,
): Promise<ReadonlySet<string>> {
  const rows = await db.$queryRaw<readonly { readonly name: string }[]>`
    SELECT name FROM ${Prisma.raw(table)}
    WHERE workspace_id = ${workspaceId}::uuid AND deleted_at IS NULL AND name LIKE '% - copy%'`
  return new Set(rows.map(({ name }) => name))
}
