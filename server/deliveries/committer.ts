/** The one writer of progress in a worker: every few milliseconds one transaction for all its passes. */
import { setTimeout as pause } from 'node:timers/promises'
import { v7 as uuidv7 } from 'uuid'
import { type Counts, terms } from '../../engine/delivering/outcome.ts'
import { FencedError } from '../../engine/delivering/progress.ts'
import type { Place as TemplatePlace } from '../../engine/templates/problem.ts'
import {
  type DeadLetterOutcome,
  type ExceptionState,
  Prisma,
  type PrismaClient,
  type Reporter,
} from '../../prisma/generated/client/client.ts'
import { bucketsOfNow } from '../metrics/buckets.ts'
import { deliveryNotice } from '../metrics/progress-channel.ts'
import { groupBy } from './group-by.ts'
import { type Lease, leaseSeconds } from './lease.ts'

/** The pass that a write belongs to. Its sequence counts the commits that the delivery has seen. */
export interface Fence {
  readonly workspaceId: string
  readonly deliveryId: string
  readonly laneId: string
  readonly actionId: string
  readonly pass: number
  readonly lease: Lease
  sequence: number
  /** Why a write of the pass failed: then none after it may be committed, which would leave a gap. */
  failure: { readonly error: unknown } | null
}

/** What an exception says, in the columns' names; bytes as base64, instants as ISO text. */
export interface ExceptionRow {
  readonly state: ExceptionState
  readonly outcome: DeadLetterOutcome | null
  readonly reporter: Reporter
  readonly code: string
  readonly parameter_path: string | null
  readonly template_place: TemplatePlace | null
  /** Null: as many as before. */
  readonly attempts: number | null
  /** Null: as before. */
  readonly stage: number | null
  readonly job: string | null
  readonly due_at: string | null
  readonly quarantined_until: string | null
}

/** Rows of one write, sealed: nothing in them can be read without the workspace's key. */
export interface SealedWrite {
  readonly newSlices: readonly {
    readonly index: number
    readonly boundary: string
    readonly matched: number
  }[]
  readonly startedSlices: readonly { readonly index: number; readonly mark: string }[]
  readonly startedExceptions: readonly string[]
  readonly settledSlices: readonly number[]
  readonly newExceptions: readonly (ExceptionRow & {
    readonly slice: number
    readonly ordinal: number
    readonly position: string
    readonly last_position: string | null
    readonly count: number
    readonly recipient_hash: string | null
    readonly row_hash: string | null
    readonly first_at: string | null
  })[]
  readonly overExceptions: readonly string[]
  readonly changedExceptions: readonly (ExceptionRow & {
    readonly id: string
    /** Null: it stays. */
    readonly recipient_hash: string | null
    readonly first_at: string | null
  })[]
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
  /** What is queued is committed without a rest: somebody has nothing else to do than to wait for it. */
  hurry(): void
}

