/** Seals the secrets that a document brings: one statement for connections, one for connectors. */
import { Prisma } from '../../prisma/generated/client/client.ts'
import type { Context } from '../context.ts'
import { sealSecrets } from '../workspaces/secrets.ts'
import type { Plan } from './plan.ts'

const tables = { connections: 'data_source_connection', connectors: 'connector' } as const

export async function writeSecrets(
  tx: Prisma.TransactionClient,
  { deps }: Pick<Context, 'deps'>,
  workspaceId: string,
  {
    secrets,
    written,
  }: {
    readonly secrets: Plan['secrets']
    /** What has its new revision already. */
    readonly written: ReadonlySet<string>
  },
): Promise<void> {
  if (secrets.size === 0) return
  const key = await deps.workspaceKeys.of(workspaceId)
  const rows = [...secrets].map(([id, { part, secrets: values }]) => {
    const sealed = sealSecrets(key, values)
    return { id, part, secrets: sealed === null ? null : Buffer.from(sealed).toString('base64') }
  })
  for (const part of ['connections', 'connectors'] as const) {
    const own = JSON.stringify(rows.filter((row) => row.part === part))
    await tx.$executeRaw`
      UPDATE ${Prisma.raw(tables[part])} AS present
      SET secrets = decode(wanted.secrets, 'base64'), updated_at = now(),
        revision = present.revision + CASE WHEN present.id = ANY(${[...written]}::uuid[]) THEN 0 ELSE 1 END
      FROM jsonb_to_recordset(${own}::jsonb) AS wanted (id uuid, secrets text)
      WHERE present.workspace_id = ${workspaceId}::uuid AND present.id = wanted.id`
  }
}
