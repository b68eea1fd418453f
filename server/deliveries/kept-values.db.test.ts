/** Nothing of a record can be read in the database after a pass has written all that it can write. */
import { createHash } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import type { Prisma, PrismaClient } from '../../prisma/generated/client/client.ts'
import { createLaneFixture, type LaneFixture, type TestLane } from '../../test/harness/lane-fixture.ts'
import { createOpenPasses } from '../../test/harness/open-passes.ts'
import { sealPosition } from '../sources/sealed-position.ts'

let fixture: LaneFixture
let lane: TestLane
beforeAll(async () => {
  fixture = await createLaneFixture()
})
beforeEach(async () => {
  lane = await fixture.addLane()
})
afterAll(() => fixture.close())

const now = Date.UTC(2026, 0, 1, 12)
const canaries = {
  key: 'canary-key-4711',
  cursor: 'canary-2026-01-01 00:00:00.123456',
  recipient: 'canary-ann@example.com',
  other: 'canary-bob@example.com',
  row: '["canary-row-0815"]',
}
const position = [canaries.cursor, canaries.key]

/** Every row of every table, each byte of bytes as two digits. */
async function dump(db: PrismaClient): Promise<string> {
  const tables = await db.$queryRaw<readonly { readonly name: string }[]>`
    SELECT quote_ident(table_name) AS name FROM information_schema.tables WHERE table_schema = 'public'`
  const texts: string[] = []
  for (const { name } of tables) {
    const rows = await db.$queryRawUnsafe<readonly { readonly row: string }[]>(
      `SELECT to_jsonb(t)::text AS row FROM ${name} AS t`,
    )
    texts.push(name, ...rows.map(({ row }) => row))
  }
  return texts.join('\n')
}

/** What somebody might take for not readable: the text as it is, in base64, as a plain hash, and their bytes. */
function formsOf(text: string): readonly string[] {
  const base64 = [0, 1, 2].map((shift) =>
    // The borders depend on what stands beside it.
    Buffer.from(`${' '.repeat(shift)}${text}`)
      .toString('base64')
      .slice(4, -4),
  )
  const hash = createHash('sha256').update(text).digest()
  const plain = [text, ...base64]
  return [
    ...plain,
    ...plain.map((form) => Buffer.from(form).toString('hex')),
    hash.subarray(0, 16).toString('hex'),
    hash.subarray(0, 16).toString('base64').slice(0, 20),
  ]
}

async function found(): Promise<readonly string[]> {
  const text = await dump(fixture.db)
  return Object.entries(canaries).flatMap(([name, canary]) =>
    formsOf(canary).some((form) => text.includes(form)) ? [name] : [],
  )
}

it('would be seen in any column, in text or in bytes, as it is or in base64', async () => {
  const delivery = await lane.addDelivery()
  const bytes = (text: string) => new Uint8Array(Buffer.from(text))
  const written: readonly Prisma.DeliveryUncheckedUpdateInput[] = [
    { errorCode: canaries.key },
    { until: bytes(canaries.key) },
    { until: bytes(Buffer.from(`[["${canaries.key}"]]`).toString('base64')) },
    { until: new Uint8Array(createHash('sha256').update(canaries.key).digest()) },
  ]
  for (const data of written) {
    expect(await found()).toEqual([])
    await fixture.db.delivery.update({ where: { id: delivery.id }, data })
    expect(await found()).toEqual(['key'])
    await fixture.db.delivery.update({
      where: { id: delivery.id },
      data: { errorCode: null, until: bytes('') },
    })
  }
  await lane.addSlice(delivery, { started: [bytes('other'), bytes(JSON.stringify(position))] })
  expect(await found()).toEqual(['key', 'cursor'])
  await fixture.db.slice.deleteMany()
})

it('is not there of all that a pass writes', async () => {
  const sealed = sealPosition(lane.key, position)
  const earlier = await lane.addDelivery({ until: sealed })
  const delivery = await lane.addDelivery({ after: sealed, until: sealed })
  await lane.addException(earlier, { position, recipient: canaries.recipient, row: canaries.row })
  const passes = createOpenPasses(fixture.db, now)
  const { progress } = await passes.open(lane, delivery)
  const fault = { reporter: 'vendor', code: 'busy', path: 'user' } as const
  const at = { slice: 0, position }
  const waiting = { kind: 'waiting', ...fault, attempts: 1, dueAt: now, firstAt: now } as const
  const dead = { kind: 'dead', outcome: 'refused', ...fault, quarantinedUntil: now + 1 } as const
  const { recipient, row } = canaries
  const job = { handle: recipient, acceptedAt: now, places: [0], isHarmful: false }

  await progress.write({ newSlices: [{ index: 0, boundary: position, matched: 5 }], counts: { matched: 5 } })
  await progress.write({
    startedSlice: { index: 0, positions: [position, position], body: progress.hashOf(recipient) },
  })
  await progress.write({
    settledSlices: [0],
    newExceptions: [
      { ...waiting, ...at, ordinal: 0, recipient: 'first', row: 'first' },
      { ...waiting, ...at, ordinal: 1, recipient, row },
      { ...dead, ...at, ordinal: 2, recipient, lastPosition: position, count: 1 },
      { ...dead, ...at, ordinal: 3, recipient: null, lastPosition: position, count: 2 },
    ],
  })
  const [first, second] = await progress.claimDue(500)
  if (first === undefined) throw new Error('Nothing was due.')
  await progress.write({ startedExceptions: [first.id] })
  await progress.write({ exceptionChanges: [{ ...waiting, id: first.id, recipient: canaries.other, job }] })
  const holders = await progress.holders()
  await progress.stillHolding(holders.map(({ id }) => ({ id, isSameRow: false })))
  await progress.end({ kind: 'waiting', dueAt: now })
  passes.closeAll()

  // It is all there, and can be read with the key.
  expect(second).toBeUndefined()
  const { exceptions, slices } = await lane.kept()
  expect([exceptions.length, slices[0]?.started.length]).toEqual([5, 1])
  expect((await passes.open(lane, delivery)).progress.start.stretch).toEqual({
    after: position,
    until: position,
  })
  passes.closeAll()
  expect(await found()).toEqual([])
})
