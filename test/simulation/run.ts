/** `npm run simulate`: plays schedules of the delivery protocol and tells which break an invariant. */
import { parseArgs } from 'node:util'
import { simulate } from './in-processes.ts'
import { playSchedule } from './schedule.ts'
import { switchedOff } from './switched-off.ts'

const help = `Usage: npm run simulate -- [options]

Plays random schedules of the real engine/delivering against a table, a vendor, a database and a clock that fail
in every way, and checks the invariants of the delivery protocol. Exit code 1 when one is broken.

  --runs N         how many schedules (200000)
  --seed S         the first seed (1)
  --trace S        tells what happens in the schedule with this seed, and nothing else
  --without RULE   switches a rule off and tells how soon that is noticed; "every" takes each in turn
  --json           ends with one line of JSON, and tells nothing before
  --help           this text
`

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '200000' },
    seed: { type: 'string', default: '1' },
    trace: { type: 'string' },
    without: { type: 'string' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})

const say = (line: string) => process.stdout.write(`${line}\n`)
const sayUnlessJson = (line: string) => {
  if (!values.json) say(line)
}

if (values.help) say(help)
else if (values.trace !== undefined) await trace(whole(values.trace))
else if (values.without !== undefined) await without(values.without)
else await many(whole(values.seed), whole(values.runs))

function whole(text: string): number {
  const number = Number(text)
  if (text !== '' && Number.isSafeInteger(number) && number >= 0) return number
  throw new RangeError(`"${text}" is not a whole number.`)
}

async function trace(seed: number): Promise<void> {
  const lines: string[] = []
  const { violations } = await playSchedule(seed, lines)
  for (const line of lines) say(line)
  if (violations.length > 0) process.exitCode = 1
}

async function many(seed: number, runs: number): Promise<void> {
  const startedAt = performance.now()
  const result = await simulate({ seed, runs }, (played, broken) => {
    sayUnlessJson(`${played} of ${runs} schedules, ${broken} broken`)
  })
  const seconds = Math.round(performance.now() - startedAt) / 1000
  for (const { name, times, seed: smallest } of result.violations)
    sayUnlessJson(`${times} × ${name} (npm run simulate -- --trace ${smallest})`)
  sayUnlessJson(`${runs} schedules in ${seconds} s, ${result.broken} broken`)
  if (values.json) say(JSON.stringify({ seed, runs, seconds, ...result }))
  if (result.broken > 0) process.exitCode = 1
}

async function without(rule: string): Promise<void> {
  const results = await switchedOff(rule === 'every' ? undefined : rule, sayUnlessJson)
  if (values.json) say(JSON.stringify(results))
  if (results.some(({ noticed }) => noticed === null)) process.exitCode = 1
}
