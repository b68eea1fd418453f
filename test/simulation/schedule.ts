/** Plays one schedule: everything that happens in it follows from its seed. */
import type { CompiledLane } from '../../engine/compile.ts'
import type { MemoryDelivery } from '../harness/memory-lane.ts'
import { laneOf } from '../harness/test-lane.ts'
import { checkAtRest } from './at-rest.ts'
import { createDatabase } from './database.ts'
import { createDeliver } from './deliver.ts'
import { createPlanner } from './planner.ts'
import { changed, type Plot, type PlotChange, plotOf } from './plot.ts'
import { createTable } from './table.ts'
import { startTrouble } from './trouble.ts'
import { createVendor } from './vendor.ts'
import { createWorld, type Violation } from './world.ts'

export interface Played {
  readonly seed: number
  readonly violations: readonly Violation[]
  readonly deliveries: number
  readonly passes: number
  readonly requests: number
}

/** By then everything must be at rest, in virtual milliseconds. */
const longestMs = 6 * 60 * 60 * 1000

/** Longer than any vendor takes. */
const applyWithinMs = 30_000

export async function playSchedule(
  seed: number,
  trace: string[] | null = null,
  change: PlotChange = {},
): Promise<Played> {
  const plot = changed(plotOf(seed), change)
  const world = createWorld(plot, trace)
  world.tell(() => JSON.stringify(plot))
  const table = createTable(world)
  const database = createDatabase(world)
  const vendor = createVendor(world, table)
  let passEnded = (_: MemoryDelivery) => {}
  const deliver = createDeliver({
    ...{ world, database, table, vendor },
    lane: compiledLaneOf(plot),
    onPassEnd: (delivery) => passEnded(delivery),
  })
  const planner = createPlanner({ world, database, table, deliver })
  /** What waits behind another delivery is told that something of it may be out of the way. */
  passEnded = (delivery) => {
    if (!world.fails('lostWake'))
      world.after(world.random.between(5, 300), () => deliver.wakeBehind(delivery))
    world.after(world.random.between(5, 300), planner.wake)
  }
  startTrouble({ world, database, deliver, planner })

  const isAtRest = () =>
    world.now() > world.writesEndAt + plot.settleMs &&
    deliver.attempts.size === 0 &&
    database.lane.deliveries.every(({ isCompleted }) => isCompleted) &&
    planner.isDone()
  const isBroken = () => world.violations.length > 0
  await world.clock.run(world.now() + longestMs, () => isBroken() || isAtRest())
  // The vendor may still have something to apply.
  await world.clock.run(world.now() + applyWithinMs, isBroken)
  // What is broken is not at rest.
  if (!isBroken()) checkAtRest({ world, lane: database.lane, table, vendor })
  return {
    seed,
    violations: world.violations,
    deliveries: database.lane.deliveries.length,
    passes: deliver.passes(),
    requests: vendor.requests(),
  }
}

/** Compiled lanes are the same for many schedules, and dear. */
const compiled = new Map<string, CompiledLane>()

function compiledLaneOf(plot: Plot): CompiledLane {
  const { actionType, applyWithinMs, requestTimeoutMs, retryDelaysMs, retryForMs, requestItems } = plot
  const action = { applyWithinMs, requestTimeoutMs, retryDelaysMs, retryForMs }
  const key = JSON.stringify([actionType, action, requestItems])
  const found = compiled.get(key)
  if (found !== undefined) return found
  const lane = laneOf({
    ...{ actionType, action },
    conditions: { any: [{ all: [{ attribute: 'segment', operator: 'isAssigned' }] }] },
  })
  const limits = () => ({ weights: { items: requestItems }, bytes: 100_000, onePerRecipient: true })
  const made = { ...lane, actionDefinition: { ...lane.actionDefinition, limits } }
  compiled.set(key, made)
  return made
}
