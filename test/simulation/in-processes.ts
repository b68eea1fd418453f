/** Plays many schedules in as many processes as there are processors. */
import { availableParallelism } from 'node:os'
import { bundleScript } from './bundled-script.ts'
import { noTotals, sum, type Totals, totalsSchema } from './tally.ts'

/** How many schedules a process plays before it tells. */
const portion = 2_500

interface Range {
  readonly seed: number
  readonly runs: number
}

export async function simulate(
  { seed, runs }: Range,
  onProgress: (played: number, broken: number) => void,
): Promise<Totals> {
  const script = await bundleScript('./play-range.ts')
  let next = 0
  let played = 0
  let totals = noTotals
  const worker = async () => {
    while (next < runs) {
      const from = seed + next
      const count = Math.min(portion, runs - next)
      next += count
      const output = await script.run(String(from), String(count))
      totals = sum(totals, totalsSchema.parse(JSON.parse(output)))
      played += count
      onProgress(played, totals.broken)
    }
  }
  try {
    await Promise.all(Array.from({ length: availableParallelism() }, worker))
  } finally {
    await script.remove()
  }
  return totals
}
