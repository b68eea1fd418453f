/** Counts the statements of a request by PostgreSQL's own statistics: outside of a transaction each is one by itself. */
import { setTimeout as after } from 'node:timers/promises'
import type { Client } from 'pg'

/** An idle session tells its counts after ten seconds. */
const toldAfterMs = 11_000
const repetitions = 100
const rounds = 3

/**
 * Those of `ask` beyond those of `idle`, a request that asks for nothing: who it comes from is looked up for both. Both
 * are counted for as long, since the server does things of its own meanwhile; so does PostgreSQL, which tidies up what
 * was written in large amounts: of several rounds the one in the middle counts.
 */
export async function statementsOf(
  client: Client,
  ask: () => Promise<void>,
  idle: () => Promise<void>,
): Promise<number> {
  const found: number[] = []
  for (let round = 0; round < rounds; round += 1) {
    const startedAt = performance.now()
    const asked = await counted(client, ask, 0)
    const unasked = await counted(client, idle, performance.now() - startedAt)
    found.push((asked - unasked) / repetitions)
  }
  const [, middle = Number.NaN] = found.toSorted((left, right) => left - right)
  return Math.round(middle)
}

async function counted(client: Client, request: () => Promise<void>, leastMs: number): Promise<number> {
  const endsAt = performance.now() + leastMs
  const before = await transactions(client)
  for (let done = 0; done < repetitions; done += 1) await request()
  await after(Math.max(toldAfterMs, endsAt - performance.now()))
  return (await transactions(client)) - before
}

async function transactions(client: Client): Promise<number> {
  const { rows } = await client.query<{ count: string }>(
    'SELECT xact_commit AS count FROM pg_stat_database WHERE datname = current_database()',
  )
  return Number(rows[0]?.count)
}
