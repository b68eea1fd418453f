/** The one writer of progress in a worker: every few milliseconds one transaction for all its passes. */
import { type Counts, type Term, terms } from '../../engine/delivering/outcome.ts'
import { FencedError } from '../../engine/delivering/progress.ts'
import { Prisma, type PrismaClient } from '../../prisma/generated/client/client.ts'
import { groupBy } from './group-by.ts'

/** The pass that a write belongs to. Its sequence counts the commits that the delivery has seen. */
export interface Fence {
  readonly workspaceId: string
  readonly deliveryId: string
  readonly laneId: string
  readonly actionId: string
  readonly pass: number
  sequence: number
}

/** Rows of one write, sealed: nothing in them can be read without the workspace's key. */
export interface SealedWrite {
  readonly newSlices: readonly Prisma.SliceCreateManyInput[]
  readonly settledSlices: readonly number[]
  readonly newExceptions: readonly Prisma.DeliveryExceptionCreateManyInput[]
  readonly overExceptions: readonly string[]
  readonly changedExceptions: readonly {
    readonly id: string
    readonly data: Prisma.DeliveryExceptionUncheckedUpdateManyInput
  }[]
  readonly counts: Counts
}

interface Queued {
  readonly fence: Fence
  readonly write: SealedWrite
  resolve(): void
  reject(error: unknown): void
}

export interface Committer {
  /** Resolves when the write is committed; FencedError when another pass has taken over. */
  commit(fence: Fence, write: SealedWrite): Promise<void>
}

const tickMs = 25
const attempts = 5
const counted = [...terms, 'retries', 'requests'] as const

/** Makes the committer of a worker. */
export function createCommitter({ db }: { readonly db: PrismaClient }): Committer {
  let queue: Queued[] = []
  let isRunning = false

  async function run(): Promise<void> {
    isRunning = true
    while (queue.length > 0) {
      const startedAt = performance.now()
      const batch = queue
      queue = []
      await flush(batch)
      const rest = tickMs - (performance.now() - startedAt)
      if (rest > 0) await pause(rest)
    }
    isRunning = false
  }

  async function flush(batch: readonly Queued[]): Promise<void> {
    const groups = [...groupBy(batch, ({ fence }) => fence).entries()]
    try {
      const committed = await commitOnce(groups)
      for (const [fence, writes] of groups) {
        const isCommitted = committed.has(fence.deliveryId)
        if (isCommitted) fence.sequence += 1
        for (const each of writes) isCommitted ? each.resolve() : each.reject(new FencedError())
      }
    } catch (error) {
      for (const each of batch) each.reject(error)
    }
  }

  /** Repeats a failed transaction only where the sequence proves that it was not committed. */
  async function commitOnce(
    groups: readonly (readonly [Fence, readonly Queued[]])[],
  ): Promise<ReadonlySet<string>> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await transact(groups)
      } catch (error) {
        if (attempt >= attempts) throw error
        await pause(50 * 2 ** attempt)
        const committed = await alreadyCommitted(groups.map(([fence]) => fence))
        if (committed.size > 0) return committed
      }
    }
  }

  async function alreadyCommitted(fences: readonly Fence[]): Promise<ReadonlySet<string>> {
    const rows = await db.delivery.findMany({
      where: { id: { in: fences.map(({ deliveryId }) => deliveryId) } },
      select: { id: true, pass: true, commitSequence: true },
    })
    const isCommitted = ({ deliveryId, pass, sequence }: Fence) =>
      rows.some((row) => row.id === deliveryId && row.pass === pass && row.commitSequence === sequence + 1)
    return new Set(fences.filter(isCommitted).map(({ deliveryId }) => deliveryId))
  }

  function transact(groups: readonly (readonly [Fence, readonly Queued[]])[]): Promise<ReadonlySet<string>> {
    return db.$transaction(async (tx) => {
      const open = await passFences(tx, groups)
      const writes = groups.filter(([{ deliveryId }]) => open.has(deliveryId))
      for (const [fence, queued] of writes) await writeRows(tx, fence, queued)
      await count(tx, writes)
      return open
    })
  }

  return {
    commit(fence, write) {
      return new Promise((resolve, reject) => {
        queue.push({ fence, write, resolve, reject })
        if (!isRunning) void run()
      })
    },
  }
}

type Transaction = Prisma.TransactionClient
type Group = readonly [Fence, readonly Queued[]]

