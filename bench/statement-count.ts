/** Counts the statements of a request by PostgreSQL's own statistics: outside of a transaction each is one by itself. */
import { setTimeout as after } from 'node:timers/promises'
import type { Client } from 'pg'

/** An idle session tells its counts after ten seconds. */
const toldAfterMs = 11_000
const repetitions = 100

/** Those of `ask` beyond those of `idle`, a request that asks for nothing: who it comes from is looked up for both. */
export async function statementsOf(
  client: Client,
  ask: () => Promise<void>,
  idle: () => Promise<void>,
): Promise<number> {
  const counted = async (request: () => Promise<void>) => {
    const before = await transactions(client)
    for (let done = 0; done < repetitions; done += 1) await request()
    await after(toldAfterMs)
    return (await transactions(client)) - before
  }
  return Math.round(((await counted(ask)) - (await counted(idle))) / repetitions)
}

async function transactions(client: Client): Promise<number> {
  const { rows } = await client.query<{ count: string }>(
    'SELECT xact_commit AS count FROM pg_stat_database WHERE datname = current_database()',
  )
  return Number(rows[0]?.count)
}
