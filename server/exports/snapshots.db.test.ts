/** A million rows in the memory of a few, as fast as they are taken; and what becomes of a statement that fails. */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { Prisma } from '../../prisma/generated/client/client.ts'
import { createTestDatabase, type TestDatabase } from '../../test/harness/database.ts'
import { csvOf, type Row } from './csv.ts'
import { createSnapshots } from './snapshots.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.drop())

setFlagsFromString('--expose-gc')
const collectGarbage: unknown = runInNewContext('gc')

function heapInUse(): number {
  if (typeof collectGarbage === 'function') collectGarbage()
  return process.memoryUsage().heapUsed
}

const million = 1_000_000
const wide = Prisma.sql`
  SELECT n, 'Action_' || n, 'A name of some length, with "quotes" in it', n * 2, NULL, 'another text of a row'
  FROM generate_series(1, ${million}::int) AS n`

it('streams a million rows in bounded memory', async () => {
  const { pages } = await createSnapshots({ databaseUrl: database.url }).open(wide)
  let bytes = 0
  let lines = 0
  let most = 0
  let looks = 0
  const before = heapInUse()
  for await (const piece of csvOf(['a', 'b', 'c', 'd', 'e', 'f'], pages)) {
    bytes += Buffer.byteLength(piece)
    lines += piece.split('\r\n').length - 1
    // Each time it is looked at, garbage is collected: that takes a while.
    if (lines % 100_000 !== 1) continue
    looks += 1
    most = Math.max(most, heapInUse() - before)
  }
  expect(lines).toBe(million + 1)
  expect(bytes).toBeGreaterThan(90 * million)
  expect(looks).toBe(11)
  expect(most).toBeLessThan(10 * 1024 * 1024)
})

it('fails before anything is read where the statement does, and holds nothing afterwards', async () => {
  const snapshots = createSnapshots({ databaseUrl: database.url, atOnce: 1, pageMs: 500 })
  await expect(snapshots.open(Prisma.sql`SELECT 1 / (${0}::int)`)).rejects.toThrow('division by zero')
  await expect(snapshots.open(Prisma.sql`SELECT pg_sleep(5)`)).rejects.toThrow('statement timeout')
  await expect(snapshots.open(Prisma.sql`DELETE FROM workspace RETURNING 1`)).rejects.toThrow()
  const { pages, close } = await snapshots.open(Prisma.sql`SELECT ${'text'}::text, 2::bigint`)
  const read: Row[] = []
  for await (const rows of pages) read.push(...rows)
  expect(read).toEqual([['text', 2]])
  await close()
})
