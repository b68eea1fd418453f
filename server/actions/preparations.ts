/** How far an action's preparation is: read, begun and ended by compare-and-set. */
import { z } from 'zod'
import type { Preparation, PrismaClient } from '../../prisma/generated/client/client.ts'
import type { WorkspaceKey } from '../workspaces/keys.ts'
import type { PreparationEnd } from './preparation-end.ts'

type Db = Pick<PrismaClient, 'preparation'>

/** One operation of one action at one account. */
export interface PreparationPlace {
  readonly actionId: string
  readonly connectorId: string
  readonly type: string
}

/** What is prepared for an action is used for no other account, and for no other type. */
export function placeOf({
  id,
  connectorId,
  type,
}: {
  readonly id: string
  readonly connectorId: string
  readonly type: string
}): PreparationPlace {
  return { actionId: id, connectorId, type }
}

export type Outputs = Readonly<Record<string, string>>

/** No request takes so long: who began it is gone, and what became of it is not known. */
const lostAfterMs = 60_000

const outputsSchema = z.record(z.string(), z.string())

/** The state as people may see it at `now`. */
export function stateAt({ state, startedAt }: Preparation, now: Date): Preparation['state'] {
  const isLost = state === 'RUNNING' && now.getTime() - startedAt.getTime() > lostAfterMs
  return isLost ? 'UNKNOWN' : state
}

export function findPreparation(db: Db, place: PreparationPlace): Promise<Preparation | null> {
  return db.preparation.findUnique({ where: { actionId_connectorId_type: keyOf(place) } })
}

/** What was created, by name; null where it was not. */
export async function preparedOutputs(
  db: Db,
  key: WorkspaceKey,
  place: PreparationPlace,
): Promise<Outputs | null> {
  const found = await findPreparation(db, place)
  if (found?.state !== 'DONE' || found.outputs === null) return null
  return outputsSchema.parse(JSON.parse(key.open('prepared', found.outputs)))
}

/** Takes the next attempt, unless somebody else did since `before` was read. Returns its number. */
export async function beginAttempt(
  db: Db,
  workspaceId: string,
  place: PreparationPlace,
  before: Preparation | null,
  startedAt: Date,
): Promise<number | null> {
  const attempt = (before?.attempt ?? 0) + 1
  const begun = { state: 'RUNNING', attempt, startedAt, endedAt: null, errorCode: null } as const
  const { count } =
    before === null
      ? await db.preparation.createMany({
          data: [{ ...keyOf(place), workspaceId, ...begun }],
          skipDuplicates: true,
        })
      : await db.preparation.updateMany({
          where: { ...keyOf(place), state: before.state, attempt: before.attempt },
          data: begun,
        })
  return count === 0 ? null : attempt
}

/**
 * Writes how an attempt ended. What was created is kept whoever has begun another attempt meanwhile, unless that one
 * was first: the same is used for ever.
 */
export async function endAttempt(
  db: Db,
  key: WorkspaceKey,
  place: PreparationPlace & { readonly attempt: number },
  end: PreparationEnd,
  endedAt: Date,
): Promise<void> {
  const where =
    end.state === 'DONE'
      ? { ...keyOf(place), state: { not: 'DONE' as const } }
      : { ...keyOf(place), state: 'RUNNING' as const, attempt: place.attempt }
  const result =
    end.state === 'DONE'
      ? { outputs: key.seal('prepared', JSON.stringify(end.outputs)), errorCode: null }
      : { errorCode: end.errorCode }
  await db.preparation.updateMany({ where, data: { state: end.state, endedAt, ...result } })
}

function keyOf({ actionId, connectorId, type }: PreparationPlace): PreparationPlace {
  return { actionId, connectorId, type }
}
