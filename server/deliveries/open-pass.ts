/** Begins a pass over a delivery and gives the engine its progress: PostgreSQL behind the engine's port. */
import type { DeadLetter, Waiting } from '../../engine/delivering/outcome.ts'
import {
  type ExceptionChange,
  FencedError,
  type NewException,
  type PassEnd,
  type PassProgress,
  type PassStart,
  type ProgressWrite,
} from '../../engine/delivering/progress.ts'
import type { Position } from '../../engine/reading/position.ts'
import type { Delivery, Prisma, PrismaClient } from '../../prisma/generated/client/client.ts'
import { openPosition, sealPosition } from '../sources/sealed-position.ts'
import type { WorkspaceKey } from '../workspaces/keys.ts'
import { announce, type Committer, type Fence, type SealedWrite } from './committer.ts'

interface Deps {
  readonly db: PrismaClient
  readonly committer: Committer
  workspaceKey(workspaceId: string): Promise<WorkspaceKey>
  readonly now: () => number
}

export interface OpenPass {
  readonly delivery: Delivery
  readonly progress: PassProgress
  /** Tells people why the delivery stands; a zombie's failure is nobody's business and touches no row. */
  noteFailure(code: string): Promise<void>
  /** Stops watching for pauses. */
  close(): void
}

const watchMs = 500
const reporters = { sluice: 'SLUICE', vendor: 'VENDOR' } as const
const outcomes = {
  rejected: 'REJECTED',
  refused: 'REFUSED',
  exhausted: 'EXHAUSTED',
  unknown: 'UNKNOWN',
} as const

/** Null when the delivery is over or gone. The number of the pass is taken from the database here. */
export async function openPass(deps: Deps, deliveryId: string): Promise<OpenPass | null> {
  const { db } = deps
  const delivery = await beginPass(db, deliveryId)
  if (delivery === null) return null
  const key = await deps.workspaceKey(delivery.workspaceId)
  const open = (sealed: Uint8Array) => openPosition(key, sealed)

  const fence: Fence = {
    workspaceId: delivery.workspaceId,
    deliveryId,
    laneId: delivery.laneId,
    actionId: delivery.actionId,
    pass: delivery.pass,
    sequence: delivery.commitSequence,
  }
  const start = await loadStart(db, delivery, open)
  const watch = await watchForStop(db, delivery)

  /** A change of the delivery's own row, outside the committer: fenced by the pass all the same. */
  async function change(data: Prisma.DeliveryUncheckedUpdateManyInput, slices?: 'forget'): Promise<void> {
    const isOurs = await db.$transaction(async (tx) => {
      const { count } = await tx.delivery.updateMany({
        where: { id: deliveryId, pass: fence.pass, state: { notIn: ['COMPLETED', 'CANCELLED'] } },
        data: { ...data, lastCommitAt: new Date() },
      })
      if (count === 1 && slices === 'forget') await tx.slice.deleteMany({ where: { deliveryId } })
      if (count === 1) await announce(tx, fence.actionId)
      return count === 1
    })
    if (!isOurs) throw new FencedError()
  }

  async function end(end: PassEnd): Promise<void> {
    switch (end.kind) {
      case 'completed':
        await assertNothingWaits(db, deliveryId)
        return change(
          { state: 'COMPLETED', completedAt: new Date(), waitingUntil: null, errorCode: null },
          'forget',
        )
      case 'waiting': {
        const [first] = await db.deliveryException.findMany({
          where: { deliveryId, state: 'WAITING' },
          orderBy: { dueAt: 'asc' },
          take: 1,
          select: { code: true },
        })
        return change({ state: 'WAITING', waitingUntil: new Date(end.dueAt), errorCode: first?.code ?? null })
      }
      case 'paused':
        return change({ state: 'PAUSED', waitingUntil: null, errorCode: null })
    }
  }

  const progress: PassProgress = {
    start,
    write: (write) => deps.committer.commit(fence, sealWrite(write, key)),
    async claimDue(limit) {
      const rows = await db.$queryRaw<
        readonly {
          id: string
          slice: number
          ordinal: number
          position: Uint8Array
          attempts: number
          first_at: Date
        }[]
      >`
        UPDATE delivery_exception AS e SET state = 'TRYING', claim_pass = ${fence.pass}
        FROM (
          SELECT x.id FROM delivery_exception AS x JOIN delivery AS d ON d.id = x.delivery_id
          WHERE x.delivery_id = ${deliveryId}::uuid AND x.state = 'WAITING' AND x.due_at <= ${new Date(deps.now())}
            AND d.pass = ${fence.pass}
          ORDER BY x.slice, x.ordinal LIMIT ${limit}
        ) AS due
        WHERE e.id = due.id
        RETURNING e.id, e.slice, e.ordinal, e.position, e.attempts, e.first_at`
      return rows
        .map(({ first_at, position, ...row }) => ({
          ...row,
          position: open(position),
          firstAt: first_at.getTime(),
        }))
        .sort((a, b) => a.slice - b.slice || a.ordinal - b.ordinal)
    },
    async earliestDue() {
      const { _min } = await db.deliveryException.aggregate({
        where: { deliveryId, state: { in: ['WAITING', 'TRYING'] } },
        _min: { dueAt: true },
      })
      return _min.dueAt?.getTime() ?? null
    },
    markFirstPassDone: () => change({ isFirstPassDone: true }),
    isStopped: watch.isStopped,
    async pauseAction(reason) {
      await db.action.updateMany({
        where: { id: fence.actionId, workspaceId: fence.workspaceId, pausedAt: null },
        data: { pausedAt: new Date(), pauseReason: reason },
      })
    },
    end,
  }
  async function noteFailure(errorCode: string): Promise<void> {
    await db.delivery.updateMany({
      where: { id: deliveryId, pass: fence.pass, state: { notIn: ['COMPLETED', 'CANCELLED'] } },
      data: { errorCode },
    })
  }
  return { delivery, progress, noteFailure, close: watch.close }
}

