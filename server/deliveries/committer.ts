/** The one writer of progress in a worker: every few milliseconds one transaction for all its passes. */
import { setTimeout as pause } from 'node:timers/promises'
import { v7 as uuidv7 } from 'uuid'
import { type Counts, terms } from '../../engine/delivering/outcome.ts'
import { FencedError } from '../../engine/delivering/progress.ts'
import {
  type DeadLetterOutcome,
  type ExceptionState,
  Prisma,
  type PrismaClient,
  type Reporter,
} from '../../prisma/generated/client/client.ts'
import { progressChannel } from '../metrics/progress-channel.ts'
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

/** A new exception, sealed. */
export interface SealedException {
  readonly slice: number
  readonly ordinal: number
  readonly position: Uint8Array
  readonly lastPosition?: Uint8Array
  readonly count?: number
  readonly recipientHash?: Uint8Array
  readonly state: ExceptionState
  readonly outcome?: DeadLetterOutcome
  readonly reporter: Reporter
  readonly code: string
  readonly parameterPath?: string
  readonly attempts?: number
  readonly dueAt?: Date
}

/** Rows of one write, sealed: nothing in them can be read without the workspace's key. */
export interface SealedWrite {
  readonly newSlices: readonly {
    readonly index: number
    readonly boundary: Uint8Array
    readonly matched: number
  }[]
  readonly settledSlices: readonly number[]
  readonly newExceptions: readonly SealedException[]
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

const tickMs = 50
const attempts = 5

const countNames = [...terms, 'retries', 'requests'] as const
type CountName = (typeof countNames)[number]
const counted = columnsOf(countNames)
/** A delivery's row does not count requests. */
const onDelivery = columnsOf(countNames.filter((name) => name !== 'requests'))

/** Makes the committer of a worker. */
export function createCommitter({ db }: { readonly db: PrismaClient }): Committer {
  let queue: Queued[] = []
  let isRunning = false

  async function run(): Promise<void> {
    isRunning = true
    while (queue.length > 0) {
      const startedAt = performance.now()
      const { now, later } = oneFenceADelivery(queue)
      queue = later
      await flush(now)
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
      // One pass's bad write must not take the others' down with it.
      if (groups.length > 1) for (const [, writes] of groups) await flush(writes)
      else for (const each of batch) each.reject(error)
    }
  }

  /** Repeats a failed transaction only where the sequence proves that it was not committed. */
  async function commitOnce(groups: readonly Group[]): Promise<ReadonlySet<string>> {
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

  /** Most flushes are one statement; changes of exceptions come with others, in the same transaction. */
  function transact(groups: readonly Group[]): Promise<ReadonlySet<string>> {
    const hasChanges = groups.some(([, queued]) => queued.some(({ write }) => changesExceptions(write)))
    if (!hasChanges) return commitProgress(db, groups)
    return db.$transaction(async (tx) => {
      const open = await commitProgress(tx, groups)
      for (const [fence, queued] of groups) {
        if (open.has(fence.deliveryId)) await changeExceptions(tx, fence, queued)
      }
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

/** A zombie and its successor, in one process, must not meet in one statement: what is fenced is a delivery. */
function oneFenceADelivery(queue: readonly Queued[]): { readonly now: Queued[]; readonly later: Queued[] } {
  const first = new Map<string, Fence>()
  for (const { fence } of queue) if (!first.has(fence.deliveryId)) first.set(fence.deliveryId, fence)
  const isFirst = ({ fence }: Queued) => first.get(fence.deliveryId) === fence
  return { now: queue.filter(isFirst), later: queue.filter((each) => !isFirst(each)) }
}

type Transaction = Prisma.TransactionClient
type Group = readonly [Fence, readonly Queued[]]

/**
 * Moves each delivery on where pass and sequence still hold, and with it its slices, its lane's totals, its
 * minute's metrics and the word that they changed: one statement, so all or nothing. Returns those that moved.
 */
async function commitProgress(db: Transaction, groups: readonly Group[]): Promise<ReadonlySet<string>> {
  const passes = groups.map(([{ deliveryId: id, pass, sequence }, queued]) => ({
    id,
    pass,
    sequence,
    ...sumOf(queued),
  }))
  const newSlices = groups.flatMap(([{ deliveryId }, queued]) =>
    queued.flatMap(({ write }) =>
      write.newSlices.map(({ boundary, index, matched }) => ({
        delivery_id: deliveryId,
        index,
        boundary: Buffer.from(boundary).toString('base64'),
        matched,
      })),
    ),
  )
  const settled = groups.flatMap(([{ deliveryId }, queued]) =>
    queued.flatMap(({ write }) => write.settledSlices.map((index) => ({ delivery_id: deliveryId, index }))),
  )
  const newExceptions = groups.flatMap(([{ deliveryId }, queued]) =>
    queued.flatMap(({ write }) =>
      write.newExceptions.map((exception) => exceptionRow(deliveryId, exception)),
    ),
  )
  // Rows go as one JSON text each: arrays cost the client a conversion an element.
  const rows = await db.$queryRaw<{ readonly id: string }[]>`
    WITH pass AS (
      UPDATE delivery AS d
      SET commit_sequence = d.commit_sequence + 1, last_commit_at = now(), ${onDelivery.increments('d', 'u')}
      FROM jsonb_to_recordset(${JSON.stringify(passes)}::jsonb)
        AS u(id uuid, pass int, sequence int, ${counted.definitions})
      WHERE d.id = u.id AND d.pass = u.pass AND d.commit_sequence = u.sequence
        AND d.state NOT IN ('COMPLETED', 'CANCELLED')
      RETURNING d.id, d.workspace_id, d.lane_id, d.action_id, ${counted.of('u')}
    ), new_slice AS (
      INSERT INTO slice (delivery_id, workspace_id, index, boundary, matched)
      SELECT pass.id, pass.workspace_id, s.index, decode(s.boundary, 'base64'), s.matched
      FROM jsonb_to_recordset(${JSON.stringify(newSlices)}::jsonb)
        AS s(delivery_id uuid, index int, boundary text, matched int)
      JOIN pass ON pass.id = s.delivery_id
    ), settled_slice AS (
      UPDATE slice SET settled_at = now()
      FROM jsonb_to_recordset(${JSON.stringify(settled)}::jsonb) AS s(delivery_id uuid, index int)
      JOIN pass ON pass.id = s.delivery_id
      WHERE slice.delivery_id = s.delivery_id AND slice.index = s.index AND slice.settled_at IS NULL
    ), new_exception AS (
      INSERT INTO delivery_exception (
        id, workspace_id, delivery_id, slice, ordinal, position, last_position, count, recipient_hash,
        state, outcome, reporter, code, parameter_path, attempts, due_at
      )
      SELECT e.id, pass.workspace_id, pass.id, e.slice, e.ordinal, decode(e.position, 'base64'),
        decode(e.last_position, 'base64'), e.count, decode(e.recipient_hash, 'base64'),
        e.state::exception_state, e.outcome::dead_letter_outcome, e.reporter::reporter, e.code, e.parameter_path,
        e.attempts, e.due_at
      FROM jsonb_to_recordset(${JSON.stringify(newExceptions)}::jsonb) AS e(
        id uuid, delivery_id uuid, slice int, ordinal int, position text, last_position text, count int,
        recipient_hash text, state text, outcome text, reporter text, code text, parameter_path text,
        attempts int, due_at timestamptz
      )
      JOIN pass ON pass.id = e.delivery_id
    ), lane_total AS (
      UPDATE lane SET ${counted.increments('lane', 't')}
      FROM (SELECT lane_id, ${counted.sums} FROM pass GROUP BY lane_id) AS t
      WHERE lane.id = t.lane_id
    ), minute AS (
      INSERT INTO metric_minute AS m (workspace_id, action_id, minute, ${counted.names})
      SELECT workspace_id, action_id, date_trunc('minute', now()), ${counted.sums}
      FROM pass GROUP BY workspace_id, action_id
      ON CONFLICT (action_id, minute) DO UPDATE SET ${counted.increments('m', 'excluded')}
    )
    SELECT id, pg_notify(${progressChannel}, json_build_object('a', action_id)::text)::text FROM pass`
  return new Set(rows.map(({ id }) => id))
}

/** An exception as the statement reads it: bytes as base64. Its id grows with time, like all others. */
function exceptionRow(deliveryId: string, exception: SealedException) {
  const text = (bytes: Uint8Array | undefined) =>
    bytes === undefined ? null : Buffer.from(bytes).toString('base64')
  return {
    id: uuidv7(),
    delivery_id: deliveryId,
    slice: exception.slice,
    ordinal: exception.ordinal,
    position: text(exception.position),
    last_position: text(exception.lastPosition),
    count: exception.count ?? 1,
    recipient_hash: text(exception.recipientHash),
    state: exception.state,
    outcome: exception.outcome ?? null,
    reporter: exception.reporter,
    code: exception.code,
    parameter_path: exception.parameterPath ?? null,
    attempts: exception.attempts ?? 0,
    due_at: exception.dueAt ?? null,
  }
}

function changesExceptions({ changedExceptions, overExceptions }: SealedWrite): boolean {
  return changedExceptions.length > 0 || overExceptions.length > 0
}

async function changeExceptions(
  tx: Transaction,
  { deliveryId }: Fence,
  queued: readonly Queued[],
): Promise<void> {
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

/** Tells every server process that an action's progress changed: ids only. */
export async function announce(tx: Transaction, actionId: string): Promise<void> {
  await tx.$executeRaw`SELECT pg_notify(${progressChannel}, ${JSON.stringify({ a: actionId })})`
}

function sumOf(queued: readonly Queued[]): Counts {
  const sum: Partial<Record<CountName, number>> = {}
  for (const { write } of queued) {
    for (const name of countNames) sum[name] = (sum[name] ?? 0) + (write.counts[name] ?? 0)
  }
  return sum
}

/** The SQL of counting columns: their names are ours, their values parameters. */
function columnsOf(names: readonly CountName[]) {
  const each = (sql: (name: string) => string) => Prisma.raw(names.map(sql).join(', '))
  return {
    names: each((name) => name),
    of: (table: string) => each((name) => `${table}.${name}`),
    sums: each((name) => `sum(${name})::bigint AS ${name}`),
    increments: (table: string, by: string) => each((name) => `${name} = ${table}.${name} + ${by}.${name}`),
    definitions: each((name) => `${name} bigint`),
  }
}
