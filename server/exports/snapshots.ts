/** Reads what an export gives: one statement in one snapshot of the database, page by page, as fast as it is taken. */
import { Client, types } from 'pg'
import type { Prisma } from '../../prisma/generated/client/client.ts'
import type { Row } from './csv.ts'
import { ExportTooSlow, TooManyExports } from './rules.ts'

export interface SnapshotLimits {
  /** How many may be read at once. */
  readonly atOnce?: number
  /** How long the database may take for a page, and whoever reads to ask for the next one. */
  readonly pageMs?: number
}

interface Options extends SnapshotLimits {
  readonly databaseUrl: string
}

export interface Snapshot {
  /** Read once. */
  readonly pages: AsyncIterable<readonly Row[]>
  /** Gives the connection back, whether or not it was read to its end. Repeatable. */
  close(): Promise<void>
}

export interface Snapshots {
  /** The first page has been read when it resolves: most of what can fail has failed by then. */
  open(statement: Prisma.Sql): Promise<Snapshot>
}

const pageRows = 2_000
/** As long as a snapshot is open, the database cannot clean up what was deleted since. */
const mostMs = 30 * 60_000
/** All rows are wanted, not the first ones soon; and nothing is written. */
const sessionOptions = '-c cursor_tuple_fraction=1 -c default_transaction_read_only=on'

/** Counts stay below 2^53. */
const numbers = {
  getTypeParser: (type: number) => (type === types.builtins.INT8 ? Number : types.getTypeParser(type)),
}

export function createSnapshots({ databaseUrl, atOnce = 4, pageMs = 60_000 }: Options): Snapshots {
  let open = 0

  async function* pagesOf({ text, values }: Prisma.Sql): AsyncGenerator<readonly Row[], void, undefined> {
    const until = performance.now() + mostMs
    const client = new Client({
      connectionString: databaseUrl,
      application_name: 'sluice-export',
      connectionTimeoutMillis: 10_000,
      statement_timeout: pageMs,
      idle_in_transaction_session_timeout: pageMs,
      options: sessionOptions,
    })
    // What broke fails the next query, which tells.
    client.on('error', () => undefined)
    open += 1
    try {
      await client.connect()
      await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
      await client.query(`DECLARE page NO SCROLL CURSOR FOR ${text}`, [...values])
      for (;;) {
        const fetch = {
          text: `FETCH FORWARD ${pageRows} FROM page`,
          rowMode: 'array',
          types: numbers,
        } as const
        const { rows } = await client.query<Cells>(fetch)
        yield rows
        if (rows.length < pageRows) return
        if (performance.now() > until) throw new ExportTooSlow()
      }
    } finally {
      open -= 1
      // It may be broken already.
      await client.end().catch(() => undefined)
    }
  }

  return {
    async open(statement) {
      if (open >= atOnce) throw new TooManyExports()
      const rest = pagesOf(statement)
      const first = await rest.next()
      return {
        pages: (async function* () {
          if (first.done !== true) yield first.value
          yield* rest
        })(),
        close: async () => {
          await rest.return()
        },
      }
    },
  }
}

type Cells = Row[number][]
