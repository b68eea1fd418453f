/** `npm run bench -- <name>`: measures one thing and prints its figures; absolute ones are only good on one machine. */
import process from 'node:process'
import { parseArgs } from 'node:util'
import { explain } from '../server/explain.ts'
import { api } from './api.ts'
import { configuration } from './configuration.ts'
import { endToEnd } from './end-to-end.ts'
import { growth } from './growth.ts'
import { planning } from './planning.ts'
import { templates } from './templates.ts'

const help = `Usage: npm run bench -- <name> [--records N[,N...]] [--json]

  api          a large workspace: the overview of its connectors, and a search as somebody types
  configuration  a large workspace: publish it, compare two of its versions, count a segment
  end-to-end   DuckDB to a simulated Braze through real PostgreSQL and Temporal, beside a hand-written loop
  growth       what grows with the records: time, memory, PostgreSQL, Temporal
  planning     how fast records become Braze's bodies, beside a hand-written loop; and one by one over HTTP
  templates    how fast templates render and compile

  --records N  configuration: rows in the generated warehouse (default 1000000)
               end-to-end: rows in the generated warehouse (default 1000000)
               growth: the sizes, separated by commas (default 10000,100000,1000000)
               planning: records of each kind (default 200000)
               templates: renders of each kind and round (default 200000)
  --json       the last line of stdout is one JSON object; the lines before it go to stderr
  --help       this text

Each needs Linux, for what its kernel tells of other processes. Compare figures within one run, never across runs.

growth takes about fifteen minutes. It does everything three times: in "runs" all records are delivered, in "rejected"
Sluice rejects every one before sending, in "refused" the vendor refuses every one by name. Each has a PostgreSQL, a
Temporal, a server, a worker and a vendor of its own, and delivers 300000 records to warm up. Then come the sizes, one
after the other, as new records that appear in the source at once; then three rounds of all of them, for their times.

  seconds        what so many records take from the plan of their delivery to its last outcome, at the pace of those
                 beyond the first page: (time of N - time of 2000) * N / (N - 2000). A round times sizes below 200000
                 up to 8 times, with as many new records each time; the median counts.
  wholeSeconds   the same for the delivery as a whole: what plan, workflow, first page and end take is part of it
  workerRssMiB   most resident memory of the worker while it delivered them the first time; its memory after the
                 warm-up is part of it
  postgresBytes  growth of all tables' files by the first time: rows, dead rows, indexes. What the delivery has
                 deleted again counts until PostgreSQL reuses or frees it.
  temporalBytes  growth of Temporal's SQLite file and its write-ahead log by the first time. The log is reused from
                 its beginning when it is full, so that small growth may show as none.

"summary" of growth compares the sizes: by how much the slowest run's time per record exceeds the fastest's (0.2 is a
fifth), by how many MiB memory differs, and how many bytes one more record adds.

planning measures in processes of their own, with the options of a worker. Where SEGMENT_DIR names a folder with Segment's
published Braze actions (their node_modules, in it or in "segnpm" in it), "segment" has their records per second on the
same records, network stubbed, and "ratios" says how many times as fast Sluice is.

configuration publishes 1000 connectors and 5000 actions, half of them with a template, all active, through the API of a
server of its own. publishMs is the slower of two publishes: all of it new, and all actions edited. compareMs compares
these two versions, with every field that differs; compareMs and countMs are medians of five. No worker runs meanwhile.

api asks a server of its own for the overview of 1000 connectors with 5000 actions and 30 days of metrics, 50 a page with
all that it shows, and searches them letter by letter, 20 times a second for 20 seconds each, after as long to warm up. The
pace is kept whether or not the answers keep up, and times count from when a request was due. overviewStatements are those
of one page beyond the look-up of who asks.

templates runs in a process with a worker's options; the smaller of processor time and the wall's counts. It renders a
JSON body of five variables (plain), one with a section over ten elements (sections), the same with formatDate, join and
toJson (helpers), the plain one with a SHA-256 (hashed), and checked that it is JSON (checked); and it compiles 20 kB.
`

type Say = (line: string) => void

const benches = {
  api: {
    records: '0',
    leastRecords: 0,
    run: (_sizes: readonly number[], say: Say) => api(say),
    mostSizes: 1,
  },
  configuration: {
    records: '1000000',
    leastRecords: 10_000,
    run: ([records = 0]: readonly number[], say: Say) => configuration({ records, say }),
    mostSizes: 1,
  },
  'end-to-end': {
    records: '1000000',
    leastRecords: 1_000,
    run: ([records = 0]: readonly number[], say: Say) => endToEnd({ records, say }),
    mostSizes: 1,
  },
  growth: {
    records: '10000,100000,1000000',
    // Less takes less time than the machine's noise.
    leastRecords: 10_000,
    run: (sizes: readonly number[], say: Say) => growth({ sizes, say }),
    mostSizes: 10,
  },
  planning: {
    records: '200000',
    leastRecords: 10_000,
    run: ([records = 0]: readonly number[], say: Say) => planning({ records, say }),
    mostSizes: 1,
  },
  templates: {
    records: '200000',
    leastRecords: 10_000,
    run: ([records = 0]: readonly number[], say: Say) => templates({ records, say }),
    mostSizes: 1,
  },
} as const

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      records: { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  const bench = Object.entries(benches).find(([name]) => name === positionals[0])?.[1]
  const sizes = (values.records ?? bench?.records ?? '').split(',').map(Number)
  const areGood =
    bench !== undefined &&
    sizes.length <= bench.mostSizes &&
    sizes.every((size) => Number.isInteger(size) && size >= bench.leastRecords)
  if (values.help || !areGood) {
    process.stdout.write(help)
    return values.help ? 0 : 2
  }
  const stream = values.json ? process.stderr : process.stdout
  const figures = await bench.run(sizes, (line) => void stream.write(`${line}\n`))
  process.stdout.write(`${JSON.stringify(figures)}\n`)
  return 0
}

try {
  process.exit(await main())
} catch (error) {
  process.stderr.write(`${explain(error)}\n`)
  process.exit(1)
}
