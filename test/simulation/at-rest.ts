/** The invariants that hold when nothing is under way any more. */
import type { Position } from '../../engine/reading/position.ts'
import type { MemoryDelivery, MemoryLane } from '../harness/memory-lane.ts'
import { comparePositions, positionOf, type Row } from '../harness/memory-source.ts'
import { compareVersions, isInSegment, type Table, versionOf } from './table.ts'
import type { Vendor } from './vendor.ts'
import type { World } from './world.ts'

interface Deps {
  readonly world: World
  readonly lane: MemoryLane
  readonly table: Table
  readonly vendor: Vendor
}

/** I1: every matching row is at the vendor with its latest value or a newer one, or is a dead letter. I7: all ends. */
export function checkAtRest({ world, lane, table, vendor }: Deps): void {
  const { plot, violate } = world
  const open = lane.deliveries.filter(({ isCompleted }) => !isCompleted)
  if (open.length > 0) {
    const isRead = open.every(({ isFirstPassDone }) => isFirstPassDone)
    violate('I7', isRead ? 'retries never end' : 'a first pass never ends')
    return
  }
  for (const { sequence, totals } of lane.deliveries) {
    // Each event that may have been counted is told to people as delivered or unknown: none is asked for twice.
    const isOnce = plot.actionType === 'add-event' || plot.actionType === 'add-event-by-request'
    if (isOnce && vendor.eventsOf(sequence) > totals.delivered + totals.warned + totals.unknown)
      violate('I3', 'an event was taken and is counted as never sent')
  }
  for (const row of table.source.rows.values()) {
    if (!isInSegment(row) || row.user === null || isDeadLetter(lane, row)) continue
    const version = versionOf(row.value)
    if (plot.actionType === 'set-user') {
      const there = vendor.profile(row.user)
      const current = table.versions.get(version)
      if (there === undefined) violate('I1', 'a row was never delivered')
      else if (current !== undefined && compareVersions(there, current) < 0)
        violate('I1', 'an older value stays')
    } else if (!vendor.hasEvent(version)) violate('I1', 'an event is neither delivered nor listed')
  }
}

function isDeadLetter({ deliveries }: MemoryLane, row: Row): boolean {
  const position = positionOf(row)
  return deliveries.some((delivery) => isWithin(delivery, position) && isListed(delivery, position))
}

function isWithin({ stretch: { after, until } }: MemoryDelivery, position: Position): boolean {
  const isAfter = after === null || comparePositions(after, position) < 0
  return isAfter && comparePositions(position, until) <= 0
}

function isListed({ dead }: MemoryDelivery, at: Position): boolean {
  return dead.some(
    ({ position, lastPosition }) =>
      comparePositions(position, at) <= 0 && comparePositions(at, lastPosition) <= 0,
  )
}
