/** A process of its own that plays the schedules of a range of seeds: the first, and how many. */
import { playSchedule } from './schedule.ts'
import { noTotals, sum, totalsOf } from './tally.ts'

const [from = 1, count = 0] = process.argv.slice(2).map(Number)
let totals = noTotals
for (let seed = from; seed < from + count; seed += 1) totals = sum(totals, totalsOf(await playSchedule(seed)))
process.stdout.write(JSON.stringify(totals))
