// The Prisma client reaches the tables, and lets go of its connections.
import { Client } from 'pg'
import { expect, inject, test } from 'vitest'
import { createTestDatabase } from '../test/harness/database.ts'
import { createDatabase } from './database.ts'

async function countSessions(url: string): Promise<number> {
  const client = new Client({ connectionString: inject('postgres').adminUrl })
  await client.connect()
  try {
    const { rows } = await client.query<{ count: string }>(
      'select count(*) from pg_stat_activity where datname = $1',
      [new URL(url).pathname.slice(1)],
    )
    return Number(rows[0]?.count)
  } finally {
    await client.end()
  }
}

test('queries run over no more connections than allowed, and none is left after closing', async () => {
  const database = await createTestDatabase()
  const { db, close } = createDatabase({ url: database.url, maxConnections: 2 })
  expect(await Promise.all(Array.from({ length: 8 }, () => db.workspace.count()))).toEqual(Array(8).fill(0))
  expect(await countSessions(database.url)).toBe(2)
  await close()
  await expect.poll(() => countSessions(database.url)).toBe(0)
  await database.drop()
})

test('an error does not repeat the values of its query', async () => {
  const database = await createTestDatabase()
  const { db, close } = createDatabase({ url: database.url, maxConnections: 1 })
  const create = () => db.workspace.create({ data: { name: 'canary', wrappedKey: Buffer.from('key') } })
  await create()
  const failure = await create().catch((error: unknown) => error)
  expect(failure).toMatchObject({ code: 'P2002' })
  expect(String(failure)).not.toContain('canary')
  await close()
  await database.drop()
})
