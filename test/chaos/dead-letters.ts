/** Which versions the dead letters of an action name: their sealed positions, opened with the workspace's key. */

import { parseGlobalId } from '../../server/graphql/global-id.ts'
import { openPosition } from '../../server/sources/sealed-position.ts'
import type { Installation } from './installation.ts'
import { microsOf } from './table-file.ts'
import type { Version, World } from './world.ts'

export interface DeadLetter {
  readonly outcome: string
  readonly code: string
  /** The first and the last version of a run of rows. */
  readonly from: number
  readonly to: number
  readonly count: number
}

export async function readDeadLetters(
  { db, keyOf }: Installation,
  workspaceId: string,
  actionId: string,
  world: World,
): Promise<readonly DeadLetter[]> {
  const key = await keyOf(workspaceId)
  const byPlace = new Map(world.versions.map((version) => [placeOf(version), version.v]))
  const versionAt = (sealed: Uint8Array): number => {
    const [time = '', id] = openPosition(key, sealed)
    const v = byPlace.get(placeOf({ id: Number(id), micros: microsOf(time) }))
    if (v === undefined) throw new Error('A dead letter names a row that never was.')
    return v
  }
  const found = await db.deliveryException.findMany({
    where: { state: 'DEAD', delivery: { actionId: parseGlobalId(actionId)?.id ?? '' } },
  })
  return found.map(({ outcome, code, position, lastPosition, count }) => ({
    outcome: String(outcome),
    code,
    count,
    from: versionAt(position),
    to: versionAt(lastPosition ?? position),
  }))
}

function placeOf({ id, micros }: Pick<Version, 'id' | 'micros'>): string {
  return `${id}@${micros}`
}
