/** A process of its own that plays schedules with the code as it lies there, until one breaks an invariant. */
import { playSchedule } from './schedule.ts'

const mostSchedules = 6_000

interface Noticed {
  readonly what: string
  readonly seed: number
  readonly schedules: number
}

async function playUntilNoticed(seeds: readonly number[]): Promise<Noticed | null> {
  for (const [index, seed] of seeds.entries()) {
    const [first] = (await playSchedule(seed)).violations
    if (first !== undefined) return { what: `${first.invariant}: ${first.what}`, seed, schedules: index + 1 }
  }
  return null
}

const likely = process.argv.slice(2).map(Number)
const others = Array.from({ length: mostSchedules }, (_, index) => index + 1)
process.stdout.write(JSON.stringify(await playUntilNoticed([...likely, ...others])))
