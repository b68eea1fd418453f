/** One run: a table that changes while its vendor breaks; then quiet; then every invariant is checked. */
import { setTimeout as sleep } from 'node:timers/promises'
import { findMismatches } from './check-counts.ts'
import { findLost } from './check-lost.ts'
import { findAppendedTwice, findRepeated, mostRepeatedPerCrash } from './check-repeated.ts'
import { findStale } from './check-stale.ts'
import { readDeadLetters } from './dead-letters.ts'
import { type Evidence, evidenceOf } from './evidence.ts'
import type { Findings } from './findings.ts'
import type { Installation } from './installation.ts'
import type { Crash } from './kills.ts'
import { operate } from './operator.ts'
import { createRandom, type Random } from './random.ts'
import { createScene, laneNames, type Scene } from './scene.ts'
import { settled } from './settled.ts'
import { readCounts } from './told-counts.ts'
import { applyWithinMs, breakVendor, latestEffectMs, requestTimeoutMs } from './vendor-faults.ts'
import { createWorld, type Version, type World } from './world.ts'

export interface Run {
  readonly seed: number
  /** Changes rows and breaks the vendor until the signal. */
  unrest(signal: AbortSignal): Promise<void>
  /** Waits for rest and checks. */
  check(crashes: readonly Crash[], restWithinMs: number): Promise<Findings>
  /** How much went on, in words. */
  traffic(): string
  /** What was seen, for who looks into a failure. */
  record(): object
  end(): Promise<void>
}

export async function prepareRun(installation: Installation, seed: number): Promise<Run> {
  const random = createRandom(seed)
  const world = createWorld(random, random.between(200, 600), Date.now())
  const scene = await createScene(installation, world, seed)
  let last: Version | undefined

  return {
    seed,
    async unrest(signal) {
      const faults = breakVendor(scene.braze, createRandom(seed + 0x5eed), signal)
      const operator = operate(installation, scene, createRandom(seed + 0x0bed), signal)
      await changeRows(world, scene, random, signal)
      await Promise.all([faults, operator])
      last = world.finish(Date.now())
      await scene.publishRows()
    },
    async check(crashes, restWithinMs) {
      if (last === undefined) throw new Error('Without unrest there is nothing to check.')
      const open = await settled(installation, scene, last, restWithinMs)
      // What came late at the vendor may still take effect.
      await sleep(latestEffectMs)
      const findings = await checkAll(installation, world, scene, crashes)
      if (open === undefined) return findings
      // A lane that stops for ever has lost what it should have sent, whatever else is found.
      const seen = [`it does not come to rest within ${restWithinMs / 1000} s: ${open}`, ...findings.seen]
      return { ...findings, lost: Math.max(1, findings.lost), seen }
    },
    traffic() {
      const { log } = scene.braze
      const failed = log.filter(({ status }) => status !== 201).length
      return `${world.versions.length} versions, ${log.length} requests, ${failed} failed`
    },
    record: () => ({ versions: world.versions, rows: [...world.rows.values()], ...evidenceOf(scene.braze) }),
    end: scene.end,
  }
}

async function changeRows(world: World, scene: Scene, random: Random, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await sleep(random.between(500, 2_500), undefined, { signal }).catch(() => undefined)
    world.change(Date.now())
    await scene.publishRows()
  }
}

async function checkAll(
  installation: Installation,
  world: World,
  scene: Scene,
  crashes: readonly Crash[],
): Promise<Findings> {
  const evidence = evidenceOf(scene.braze)
  const lanes = await Promise.all(
    laneNames.map(async (lane) => {
      const action = scene.actions[lane]
      const told = await readCounts(installation, action)
      const deadLetters = await readDeadLetters(installation, scene.workspaceId, action, world)
      const about = (lines: readonly string[]) => lines.map((line) => `${lane}: ${line}`)
      return {
        lost: about(findLost({ lane, world, evidence, deadLetters, profile: scene.braze.profile })),
        stale: about(findStale({ lane, evidence, applyWithinMs })),
        mismatches: about(findMismatches({ lane, world, evidence, told })),
      }
    }),
  )
  const lost = lanes.flatMap((lane) => lane.lost)
  const stale = lanes.flatMap((lane) => lane.stale)
  const mismatches = lanes.flatMap((lane) => lane.mismatches)
  const repeated = repetitions(evidence, crashes)
  return {
    lost: lost.length,
    staleOverNewer: stale.length,
    countMismatches: mismatches.length,
    duplicates: repeated.duplicates,
    bound: repeated.bound,
    seen: [...lost, ...stale, ...repeated.seen, ...mismatches],
  }
}

/** A server sends nothing, so that its crash allows no repetition. */
function repetitions(evidence: Evidence, crashes: readonly Crash[]) {
  const bound = mostRepeatedPerCrash * crashes.filter(({ kind }) => kind !== 'server').length
  const repeated = findRepeated(evidence, requestTimeoutMs)
  const harm = findAppendedTwice(evidence, requestTimeoutMs)
  // Nothing that does harm is within any bound.
  const duplicates = harm.length === 0 ? repeated.length : bound + repeated.length + harm.length
  return { bound, duplicates, seen: duplicates > bound ? [...harm, ...repeated] : [] }
}
