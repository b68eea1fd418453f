/** A table that is written to while it is delivered: inserts, updates, deletes, transactions that commit late. */
import {
  comparePositions,
  createMemorySource,
  type MemorySource,
  positionOf,
  type Row,
} from '../harness/memory-source.ts'
import type { World } from './world.ts'

/** A row as it was at some time. */
export interface RowVersion extends Row {
  readonly version: number
}

export interface Table {
  readonly source: MemorySource
  /** Every version that was ever committed, by its number. */
  readonly versions: ReadonlyMap<number, RowVersion>
}

/** Names the segment that is delivered. */
const segment = 'in'
/** The same, and as much as a page holds: it is read and not sent. */
const pageful = 'in'.padEnd(8 * 1024 * 1024)

export const cellOf = (id: number, version: number): string => `${id}.${version}`
export const rowIdOf = (value: string): number => Number(value.split('.')[0])
export const versionOf = (value: string): number => Number(value.split('.')[1])

/** Below zero when `a` is older: rows stand in the order of their cursor, versions in that of their writing. */
export function compareVersions(a: RowVersion, b: RowVersion): number {
  return comparePositions(positionOf(a), positionOf(b)) || a.version - b.version
}

export function createTable(world: World): Table {
  const { after, now, plot, random, tell } = world
  const source = createMemorySource([], plot.batchRows)
  const versions = new Map<number, RowVersion>()
  const locked = new Set<number>()
  /** A row's timestamp may be this much older than its transaction. */
  const coarseMs = plot.isCoarse ? 1_000 : 1
  let lastVersion = 0

  /** A transaction: it takes its timestamp now and commits later, before `settle` is over. */
  function write(id: number): void {
    if (locked.has(id)) return
    locked.add(id)
    const changed = Math.floor(now() / coarseMs) * coarseMs
    after(random.below(plot.settleMs - coarseMs), () => {
      locked.delete(id)
      commit(id, changed)
    })
  }

  function commit(id: number, changed: number): void {
    const before = source.rows.get(id)
    if (before !== undefined && plot.hasDeletes && random.chance(0.12)) {
      source.rows.delete(id)
      tell(() => `source: row ${id} deleted`)
      return
    }
    const version = ++lastVersion
    const isIn = !plot.hasSegment || random.chance(0.75)
    const isMoved = before === undefined || (plot.movesRecipients && random.chance(0.2))
    const row: RowVersion = {
      ...{ id, changed, version, value: cellOf(id, version) },
      user: isMoved ? recipientOf(id) : before.user,
      ...(isIn ? { segment: plot.isPaged ? pageful : segment } : {}),
    }
    source.rows.set(id, row)
    versions.set(version, row)
    tell(
      () =>
        `source: row ${id} version ${version} at ${changed} of ${row.user}${isIn ? '' : ', not in segment'}`,
    )
  }

  function recipientOf(id: number): string {
    const { movesRecipients, recipients } = plot
    if (recipients !== null) return `r${random.below(recipients)}`
    return movesRecipients ? `r${random.below(plot.rows)}` : `r${id}`
  }

  function writeOn(): void {
    if (now() >= world.writesEndAt) return
    const count = random.between(1, plot.writeRows)
    for (let written = 0; written < count; written += 1) write(1 + random.below(plot.rows))
    after(1 + random.below(2 * plot.writeEveryMs), writeOn)
  }

  const first = plot.rows > 50 ? plot.rows : Math.ceil(plot.rows / 2)
  for (let id = 1; id <= first; id += 1) after(1, () => write(id))
  after(100, writeOn)
  return { source, versions }
}

export function isInSegment(row: Row): boolean {
  return row.segment !== undefined
}