/** The longest rest between commits, counted from start to start: one that took longer is followed at once. */
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
  let isHurried = false
  let endRest: (() => void) | null = null

  async function run(): Promise<void> {
    isRunning = true
    while (queue.length > 0) {
      const startedAt = performance.now()
      isHurried = false
      const { now, later } = oneFenceADelivery(queue)
      queue = later
      // A write may have been queued while an earlier one of its pass failed.
      for (const { fence, reject } of now) if (fence.failure !== null) reject(fence.failure.error)
      await flush(now.filter(({ fence }) => fence.failure === null))
      const took = performance.now() - startedAt
      // A short commit costs little: the next may follow sooner, so that a small delivery is over sooner.
      const rest = Math.min(tickMs - took, took)
      if (rest > 0 && !isHurried) await sleep(rest)
    }
    isRunning = false
  }

  /** Ends early when somebody hurries. */
  function sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms)
      endRest = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }

  async function flush(batch: readonly Queued[]): Promise<void> {
    if (batch.length === 0) return
    const groups = [...groupBy(batch, ({ fence }) => fence).entries()]
    const begunAt = performance.now()
    try {
      const committed = await commitOnce(groups)
      for (const [fence, writes] of groups) {
        const isCommitted = committed.has(fence.deliveryId)
        if (isCommitted) {
          fence.sequence += 1
          fence.lease.extend(begunAt)
        }
        for (const each of writes) isCommitted ? each.resolve() : each.reject(new FencedError())
      }
    } catch (error) {
      // One pass's bad write must not take the others' down with it.
      if (groups.length > 1) for (const [, writes] of groups) await flush(writes)
      else
        for (const { fence, reject } of batch) {
          fence.failure ??= { error }
          reject(error)
        }
    }
  }

  /** Repeats a failed transaction only where the sequence proves that it was not committed. */
  async function commitOnce(groups: readonly Group[]): Promise<ReadonlySet<string>> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        const moved = await commitProgress(db, groups)
        if (attempt === 1 || moved.size === groups.length) return moved
        // The first try may have been under way still when it was looked for.
        return new Set([...moved, ...(await alreadyCommitted(groups.map(([fence]) => fence)))])
      } catch (error) {
        if (isCountedTwice(error)) throw new CountedTwiceError()
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

  return {
    commit(fence, write) {
      return new Promise((resolve, reject) => {
        queue.push({ fence, write, resolve, reject })
        if (!isRunning) void run()
      })
    },
    hurry() {
      if (queue.length === 0) return
      isHurried = true
      endRest?.()
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

/** A pass settles what is settled, or is not its to settle: a defect of Sluice. Nothing of the commit holds. */
export class CountedTwiceError extends Error {
  override readonly name = 'CountedTwiceError'
  readonly code = 'counted_twice'
  constructor() {
    super('An outcome would have counted twice, so nothing was committed. Please report this defect.')
  }
}

/** PostgreSQL's division by zero, on which the statement guards itself. */
function isCountedTwice(error: unknown): boolean {
  return error instanceof Prisma.PrismaClientKnownRequestError && error.message.includes('22012')
}

type Group = readonly [Fence, readonly Queued[]]

/**
 * Moves each delivery on where pass and sequence still hold, and with it its slices and exceptions, its lane's
 * totals, its metric buckets and the word that they changed: one statement, so all or nothing. Returns those
 * that moved. It fails as a whole where an outcome would count twice: a slice that is settled already, or an
 * exception that this pass has not claimed.
 */
async function commitProgress(db: PrismaClient, groups: readonly Group[]): Promise<ReadonlySet<string>> {
  const passes = groups.map(([{ deliveryId: id, pass, sequence }, queued]) => ({
    id,
    pass,
    sequence,
    outcomes: queued.reduce((sum, { write }) => sum + outcomesIn(write), 0),
    ...sumOf(queued),
  }))
  /** Rows go as one JSON text each: arrays cost the client a conversion an element. */
  const rowsOf = <Row extends object>(rows: (write: SealedWrite) => readonly Row[]) =>
    JSON.stringify(
      groups.flatMap(([{ deliveryId }, queued]) =>
        queued.flatMap(({ write }) => rows(write).map((row) => ({ ...row, delivery_id: deliveryId }))),
      ),
    )
  const named = (ids: readonly string[]) => ids.map((id) => ({ id }))
  const newSlices = rowsOf(({ newSlices }) => newSlices)
  const startedSlices = rowsOf(({ startedSlices }) => startedSlices)
  const settledSlices = rowsOf(({ settledSlices }) => settledSlices.map((index) => ({ index })))
  const newExceptions = rowsOf(({ newExceptions }) => newExceptions.map((row) => ({ ...row, id: uuidv7() })))
  const startedExceptions = rowsOf(({ startedExceptions }) => named(startedExceptions))
  const overExceptions = rowsOf(({ overExceptions }) => named(overExceptions))
  const changedExceptions = rowsOf(({ changedExceptions }) => changedExceptions)
  const moved = await db.$queryRaw<{ readonly id: string }[]>`
    WITH pass AS (
      UPDATE delivery AS d
      SET commit_sequence = d.commit_sequence + 1, last_commit_at = now(),
        lease_until = now() + make_interval(secs => ${leaseSeconds}::int), ${onDelivery.increments('d', 'u')}
      FROM jsonb_to_recordset(${JSON.stringify(passes)}::jsonb)
        AS u(id uuid, pass int, sequence int, outcomes int, ${counted.definitions})
      WHERE d.id = u.id AND d.pass = u.pass AND d.commit_sequence = u.sequence
        AND d.state NOT IN ('COMPLETED', 'CANCELLED')
      RETURNING d.id, d.workspace_id, d.lane_id, d.action_id, d.sequence AS lane_sequence, d.pass, u.outcomes,
        ${counted.of('u')}
    ), new_slice AS (
      INSERT INTO slice (delivery_id, workspace_id, index, boundary, matched)
      SELECT pass.id, pass.workspace_id, s.index, decode(s.boundary, 'base64'), s.matched
      FROM jsonb_to_recordset(${newSlices}::jsonb) AS s(delivery_id uuid, index int, boundary text, matched int)
      JOIN pass ON pass.id = s.delivery_id
    ), started_slice AS (
      UPDATE slice SET started = slice.started || s.marks
      FROM (
        SELECT delivery_id, index, array_agg(decode(mark, 'base64')) AS marks
        FROM jsonb_to_recordset(${startedSlices}::jsonb) AS s(delivery_id uuid, index int, mark text)
        GROUP BY delivery_id, index
      ) AS s
      JOIN pass ON pass.id = s.delivery_id
      WHERE slice.delivery_id = s.delivery_id AND slice.index = s.index
    ), settled_slice AS (
      UPDATE slice SET settled_at = now()
      FROM jsonb_to_recordset(${settledSlices}::jsonb) AS s(delivery_id uuid, index int)
      JOIN pass ON pass.id = s.delivery_id
      WHERE slice.delivery_id = s.delivery_id AND slice.index = s.index AND slice.settled_at IS NULL
      RETURNING slice.index
    ), new_exception AS (
      INSERT INTO delivery_exception (
        id, workspace_id, delivery_id, lane_id, lane_sequence, slice, ordinal, position, last_position, count,
        recipient_hash, row_hash, state, outcome, reporter, code, parameter_path, template_place, attempts, stage, job, first_at,
        due_at, quarantined_until
      )
      SELECT e.id, pass.workspace_id, pass.id, pass.lane_id, pass.lane_sequence, e.slice, e.ordinal,
        decode(e.position, 'base64'), decode(e.last_position, 'base64'), e.count,
        decode(e.recipient_hash, 'base64'), decode(e.row_hash, 'base64'), e.state::exception_state,
        e.outcome::dead_letter_outcome, e.reporter::reporter, e.code, e.parameter_path, e.template_place,
        coalesce(e.attempts, 0), coalesce(e.stage, 0), decode(e.job, 'base64'),
        -- A dead letter of a first try was tried just now.
        CASE WHEN e.state = 'DEAD' AND e.outcome <> 'REJECTED' THEN now() ELSE e.first_at END, e.due_at,
        e.quarantined_until
      FROM jsonb_to_recordset(${newExceptions}::jsonb) AS e(
        id uuid, delivery_id uuid, slice int, ordinal int, position text, last_position text, count int,
        row_hash text, ${exceptionColumns}
      )
      JOIN pass ON pass.id = e.delivery_id
    ), started_exception AS (
      UPDATE delivery_exception AS e SET started_at = now()
      FROM jsonb_to_recordset(${startedExceptions}::jsonb) AS s(delivery_id uuid, id uuid)
      JOIN pass ON pass.id = s.delivery_id
      WHERE e.id = s.id
    ), over_exception AS (
      DELETE FROM delivery_exception AS e
      USING jsonb_to_recordset(${overExceptions}::jsonb) AS o(delivery_id uuid, id uuid)
      JOIN pass ON pass.id = o.delivery_id
      WHERE e.id = o.id AND e.delivery_id = o.delivery_id AND e.state = 'TRYING' AND e.claim_pass = pass.pass
      RETURNING e.id
    ), changed_exception AS (
      UPDATE delivery_exception AS e
      SET state = c.state::exception_state, outcome = c.outcome::dead_letter_outcome,
        reporter = c.reporter::reporter, code = c.code, parameter_path = c.parameter_path,
        template_place = c.template_place, attempts = coalesce(c.attempts, e.attempts), stage = coalesce(c.stage, e.stage),
        job = decode(c.job, 'base64'), first_at = coalesce(e.first_at, c.first_at),
        due_at = c.due_at, quarantined_until = c.quarantined_until, started_at = NULL,
        recipient_hash = coalesce(decode(c.recipient_hash, 'base64'), e.recipient_hash)
      FROM jsonb_to_recordset(${changedExceptions}::jsonb) AS c(id uuid, delivery_id uuid, ${exceptionColumns})
      JOIN pass ON pass.id = c.delivery_id
      WHERE e.id = c.id AND e.delivery_id = c.delivery_id AND e.state = 'TRYING' AND e.claim_pass = pass.pass
      RETURNING e.id
    ), lane_total AS (
      UPDATE lane SET ${counted.increments('lane', 't')}
      FROM (SELECT lane_id, ${counted.sums} FROM pass GROUP BY lane_id) AS t
      WHERE lane.id = t.lane_id
    ), bucket AS (
      INSERT INTO metric_bucket AS m (workspace_id, action_id, grain, start, ${counted.names})
      SELECT workspace_id, action_id, grain, start, ${counted.sums}
      FROM pass CROSS JOIN ${bucketsOfNow} GROUP BY workspace_id, action_id, grain, start
      ORDER BY action_id, grain
      ON CONFLICT (action_id, grain, start) DO UPDATE SET ${counted.increments('m', 'excluded')}
    ), outcome AS (
      SELECT (SELECT count(*) FROM settled_slice) + (SELECT count(*) FROM over_exception)
        + (SELECT count(*) FROM changed_exception) AS counted, (SELECT sum(outcomes) FROM pass) AS expected
    )
    SELECT id, ${deliveryNotice}::text,
      -- A division by zero, and so no change at all, where an outcome would count twice.
      (SELECT 1 / CASE WHEN counted = expected THEN 1 ELSE 0 END FROM outcome) AS guard
    FROM pass`
  return new Set(moved.map(({ id }) => id))
}

const exceptionColumns = Prisma.raw(
  `recipient_hash text, state text, outcome text, reporter text, code text, parameter_path text,
   template_place jsonb, attempts int, stage int, job text, first_at timestamptz, due_at timestamptz, quarantined_until timestamptz`,
)

/** How many rows a write must find as it expects them. */
function outcomesIn({ changedExceptions, overExceptions, settledSlices }: SealedWrite): number {
  return changedExceptions.length + overExceptions.length + settledSlices.length
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
