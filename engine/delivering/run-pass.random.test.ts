/** Passes under random faults, crashes and changes of the source: in the end nothing is lost and all is counted. */
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { comparePositions, positionOf, type Row } from '../../test/harness/memory-source.ts'
import { createPassScene, type PassScene } from '../../test/harness/pass-scene.ts'
import type { Reply } from '../../test/harness/scripted-vendor.ts'

/** What happens in one run. All of it follows from these numbers. */
const story = fc.record({
  rows: fc.nat({ max: 60 }),
  seed: fc.nat(),
  /** How many requests go wrong before the vendor works. */
  faults: fc.nat({ max: 30 }),
  /** After how many calls of a port the process is killed, one number a process. */
  kills: fc.array(fc.integer({ min: 1, max: 120 }), { maxLength: 6 }),
  /** How many rows change or go between passes. */
  changes: fc.nat({ max: 8 }),
})
type Story = typeof story extends fc.Arbitrary<infer Value> ? Value : never

class KilledError extends Error {
  override readonly name = 'KilledError'
}

/** Numbers from 0 up to a bound, the same ones for the same seed. */
function randomOf(seed: number): (bound: number) => number {
  let state = seed
  return (bound) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * bound)
  }
}

/** A process that is killed at a given call of a port: nothing it does afterwards has an effect. */
function createProcesses(kills: readonly number[]) {
  let process = 0
  let calls = 0
  let isDead = false
  return {
    async call(): Promise<void> {
      calls += 1
      if (calls === kills[process]) isDead = true
      if (isDead) throw new KilledError()
    },
    restart(): void {
      process += 1
      calls = 0
      isDead = false
    },
  }
}

const words = ['ok', 'ok', 'ok', 'warned', 'bad', 'busy'] as const

function faultOf(random: (bound: number) => number): Reply {
  switch (random(9)) {
    case 0:
      return { kind: 'status', status: 503 }
    case 1:
      return { kind: 'status', status: 429, headers: { 'retry-after': String(random(100)) } }
    case 2:
      return { kind: 'status', status: 400 }
    case 3:
      return { kind: 'hang', isTaken: true }
    case 4:
      return { kind: 'hang', isTaken: false }
    case 5:
      return { kind: 'not-sent' }
    case 6:
      return { kind: 'status', status: 401 }
    default:
      return { kind: 'results', word: () => words[random(words.length)] ?? 'ok' }
  }
}

function sceneOf({ rows, seed, faults, kills }: Story, actionType: 'set-user' | 'add-event') {
  const random = randomOf(seed)
  const processes = createProcesses(kills)
  let left = faults
  const scene = createPassScene({
    rows: Array.from({ length: rows }, (_, id) => ({
      id,
      changed: Math.floor(id / 7),
      user: random(12) === 0 ? null : `u${id}`,
      value: `v${id}`,
    })),
    actionType,
    batchRows: 1 + random(9),
    turns: () => random(5),
    async around() {
      for (let turn = random(3); turn > 0; turn -= 1) await new Promise((resolve) => setImmediate(resolve))
      await processes.call()
    },
    beforeBatch: () => processes.call(),
    async reply() {
      await processes.call()
      left -= 1
      return left >= 0 ? faultOf(random) : { kind: 'results' }
    },
  })
  return { scene, processes, random }
}

/** Passes until the delivery is completed; the ids of the rows that were changed on the way. */
async function runToTheEnd(told: Story, actionType: 'set-user' | 'add-event') {
  const { scene, processes, random } = sceneOf(told, actionType)
  const changed = new Set<number>()
  let changes = told.changes
  for (let passes = 0; passes < 400; passes += 1) {
    try {
      const end = await scene.pass()
      if (end === null || end.kind === 'completed') return { scene, changed }
      if (end.kind === 'waiting') scene.wait(Math.max(0, (end.dueAt ?? 0) - scene.now()))
    } catch (error) {
      if (!(error instanceof KilledError)) throw error
      processes.restart()
    }
    if (changes > 0) {
      changes -= 1
      changed.add(changeOne(scene, random))
    }
  }
  throw new Error('The delivery was never completed.')
}

/** A row is written anew, which moves it behind the stretch, or deleted. */
function changeOne({ source }: PassScene, random: (bound: number) => number): number {
  const id = random(60)
  const row = source.rows.get(id)
  if (row !== undefined && random(3) === 0) source.rows.delete(id)
  else if (row !== undefined) source.rows.set(id, { ...row, changed: 1_000, value: 'newer' })
  return id
}

function isDeadLetter({ delivery }: PassScene, row: Row): boolean {
  const position = positionOf(row)
  return delivery.dead.some(
    (letter) =>
      comparePositions(letter.position, position) <= 0 &&
      comparePositions(position, letter.lastPosition) <= 0,
  )
}

// The equation, the fence and what may be sent are checked by the ports themselves, at every commit.
const slow = 60_000

it(
  'brings every row to the vendor with its value, or lists it as a dead letter',
  () =>
    fc.assert(
      fc.asyncProperty(story, async (told) => {
        const { scene, changed } = await runToTheEnd(told, 'set-user')
        const { totals, waiting } = scene.delivery
        expect(waiting).toEqual([])
        for (const row of scene.source.rows.values()) {
          if (changed.has(row.id)) continue
          const isThere = row.user !== null && scene.vendor.users.get(row.user) === row.value
          expect(isThere || isDeadLetter(scene, row), `row ${row.id}`).toBe(true)
        }
        // Every row was counted once; those that changed before they were read come with a later stretch.
        expect(totals.matched).toBeLessThanOrEqual(told.rows)
        expect(totals.matched).toBeGreaterThanOrEqual(told.rows - changed.size)
      }),
      { numRuns: 250 },
    ),
  slow,
)

it(
  'never sends an event twice while no process is killed, whatever the vendor answers',
  () =>
    fc.assert(
      fc.asyncProperty(story, async (told) => {
        const { scene, changed } = await runToTheEnd({ ...told, kills: [] }, 'add-event')
        expect(new Set(scene.vendor.events).size).toBe(scene.vendor.events.length)
        for (const row of scene.source.rows.values()) {
          if (changed.has(row.id)) continue
          const isThere = scene.vendor.events.includes(`0/${positionOf(row).join('/')}`)
          expect(isThere || isDeadLetter(scene, row), `row ${row.id}`).toBe(true)
        }
      }),
      { numRuns: 150 },
    ),
  slow,
)

it(
  'repeats after a kill only what was not settled, which is never more than 128 requests',
  () =>
    fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 800 }), fc.nat(), async (kill, seed) => {
        const { scene, processes } = sceneOf(
          { rows: 1_500, seed, faults: 0, kills: [kill], changes: 0 },
          'set-user',
        )
        await expect(scene.pass()).rejects.toThrow(KilledError)
        const isOpen = ({ isSettled }: { readonly isSettled: boolean }) => !isSettled
        const settled = scene.delivery.slices.length - scene.delivery.slices.filter(isOpen).length
        const unsettled = scene.vendor.requests.length - settled
        expect(unsettled).toBeLessThanOrEqual(128)

        processes.restart()
        expect(await scene.pass()).toEqual({ kind: 'completed' })
        const sendable = scene.delivery.slices.length
        expect(scene.vendor.requests.length).toBeLessThanOrEqual(sendable + unsettled)
        expect(scene.delivery.totals.delivered + scene.delivery.totals.rejected).toBe(1_500)
      }),
      { numRuns: 40 },
    ),
  slow,
)
