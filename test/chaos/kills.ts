/** What is killed, in which order and how soon after one another: drawn from the seed, each kind at least once. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Installation } from './installation.ts'
import type { Part } from './part.ts'
import type { Random } from './random.ts'

const kinds = [
  'worker',
  'otherWorker',
  'server',
  'postgres',
  'temporal',
  'connections',
  'everything',
] as const
type Kind = (typeof kinds)[number]

export interface PlannedKill {
  readonly kind: Kind
  /** Whether what was killed before is back by then: a machine may take long to start it. */
  readonly isAlone: boolean
  readonly afterMs: number
  /** How long it stays away. */
  readonly downMs: number
}

/** What has happened, for the report and for what may be repeated. */
export interface Crash {
  readonly kind: Kind
  /** Epoch milliseconds. */
  readonly at: number
  readonly backAt: number
}

export function planKills(random: Random): readonly PlannedKill[] {
  const each: readonly Kind[] = ['worker', 'otherWorker', 'server', 'postgres', 'temporal', 'connections']
  return random.shuffled([...each, random.pick(kinds)]).map((kind) => ({
    kind,
    isAlone: random.chance(0.6),
    afterMs: random.between(300, 2_500),
    downMs: random.between(100, 1_500),
  }))
}

/** Resolves when all kills are done and every part is back. */
export async function kill(
  installation: Installation,
  planned: readonly PlannedKill[],
  say: (line: string) => void,
): Promise<readonly Crash[]> {
  const started = Date.now()
  const busy = new Map<Part, Promise<void>>()
  const crashes: Promise<Crash>[] = []

  /** One kill of a part after the other: it is back before it is killed again. */
  function killPart(part: Part, downMs: number): Promise<void> {
    const back = (busy.get(part) ?? Promise.resolve()).then(async () => {
      await part.kill()
      await sleep(downMs)
      await part.start()
    })
    busy.set(part, back)
    return back
  }

  async function crash({ kind, downMs }: PlannedKill): Promise<Crash> {
    const at = Date.now()
    if (kind === 'connections') installation.cutDatabase()
    else if (kind === 'everything') {
      await Promise.all(Object.values(installation.parts).map((part) => killPart(part, downMs)))
    } else await killPart(installation.parts[kind], downMs)
    const backAt = Date.now()
    say(`  ${nameOf(kind)} at ${seconds(at - started)} s, back ${seconds(backAt - at)} s later`)
    return { kind, at, backAt }
  }

  for (const each of planned) {
    if (each.isAlone) await Promise.all(crashes)
    await sleep(each.afterMs)
    crashes.push(crash(each))
  }
  return Promise.all(crashes)
}

function nameOf(kind: Kind): string {
  return kind === 'otherWorker' ? 'the other worker' : kind
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(1)
}
