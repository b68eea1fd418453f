/** `npm run bench -- <name>`: measures one thing and prints its figures; absolute ones are only good on one machine. */
import process from 'node:process'
import { parseArgs } from 'node:util'
import { explain } from '../server/explain.ts'
import { endToEnd } from './end-to-end.ts'

const help = `Usage: npm run bench -- <name> [--records N] [--json]

  end-to-end   DuckDB to a simulated Braze through real PostgreSQL and Temporal, beside a hand-written loop

  --records N  rows in the generated warehouse (default 500000)
  --json       the last line of stdout is one JSON object
  --help       this text

Compare ratios within one run, never figures across runs.
`

const benches = { 'end-to-end': endToEnd } as const

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      records: { type: 'string', default: '500000' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  const bench = Object.entries(benches).find(([name]) => name === positionals[0])?.[1]
  const records = Number(values.records)
  if (values.help || bench === undefined || !Number.isInteger(records) || records < 1000) {
    process.stdout.write(help)
    return values.help ? 0 : 2
  }
  const stream = values.json ? process.stderr : process.stdout
  const figures = await bench({ records, say: (line) => void stream.write(`${line}\n`) })
  process.stdout.write(`${JSON.stringify(figures)}\n`)
  return 0
}

try {
  process.exit(await main())
} catch (error) {
  process.stderr.write(`${explain(error)}\n`)
  process.exit(1)
}
