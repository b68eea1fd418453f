/** Begins a pass: takes its number from the database, which fences every pass before it. */
import { z } from '@sluice/connector-sdk'
import type { PassStart, Rescan, Started } from '../../engine/delivering/progress.ts'
import { positionSchema } from '../../engine/reading/position.ts'
import type { Delivery, PrismaClient, Slice } from '../../prisma/generated/client/client.ts'
import { announce } from '../metrics/progress-channel.ts'
import { openPosition } from '../sources/sealed-position.ts'
import type { WorkspaceKey } from '../workspaces/keys.ts'
import { leaseSeconds } from './lease.ts'

export interface BegunPass {
  readonly delivery: Delivery
  /** How long the pass before may still send, in milliseconds; null when it gave its lease back. */
  readonly leaseLeftMs: number | null
}

/** Null when the delivery is over or gone. */
export function beginPass(db: PrismaClient, deliveryId: string): Promise<BegunPass | null> {
  return db.$transaction(async (tx) => {
    const [begun] = await tx.$queryRaw<readonly { readonly lease_left_ms: number | null }[]>`
      UPDATE delivery AS d
      SET pass = d.pass + 1, commit_sequence = d.commit_sequence + 1, state = 'RUNNING', waiting_until = NULL,
        last_commit_at = now(), lease_until = now() + make_interval(secs => ${leaseSeconds}::int), is_released = false
      FROM (SELECT id, lease_until, is_released FROM delivery WHERE id = ${deliveryId}::uuid FOR UPDATE) AS before
      WHERE d.id = before.id AND d.state NOT IN ('COMPLETED', 'CANCELLED')
      RETURNING CASE WHEN before.is_released THEN NULL
        ELSE (extract(epoch FROM before.lease_until - now()) * 1000)::float8 END AS lease_left_ms`
    if (begun === undefined) return null
    const delivery = await tx.delivery.findUniqueOrThrow({ where: { id: deliveryId } })
    await announce(tx, { ...delivery, deliveryId })
    return { delivery, leaseLeftMs: begun.lease_left_ms }
  })
}

/** What the engine is told of the delivery. */
export async function loadStart(
  db: PrismaClient,
  key: WorkspaceKey,
  { delivery, leaseLeftMs }: BegunPass,
): Promise<PassStart> {
  const slices = delivery.isFirstPassDone ? [] : await readSlices(db, delivery.id)
  const rescan = await readRescan(db, key, delivery)
  return {
    ...(rescan === undefined ? {} : { rescan }),
    stretch: {
      after: delivery.after === null ? null : openPosition(key, delivery.after),
      until: openPosition(key, delivery.until),
    },
    createdAt: delivery.createdAt.getTime(),
    isFirstPassDone: delivery.isFirstPassDone,
    leaseLeftMs,
    slices: slices.map(({ index, boundary, matched, settledAt, started }) => ({
      index,
      boundary: openPosition(key, boundary),
      matched,
      isSettled: settledAt !== null,
      started: settledAt === null ? started.map((mark) => openStarted(key, mark)) : [],
    })),
  }
}

/** What the lane's deliveries since the last re-scan have asked; undefined where the delivery is none. */
async function readRescan(
  db: PrismaClient,
  key: WorkspaceKey,
  { laneId, rescanSince, sequence }: Delivery,
): Promise<Rescan | undefined> {
  if (rescanSince === null) return undefined
  const last = await db.delivery.findFirst({
    where: { laneId, sequence: { lt: sequence }, rescanSince: { not: null } },
    orderBy: { sequence: 'desc' },
    select: { sequence: true },
  })
  const asked = await db.delivery.findMany({
    where: { laneId, sequence: { gt: last?.sequence ?? 0, lt: sequence } },
    orderBy: { sequence: 'asc' },
    select: { after: true, until: true, createdAt: true },
  })
  return {
    since: rescanSince.getTime(),
    asked: asked.map(({ after, createdAt, until }) => ({
      after: after === null ? null : openPosition(key, after),
      until: openPosition(key, until),
      at: createdAt.getTime(),
    })),
  }
}

/** Those that are not settled, each with the one before it, and the last one: a long delivery has many others. */
async function readSlices(db: PrismaClient, deliveryId: string): Promise<readonly Slice[]> {
  const wanted = await db.$queryRaw<readonly { readonly index: number }[]>`
    SELECT s.index FROM slice AS s
    WHERE s.delivery_id = ${deliveryId}::uuid AND (
      s.settled_at IS NULL
      OR EXISTS (
        SELECT FROM slice AS n WHERE n.delivery_id = s.delivery_id AND n.index = s.index + 1 AND n.settled_at IS NULL
      )
      OR NOT EXISTS (SELECT FROM slice AS n WHERE n.delivery_id = s.delivery_id AND n.index > s.index)
    )`
  return db.slice.findMany({
    where: { deliveryId, index: { in: wanted.map(({ index }) => index) } },
    orderBy: { index: 'asc' },
  })
}

const startedSchema = z.object({ positions: z.array(positionSchema), body: z.string().nullable() })

export function sealStarted(key: WorkspaceKey, { positions, body }: Started): Uint8Array<ArrayBuffer> {
  return key.seal('started', JSON.stringify({ positions, body }))
}

function openStarted(key: WorkspaceKey, sealed: Uint8Array): Started {
  return startedSchema.parse(JSON.parse(key.open('started', sealed)))
}
