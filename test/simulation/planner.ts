/** Polls the table and plans the lane's deliveries as the activities `pollSource` and `planDelivery` do. */
import type { Position } from '../../engine/reading/position.ts'
import type { MemoryDelivery } from '../harness/memory-lane.ts'
import { comparePositions, positionOf } from '../harness/memory-source.ts'
import type { Database } from './database.ts'
import type { Deliver } from './deliver.ts'
import type { Table } from './table.ts'
import type { World } from './world.ts'

export interface Planner {
  /** Looks whether there is something to plan. */
  wake(): void
  /** A second one runs beside the first, which does not know. */
  restart(): void
  /** Whether everything that was committed is planned. */
  isDone(): boolean
}

interface Deps {
  readonly world: World
  readonly database: Database
  readonly table: Table
  readonly deliver: Deliver
}

const lookAgainAfterMs = 60_000

export function createPlanner({ world, database, table, deliver }: Deps): Planner {
  const { after, fails, now, plot, random, tell } = world
  const { lane } = database
  let position: Position | null = null
  let sequence = 0
  /** How often it began anew: what was planned from another place is not written. */
  let starts = 0
  let bound: Position | null = null
  let run = 0
  let isBusy = false
  let isWoken = false

  const between = (from: Position | null, until: Position): Position[] =>
    [...table.source.rows.values()]
      .map(positionOf)
      .filter((at) => (from === null || comparePositions(at, from) > 0) && comparePositions(at, until) <= 0)
      .sort(comparePositions)

  function poll(): void {
    // What is younger may have neighbours that are not committed yet.
    const limit = now() - plot.settleMs
    const last = between(bound, [String(limit), '999999999']).at(-1)
    if (last !== undefined) {
      bound = last
      wake()
    }
    if (position !== null && now() < world.writesEndAt && plot.rewinds > 0 && random.chance(plot.rewinds))
      rewind()
    after(world.isQuiet() ? 4 * plot.pollEveryMs : plot.pollEveryMs, poll)
  }

  function rewind(): void {
    position = null
    starts += 1
    tell(() => 'the lane begins anew')
    wake()
  }

  function wake(): void {
    isWoken = true
    if (!isBusy) plan(run)
  }

  function plan(own: number): void {
    isBusy = true
    isWoken = false
    const seen = { position, sequence, starts }
    after(random.between(2, 200), () => {
      const delivery = decide(seen)
      const isLost = fails('lostAnswer')
      after(isLost ? 1_000 : random.between(0, 50), () => {
        if (own !== run) return
        isBusy = false
        if (delivery !== null && !isLost) deliver.start(delivery)
        if (isLost || isWoken) plan(own)
      })
    })
  }

  function lookAgain(): void {
    wake()
    after(lookAgainAfterMs, lookAgain)
  }

  function decide(seen: {
    readonly position: Position | null
    readonly sequence: number
    readonly starts: number
  }): MemoryDelivery | null {
    const open = lane.deliveries.find(({ isFirstPassDone }) => !isFirstPassDone)
    if (open !== undefined) return open
    if (bound === null || database.isPaused()) return null
    if (sequence !== seen.sequence || starts !== seen.starts) return null
    const rows = between(seen.position, bound)
    const until = rows.length > plot.stretchRows ? rows[plot.stretchRows - 1] : bound
    if (until === undefined || rows.length === 0) return null
    sequence += 1
    position = until
    const delivery = lane.plan({ after: seen.position, until })
    tell(() => `planned d${delivery.sequence} (${seen.position ?? ''}, ${until}]`)
    return delivery
  }

  after(random.below(plot.pollEveryMs), poll)
  after(lookAgainAfterMs, lookAgain)
  return {
    wake,
    restart() {
      run += 1
      isBusy = false
      wake()
    },
    isDone: () => {
      const open = [...table.source.rows.values()].map(positionOf)
      return open.every((at) => position !== null && comparePositions(at, position) <= 0)
    },
  }
}
