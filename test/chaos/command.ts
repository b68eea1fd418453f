/** `npm run chaos`: kills every part while records flow, then checks that the promises were kept. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import process from 'node:process'
import { parseArgs } from 'node:util'
import { explain } from '../../server/explain.ts'
import { cleanUpAfter } from '../harness/clean-up-after.ts'
import { createPassingFolder } from '../harness/passing-folder.ts'
import { type FinishedBatch, type RunFindings, runBatch } from './batch.ts'
import { isViolated, sum } from './findings.ts'

const help = `Usage: npm run chaos -- [--runs N] [--seed S] [--batch B] [--keep FOLDER] [--json]

SIGKILLs workers, server, PostgreSQL and Temporal at random moments and cuts connections to PostgreSQL, while rows
are inserted, updated and deleted and a simulated vendor fails, hangs, throttles, cuts connections after applying
and answers late. When all is quiet and everything has come to rest, what the vendor has seen is held against what
was promised.

A run is a workspace with a table, a vendor and two actions of its own: one sets attributes, one appends events.
Run number i draws from the seed S + i. To be quick, B runs at a time share an installation (PostgreSQL, Temporal,
a server, two workers) and its kills, which are drawn from the first of their seeds: to see a failing seed again,
take the seed that its batch began with.

  --runs N       how many runs (default 10)
  --seed S       the first seed (default 1)
  --batch B      runs that share an installation (default 10)
  --keep FOLDER  for a batch with a violation: the requests, rows and logs go here
  --json         the last line of stdout is one JSON object with the sums over all runs
  --help         this text

  lost             matching rows whose latest value is neither at the vendor nor named by a dead letter
  duplicates       requests that were sent again although the vendor had answered that it took them; an event that
                   was appended twice counts beyond any bound
  bound            how many of those may be: 128 for each crash, in each run
  staleOverNewer   older values that were sent, or took effect, after newer ones of the same recipient
  countMismatches  where counts do not add up, or do not agree with what the vendor has seen

It ends with 0 when nothing is lost, stale or miscounted and the duplicates are within the bound, else with 1.
`

const mostSeen = 12

async function main(within: string): Promise<number> {
  const { runs, seed, batch, keep, json } = flags
  const stream = json ? process.stderr : process.stdout
  const say = (line: string) => void stream.write(`${line}\n`)
  const found: RunFindings[] = []
  for (let first = 0; first < runs; first += batch) {
    const count = Math.min(batch, runs - first)
    const seeds = Array.from({ length: count }, (_, index) => seed + first + index)
    const keepBatch = (finished: FinishedBatch) => keepViolations(keep, finished)
    const results = await runBatch({ seeds, within, say, ...(keep === undefined ? {} : { keep: keepBatch }) })
    for (const result of results) tell(result, say)
    found.push(...results)
  }
  const total = sum(found)
  const { seen: _, ...figures } = total
  const violated = found.filter(isViolated).map((result) => result.seed)
  say(violated.length === 0 ? 'Every promise was kept.' : `Violated with seed ${violated.join(', ')}.`)
  if (json) process.stdout.write(`${JSON.stringify({ runs: found.length, ...figures })}\n`)
  return violated.length === 0 ? 0 : 1
}

function tell(result: RunFindings, say: (line: string) => void): void {
  const { seed, traffic, seen, lost, duplicates, bound, staleOverNewer, countMismatches } = result
  say(
    `  seed ${seed} (${traffic}): lost ${lost}, duplicates ${duplicates} of at most ${bound}, stale ${staleOverNewer}, count mismatches ${countMismatches}`,
  )
  for (const line of seen.slice(0, mostSeen)) say(`    ${line}`)
  if (seen.length > mostSeen) say(`    and ${seen.length - mostSeen} more`)
}

async function keepViolations(folder: string | undefined, { runs, crashes, keepLogs }: FinishedBatch) {
  const violated = runs.filter(isViolated)
  const [first] = runs
  if (folder === undefined || first === undefined || violated.length === 0) return
  const target = join(folder, `batch-${first.seed}`)
  await mkdir(target, { recursive: true })
  await keepLogs(target)
  for (const { record, ...findings } of violated) {
    const text = JSON.stringify({ findings, crashes, ...record() })
    await writeFile(join(target, `seed-${findings.seed}.json`), text)
  }
}

function readFlags() {
  const values = parsed()
  if (values.help) {
    process.stdout.write(help)
    process.exit(0)
  }
  const whole = (name: 'runs' | 'seed' | 'batch', least: number) => {
    const value = Number(values[name])
    return Number.isInteger(value) && value >= least
      ? value
      : fail(`--${name} takes a whole number from ${least}.`)
  }
  return {
    runs: whole('runs', 1),
    seed: whole('seed', 0),
    batch: whole('batch', 1),
    keep: values.keep,
    json: values.json,
  }
}

function parsed() {
  try {
    return parseArgs({
      options: {
        runs: { type: 'string', default: '10' },
        seed: { type: 'string', default: '1' },
        batch: { type: 'string', default: '10' },
        keep: { type: 'string' },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    }).values
  } catch (error) {
    return fail(explain(error))
  }
}

function fail(message: string): never {
  process.stderr.write(`${message}\n\n${help}`)
  process.exit(2)
}

const flags = readFlags()
const folder = await createPassingFolder({ prefix: 'sluice-chaos-' })
cleanUpAfter(folder.path)
let code = 1
try {
  code = await main(folder.path)
} catch (error) {
  process.stderr.write(`${explain(error)}\n`)
}
await folder.remove()
process.exit(code)