async function beginPass(db: PrismaClient, deliveryId: string): Promise<Delivery | null> {
  return db.$transaction(async (tx) => {
    const { count } = await tx.delivery.updateMany({
      where: { id: deliveryId, state: { notIn: ['COMPLETED', 'CANCELLED'] } },
      data: {
        pass: { increment: 1 },
        commitSequence: { increment: 1 },
        state: 'RUNNING',
        waitingUntil: null,
        lastCommitAt: new Date(),
      },
    })
    if (count === 0) return null
    // What an earlier pass had claimed and not settled waits again.
    await tx.deliveryException.updateMany({
      where: { deliveryId, state: 'TRYING' },
      data: { state: 'WAITING' },
    })
    return tx.delivery.findUniqueOrThrow({ where: { id: deliveryId } })
  })
}

async function loadStart(
  db: PrismaClient,
  delivery: Delivery,
  open: (sealed: Uint8Array) => Position,
): Promise<PassStart> {
  const slices = delivery.isFirstPassDone
    ? []
    : await db.slice.findMany({ where: { deliveryId: delivery.id }, orderBy: { index: 'asc' } })
  return {
    stretch: { after: delivery.after === null ? null : open(delivery.after), until: open(delivery.until) },
    createdAt: delivery.createdAt.getTime(),
    isFirstPassDone: delivery.isFirstPassDone,
    slices: slices.map(({ index, boundary, matched, settledAt }) => ({
      index,
      boundary: open(boundary),
      matched,
      isSettled: settledAt !== null,
    })),
  }
}

function sealWrite(write: ProgressWrite, key: WorkspaceKey): SealedWrite {
  const changes = write.exceptionChanges ?? []
  return {
    newSlices: (write.newSlices ?? []).map(({ index, boundary, matched }) => ({
      index,
      boundary: sealPosition(key, boundary),
      matched,
    })),
    settledSlices: write.settledSlices ?? [],
    newExceptions: (write.newExceptions ?? []).map((exception) => ({
      slice: exception.slice,
      ordinal: exception.ordinal,
      position: sealPosition(key, exception.position),
      ...placeOf(exception, key),
    })),
    overExceptions: changes.flatMap(({ id, kind }) => (kind === 'over' ? [id] : [])),
    changedExceptions: changes.flatMap((change) =>
      change.kind === 'over' ? [] : [{ id: change.id, data: changeOf(change) }],
    ),
    counts: write.counts ?? {},
  }
}

function placeOf(exception: NewException, key: WorkspaceKey) {
  if (exception.kind === 'dead') {
    const { count, lastPosition } = exception
    return {
      ...deadOf(exception),
      count,
      ...(count > 1 ? { lastPosition: sealPosition(key, lastPosition) } : {}),
    }
  }
  return { ...waitingOf(exception), recipientHash: key.hash(exception.recipient) }
}

function changeOf(
  change: Exclude<ExceptionChange, { kind: 'over' }>,
): Prisma.DeliveryExceptionUncheckedUpdateManyInput {
  return change.kind === 'dead' ? { ...deadOf(change), dueAt: null } : waitingOf(change)
}

function deadOf({ outcome, reporter, code, path }: DeadLetter) {
  return {
    state: 'DEAD' as const,
    outcome: outcomes[outcome],
    reporter: reporters[reporter],
    code,
    ...(path === undefined ? {} : { parameterPath: path }),
  }
}

function waitingOf({ reporter, code, attempts, dueAt }: Waiting) {
  return { state: 'WAITING' as const, reporter: reporters[reporter], code, attempts, dueAt: new Date(dueAt) }
}

/** A completed delivery whose terms don't add up would be a silent loss: it fails loudly instead. */
async function assertNothingWaits(db: PrismaClient, deliveryId: string): Promise<void> {
  const row = await db.delivery.findUniqueOrThrow({ where: { id: deliveryId } })
  const over =
    row.delivered +
    row.warned +
    row.saved +
    row.rejected +
    row.refused +
    row.exhausted +
    row.unknown +
    row.superseded +
    row.gone +
    row.cancelled
  if (over !== row.matched) throw new EquationError(deliveryId, row.matched - over)
}

/** The terms of a delivery don't add up at its end: a defect of Sluice. */
export class EquationError extends Error {
  override readonly name = 'EquationError'
  readonly code = 'equation_broken'
  constructor(deliveryId: string, difference: bigint) {
    super(`Delivery ${deliveryId} has ${difference} records without an outcome. Please report this defect.`)
  }
}

/** Asks now and then whether the action was paused or the delivery taken over or cancelled. */
async function watchForStop(db: PrismaClient, { id, pass }: Delivery) {
  let isStopped = false
  // A delivery may be woken while its action is paused: nothing is sent before the first look.
  await look()
  const timer = setInterval(() => void look(), watchMs)
  async function look(): Promise<void> {
    try {
      const row = await db.delivery.findUnique({
        where: { id },
        select: { pass: true, state: true, action: { select: { pausedAt: true } } },
      })
      isStopped =
        row === null || row.pass !== pass || row.state === 'CANCELLED' || row.action.pausedAt !== null
    } catch {
      // The database is away: the next write says so, loudly; the next look tells about the pause.
    }
  }
  return { isStopped: () => isStopped, close: () => clearInterval(timer) }
}
