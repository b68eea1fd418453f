/** Looks at what a pass writes: nothing may be given up before its time, nor too much be open at once. */
import type { ProgressWrite } from '../../engine/delivering/progress.ts'
import type { Position } from '../../engine/reading/position.ts'
import type { MemoryPass } from '../harness/memory-lane.ts'
import type { Database } from './database.ts'
import type { Process } from './process.ts'
import type { Vendor } from './vendor.ts'
import type { World } from './world.ts'

interface Deps {
  readonly world: World
  readonly database: Database
  readonly vendor: Vendor
  readonly process: Process
}

/** Between the turn of an item and its first request other requests of its unit may go out. */
const slackMs = 5_000

export function watched({ world, database, process, vendor }: Deps, pass: MemoryPass): MemoryPass {
  const { sequence } = pass.delivery
  const { all } = database.lane.exceptions

  /** Where each item stands that is given up with this write. */
  function exhaustedIn({ exceptionChanges = [], newExceptions = [] }: ProgressWrite): readonly Position[] {
    const changed = exceptionChanges.flatMap((each) => {
      const position = all.get(each.id)?.position
      const isExhausted = each.kind === 'dead' && each.outcome === 'exhausted'
      return isExhausted && position !== undefined ? [position] : []
    })
    const fresh = newExceptions.flatMap((each) =>
      each.kind === 'dead' && each.outcome === 'exhausted' ? [each.position] : [],
    )
    return [...changed, ...fresh]
  }

  /** Neither a pause nor waiting behind others uses up the time for retries. */
  function checkTime(position: Position): void {
    const sent = vendor.sentAt(sequence, Number(position.at(-1)))
    if (sent === undefined) {
      world.violate('clocks', 'given up and never sent')
      return
    }
    const usedMs = world.now() - sent.first - database.pausedMs(sent.first, sent.last)
    if (usedMs + slackMs < world.plot.retryForMs) world.violate('clocks', 'given up too soon')
  }

  return {
    ...pass,
    write(write) {
      const exhausted = exhaustedIn(write)
      pass.write(write)
      vendor.settled(process, write.counts?.requests ?? 0)
      for (const position of exhausted) checkTime(position)
    },
  }
}