/** Moves each delivery on, where pass and sequence still hold; returns those that did. */
async function passFences(tx: Transaction, groups: readonly Group[]): Promise<ReadonlySet<string>> {
  const sums = groups.map(([, queued]) => sumOf(queued))
  const columns = columnsOf([...terms, 'retries'])
  const rows = await tx.$queryRaw<{ readonly id: string }[]>`
    UPDATE delivery AS d
    SET commit_sequence = d.commit_sequence + 1, last_commit_at = now(), ${columns.increments('d')}
    FROM unnest(
      ${groups.map(([{ deliveryId }]) => deliveryId)}::uuid[],
      ${groups.map(([{ pass }]) => pass)}::int[],
      ${groups.map(([{ sequence }]) => sequence)}::int[],
      ${columns.arrays(sums)}
    ) AS u(id, pass, sequence, ${columns.names})
    WHERE d.id = u.id AND d.pass = u.pass AND d.commit_sequence = u.sequence
      AND d.state NOT IN ('COMPLETED', 'CANCELLED')
    RETURNING d.id`
  return new Set(rows.map(({ id }) => id))
}

async function writeRows(tx: Transaction, { deliveryId }: Fence, queued: readonly Queued[]): Promise<void> {
  const newSlices = queued.flatMap(({ write }) => write.newSlices)
  if (newSlices.length > 0) await tx.slice.createMany({ data: newSlices })
  const settled = queued.flatMap(({ write }) => write.settledSlices)
  if (settled.length > 0) {
    await tx.slice.updateMany({
      where: { deliveryId, index: { in: settled }, settledAt: null },
      data: { settledAt: new Date() },
    })
  }
  const exceptions = queued.flatMap(({ write }) => write.newExceptions)
  if (exceptions.length > 0) await tx.deliveryException.createMany({ data: exceptions })
  const over = queued.flatMap(({ write }) => write.overExceptions)
  if (over.length > 0) await tx.deliveryException.deleteMany({ where: { deliveryId, id: { in: over } } })
  // Items that went the same way are one statement.
  const changed = queued.flatMap(({ write }) => write.changedExceptions)
  for (const same of groupBy(changed, ({ data }) => JSON.stringify(data)).values()) {
    const [first] = same
    if (first === undefined) continue
    await tx.deliveryException.updateMany({
      where: { deliveryId, id: { in: same.map(({ id }) => id) } },
      data: first.data,
    })
  }
}

/** Lane totals and minute buckets in the same transaction, and the word that they changed: ids only. */
async function count(tx: Transaction, groups: readonly Group[]): Promise<void> {
  if (groups.length === 0) return
  const columns = columnsOf(counted)
  const byLane = [...groupBy(groups, ([{ laneId }]) => laneId).values()]
  const lanes = byLane.flatMap(([first]) => (first === undefined ? [] : [first[0]]))
  const sums = byLane.map((same) => sumOf(same.flatMap(([, queued]) => queued)))
  await tx.$executeRaw`
    UPDATE lane AS d SET ${columns.increments('d')}
    FROM unnest(${lanes.map(({ laneId }) => laneId)}::uuid[], ${columns.arrays(sums)}) AS u(id, ${columns.names})
    WHERE d.id = u.id`
  await tx.$executeRaw`
    INSERT INTO metric_minute AS d (workspace_id, action_id, minute, ${columns.names})
    SELECT workspace_id, action_id, date_trunc('minute', now()), ${columns.sums}
    FROM unnest(
      ${lanes.map(({ workspaceId }) => workspaceId)}::uuid[],
      ${lanes.map(({ actionId }) => actionId)}::uuid[],
      ${columns.arrays(sums)}
    ) AS u(workspace_id, action_id, ${columns.names})
    GROUP BY workspace_id, action_id
    ON CONFLICT (action_id, minute) DO UPDATE SET ${columns.onConflict}`
  for (const actionId of new Set(lanes.map((lane) => lane.actionId))) await announce(tx, actionId)
}

/** Tells every server process that an action's progress changed. */
export async function announce(tx: Transaction, actionId: string): Promise<void> {
  await tx.$executeRaw`SELECT pg_notify('sluice_progress', ${JSON.stringify({ a: actionId })})`
}

function sumOf(queued: readonly Queued[]): Counts {
  const sum: Partial<Record<(typeof counted)[number], number>> = {}
  for (const { write } of queued) {
    for (const name of counted) sum[name] = (sum[name] ?? 0) + (write.counts[name] ?? 0)
  }
  return sum
}

/** The SQL of counting columns; their names are ours, their values parameters. */
function columnsOf(names: readonly (Term | 'retries' | 'requests')[]) {
  const each = (sql: (name: string) => string) => Prisma.raw(names.map(sql).join(', '))
  return {
    names: each((name) => name),
    sums: each((name) => `sum(${name})`),
    increments: (table: string) => each((name) => `${name} = ${table}.${name} + u.${name}`),
    onConflict: each((name) => `${name} = d.${name} + excluded.${name}`),
    arrays: (sums: readonly Counts[]) =>
      Prisma.join(names.map((name) => Prisma.sql`${sums.map((sum) => sum[name] ?? 0)}::bigint[]`)),
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
