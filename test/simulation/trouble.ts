/** What goes wrong around passes: processes die or stand still, nobody hears of them, people pause and resume. */
import type { Database } from './database.ts'
import type { Attempt, Deliver } from './deliver.ts'
import type { Planner } from './planner.ts'
import type { Fault } from './plot.ts'
import type { World } from './world.ts'

interface Deps {
  readonly world: World
  readonly database: Database
  readonly deliver: Deliver
  readonly planner: Planner
}

const sweepEveryMs = 60_000
const unheardForMs = 120_000

export function startTrouble({ world, database, deliver, planner }: Deps): void {
  const { after, fails, now, plot, random, tell } = world

  const strikes: readonly (readonly [Fault, (attempt: Attempt) => void])[] = [
    [
      'kill',
      (attempt) => {
        tell(() => `${attempt.process.name} is killed`)
        attempt.process.kill()
        deliver.silence(attempt)
      },
    ],
    [
      'pause',
      (attempt) => {
        const ms = random.between(1_000, plot.heartbeatMs + 40_000)
        tell(() => `${attempt.process.name} stands still for ${ms} ms`)
        attempt.process.pause(ms)
        deliver.silence(attempt)
      },
    ],
    ['hiccup', ({ process }) => process.pause(random.between(100, 2_500))],
    [
      'silence',
      (attempt) => {
        tell(() => `nothing is heard of ${attempt.process.name}`)
        deliver.silence(attempt)
      },
    ],
    ['shutdown', (attempt) => attempt.abort()],
    [
      'hang',
      ({ process }) => {
        tell(() => `${process.name} hangs for ever, and shows signs of life`)
        process.kill()
      },
    ],
    ['workflowLost', ({ delivery }) => deliver.lose(delivery)],
  ]

  /** One of those that run at the moment. */
  function someone(): Attempt | undefined {
    const running = [...deliver.attempts].filter(({ process }) => !process.isDead())
    return running[random.below(Math.max(1, running.length))]
  }

  function strike(): void {
    if (world.isQuiet()) return
    for (const [fault, hit] of strikes) {
      const attempt = fails(fault) ? someone() : undefined
      if (attempt !== undefined) hit(attempt)
    }
    if (fails('laneRestart')) planner.restart()
    if (fails('databaseAway')) database.goAway(now() + random.between(500, 15_000))
    if (fails('pauseAction')) database.setPaused(true)
    after(1 + random.below(2 * plot.faultEveryMs), strike)
  }

  /** People look after what is paused, by command or for its credentials. */
  function resume(): void {
    after(random.between(1_000, 40_000), resume)
    if (!database.isPaused()) return
    database.setPaused(false)
    for (const delivery of database.lane.deliveries) {
      if (!delivery.isCompleted && !fails('lostWake')) deliver.wake(delivery)
    }
    planner.wake()
  }

  /** Starts again what should be under way and has not been heard of. */
  function sweep(): void {
    for (const delivery of database.lane.deliveries) {
      if (!delivery.isCompleted && now() - delivery.lastCommitAt >= unheardForMs) deliver.restart(delivery)
    }
    after(sweepEveryMs, sweep)
  }

  after(random.below(plot.faultEveryMs), strike)
  after(20_000, resume)
  after(sweepEveryMs, sweep)
}
