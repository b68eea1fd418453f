/** The customers' table of a run: rows that come, change and go, and every version that each row ever had. */
import type { Random } from './random.ts'

/** One version of a row. */
export interface Version {
  /** Names the version among all of the table, and grows in the order of the cursor. */
  readonly v: number
  readonly id: number
  /** The recipient; some rows share theirs. */
  readonly person: string
  /** Whether the row is in the segment. */
  readonly isActive: boolean
  /** When it was written, in microseconds: JavaScript's dates would cut them. */
  readonly micros: number
}

export interface World {
  /** The rows that are there now. */
  readonly rows: ReadonlyMap<number, Version>
  /** All versions that were ever written. */
  readonly versions: readonly Version[]
  /** Some rows come, change and go. */
  change(nowMs: number): void
  /** A last row in the segment, which tells by arriving that all before it was read. */
  finish(nowMs: number): Version
}

/** The vendor refuses what is for these: one as an item of a batch, the other as a whole batch. */
export const blockedPerson = 'blocked'
export const poisonousPerson = 'poison'

const sharedPersons = ['shared-1', 'shared-2', 'shared-3'] as const

export function createWorld(random: Random, firstRows: number, nowMs: number): World {
  const rows = new Map<number, Version>()
  const versions: Version[] = []
  let lastId = 0
  let lastMicros = 0

  function personOf(id: number): string {
    if (random.chance(0.01)) return blockedPerson
    if (random.chance(0.005)) return poisonousPerson
    return random.chance(0.15) ? random.pick(sharedPersons) : `p${id}`
  }

  function write(id: number, micros: number, isActive: boolean): Version {
    const person = rows.get(id)?.person ?? personOf(id)
    const version = { v: versions.length + 1, id, person, isActive, micros }
    versions.push(version)
    rows.set(id, version)
    return version
  }

  /** A transaction is visible at once: its times are later than all that could be seen before. */
  function transaction(nowMs: number, ids: readonly number[]): void {
    lastMicros = Math.max(nowMs * 1000, lastMicros + 1)
    const groups: number[][] = [[]]
    for (const id of ids) {
      // Many rows of one time, and times that differ by a microsecond.
      if (random.chance(0.2)) groups.push([])
      groups.at(-1)?.push(id)
    }
    for (const group of groups) {
      for (const id of group.sort((a, b) => a - b)) write(id, lastMicros, random.chance(0.85))
      lastMicros += 1
    }
  }

  function newIds(count: number): number[] {
    return Array.from({ length: count }, () => {
      lastId += 1
      return lastId
    })
  }

  transaction(nowMs, newIds(firstRows))
  return {
    rows,
    versions,
    change(now) {
      const known = random.shuffled(rows.keys())
      const deleted = known.splice(0, random.between(0, 6))
      for (const id of deleted) rows.delete(id)
      const updated = known.splice(0, random.between(5, 60))
      transaction(now, random.shuffled([...updated, ...newIds(random.between(0, 15))]))
    },
    finish(now) {
      lastMicros = Math.max(now * 1000, lastMicros + 1)
      lastId += 1
      const version = {
        v: versions.length + 1,
        id: lastId,
        person: 'last',
        isActive: true,
        micros: lastMicros,
      }
      versions.push(version)
      rows.set(lastId, version)
      return version
    },
  }
}
