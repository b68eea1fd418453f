/** A process of its own that plays schedules with the code as it lies there, until one breaks an invariant. */
import type { PlotChange } from './plot.ts'
import { playSchedule } from './schedule.ts'

const mostSchedules = 6_000

interface Noticed {
  readonly what: string
  readonly seed: number
}

async function playUntilNoticed(change: PlotChange, firstSeed: number): Promise<Noticed | null> {
  for (let seed = firstSeed; seed < firstSeed + mostSchedules; seed += 1) {
    const [first] = (await playSchedule(seed, null, change)).violations
    if (first !== undefined) return { what: `${first.invariant}: ${first.what}`, seed }
  }
  return null
}

const [change = '{}', firstSeed = '1'] = process.argv.slice(2)
process.stdout.write(JSON.stringify(await playUntilNoticed(JSON.parse(change), Number(firstSeed))))
