// Asks an embedded PostgreSQL whether it is there and whose it is.
import { Client, DatabaseError } from 'pg'

export const databaseName = 'sluice'

export interface PostgresAddress {
  readonly port: number
  readonly password: string
}

export interface PostgresFacts {
  readonly data: string
  readonly version: string
}

export function urlOf({ port, password }: PostgresAddress, database = databaseName): string {
  return `postgresql://postgres:${encodeURIComponent(password)}@127.0.0.1:${port}/${database}`
}

/** What the server says of itself; undefined while nothing, or nobody of ours, answers there. */
export async function askPostgres(address: PostgresAddress): Promise<PostgresFacts | undefined> {
  return withClient(address, async (client) => {
    const { rows } = await client.query<PostgresFacts>(
      `select current_setting('data_directory') as data, current_setting('server_version') as version`,
    )
    return rows[0]
  })
}

/** Creates our database on a server that has none yet. */
export async function ensureDatabase(address: PostgresAddress): Promise<void> {
  await withClient(address, async (client) => {
    const { rowCount } = await client.query('select from pg_database where datname = $1', [databaseName])
    if (rowCount !== 0) return
    await client.query(`create database ${databaseName}`).catch((error: unknown) => {
      if (!isThereAlready(error)) throw error
    })
  })
}

/** The server goes on with what a killed start had asked of it, and may have been quicker. */
function isThereAlready(error: unknown): boolean {
  return error instanceof DatabaseError && (error.code === '42P04' || error.code === '23505')
}

/** Undefined when no session can be had: whoever waits sees by the process whether one ever will. */
async function withClient<Result>(
  address: PostgresAddress,
  work: (client: Client) => Promise<Result>,
): Promise<Result | undefined> {
  const client = new Client({ connectionString: urlOf(address, 'postgres'), connectionTimeoutMillis: 5_000 })
  // A connection that breaks while it is idle fails the next query, or `end`.
  client.on('error', () => undefined)
  const isConnected = await client.connect().then(
    () => true,
    () => false,
  )
  if (!isConnected) return undefined
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}
