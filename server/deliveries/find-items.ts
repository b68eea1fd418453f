/** Finds what is kept of a person: items by the hash of their recipient, and by the key of their row. */

import type { SourceDocument } from '../../engine/documents.ts'
import { keyOf } from '../../engine/reading/position.ts'
import type { Prisma } from '../../prisma/generated/client/client.ts'
import { openPosition } from '../sources/sealed-position.ts'
import type { WorkspaceKey } from '../workspaces/keys.ts'
import { bytesAsText } from './bytes-as-text.ts'

/** A row of a data source, by the values of its key columns. */
export interface RowKey {
  readonly source: SourceDocument
  readonly key: readonly string[]
}

const pageSize = 5_000

export async function findItemsOfRecipients(
  tx: Prisma.TransactionClient,
  key: WorkspaceKey,
  workspaceId: string,
  recipients: readonly string[],
): Promise<readonly string[]> {
  const hashes = recipients.map((recipient) => bytesAsText(key.hash(recipient)))
  const rows = await tx.$queryRaw<readonly { readonly id: string }[]>`
    SELECT e.id FROM lane AS l JOIN delivery_exception AS e ON e.lane_id = l.id
    WHERE l.workspace_id = ${workspaceId}::uuid
      AND e.recipient_hash IN (SELECT decode(hash, 'base64') FROM unnest(${hashes}::text[]) AS hash)`
  return rows.map(({ id }) => id)
}

/** Their places are sealed, so that each has to be opened: a range is found by its first and its last row. */
export async function findItemsOfRow(
  tx: Prisma.TransactionClient,
  key: WorkspaceKey,
  { source, key: wanted }: RowKey,
): Promise<readonly string[]> {
  const isWanted = (sealed: Uint8Array | null) =>
    sealed !== null && JSON.stringify(keyOf(source, openPosition(key, sealed))) === JSON.stringify(wanted)
  const found: string[] = []
  let after = '00000000-0000-0000-0000-000000000000'
  for (;;) {
    const page = await tx.deliveryException.findMany({
      where: { id: { gt: after }, delivery: { lane: { dataSourceId: source.id } } },
      orderBy: { id: 'asc' },
      take: pageSize,
      select: { id: true, position: true, lastPosition: true },
    })
    for (const { id, position, lastPosition } of page) {
      if (isWanted(position) || isWanted(lastPosition)) found.push(id)
    }
    after = page.at(-1)?.id ?? after
    if (page.length < pageSize) return found
  }
}
