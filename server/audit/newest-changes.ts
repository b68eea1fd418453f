/** The newest changes of a workspace's configuration, as they are watched; and what of them is news to a reader. */
import type { AuditEntry, PrismaClient } from '../../prisma/generated/client/client.ts'

/** Newest first. */
export type NewestChanges = readonly AuditEntry[]

/** How many are told at most to who has missed them. */
export const mostChanges = 500

/** A change is recorded in a transaction, which may take so long: then one that is older appears later. */
const longestTransactionMs = 30_000

/** By workspace, in one statement. Those that are gone are left out. */
export async function readNewestChanges(
  db: Pick<PrismaClient, '$queryRaw'>,
  workspaceIds: readonly string[],
): Promise<ReadonlyMap<string, NewestChanges>> {
  const rows = await db.$queryRaw<readonly (Row & { readonly watched: string })[]>`
    SELECT workspace.id AS watched, entry.*
    FROM workspace
    LEFT JOIN LATERAL (
      SELECT id, workspace_id AS "workspaceId", actor_kind::text AS "actorKind", actor_id AS "actorId",
        actor_name AS "actorName", verb, entity, entity_id AS "entityId", at
      FROM audit_entry WHERE workspace_id = workspace.id ORDER BY id DESC LIMIT ${mostChanges}
    ) AS entry ON true
    WHERE workspace.id = ANY(${[...workspaceIds]}::uuid[]) AND workspace.wrapped_key IS NOT NULL
    ORDER BY entry.id DESC`
  const found = new Map<string, AuditEntry[]>()
  for (const { watched, ...entry } of rows) {
    const entries = found.get(watched) ?? []
    found.set(watched, entries)
    if (isEntry(entry)) entries.push(entry)
  }
  return found
}

/** A workspace without any has a row of nulls. */
type Row = AuditEntry | { readonly [Name in keyof AuditEntry]: null }

function isEntry(row: Row): row is AuditEntry {
  return row.id !== null
}

export function areSameChanges(before: NewestChanges, now: NewestChanges): boolean {
  return before.length === now.length && before.every(({ id }, index) => id === now[index]?.id)
}

/** What a reader is told. */
export interface ToldChanges {
  /** Oldest first. */
  readonly changes: readonly AuditEntry[]
  /** Whether there were more than are told. */
  readonly isIncomplete: boolean
  readonly latestId: string | null
}

/**
 * Tells a reader at once of the changes after the one it saw last, if it says which, and then of each new one. Those
 * recorded shortly before that one are told again: they may have appeared after it.
 */
export function tellChanges(
  readings: AsyncIterableIterator<NewestChanges>,
  after: string | undefined,
): AsyncIterableIterator<ToldChanges> {
  let known: ReadonlySet<string> | undefined

  function tell(newest: NewestChanges): ToldChanges | undefined {
    const before = known
    known = new Set(newest.map(({ id }) => id))
    const isFirst = before === undefined
    const isNews = isFirst ? newsAfter(after) : ({ id }: AuditEntry) => !before.has(id)
    const changes = newest.filter(isNews).reverse()
    if (changes.length === 0 && !isFirst) return undefined
    // Where none of them was known before, there may have been others before them.
    const isIncomplete = changes.length === mostChanges
    return { changes, isIncomplete, latestId: newest[0]?.id ?? null }
  }

  const stream: AsyncIterableIterator<ToldChanges> = {
    async next() {
      for (;;) {
        const reading = await readings.next()
        if (reading.done === true) return { done: true, value: undefined }
        const value = tell(reading.value)
        if (value !== undefined) return { done: false, value }
      }
    },
    async return() {
      await readings.return?.()
      return { done: true, value: undefined }
    },
    [Symbol.asyncIterator]: () => stream,
  }
  return stream
}

function newsAfter(after: string | undefined): (entry: AuditEntry) => boolean {
  if (after === undefined) return () => false
  const since = recordedAt(after) - longestTransactionMs
  return ({ id }) => id !== after && recordedAt(id) >= since
}

/** When the id was made, epoch milliseconds: a UUID of version 7 begins with it. */
function recordedAt(id: string): number {
  return Number.parseInt(id.replace('-', '').slice(0, 12), 16)
}
