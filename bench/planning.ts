/** How fast records become bodies, in one process: mapping, validation, planning, serialisation; and one by one over HTTP. */
import { execFile } from 'node:child_process'
import process from 'node:process'
import { promisify } from 'node:util'
import { startRole, workerNodeOptions } from '../server/start/roles.ts'
import { type Kind, kinds } from './planning-events.ts'
import { inTemporaryFolder } from './temporary-folder.ts'

interface Options {
  readonly records: number
  say(line: string): void
}

type Rates = Readonly<Record<Kind, number>>

export interface PlanningFigures extends Rates {
  /** Records a second of the hand-written loop. */
  readonly ceiling: Rates
  readonly unbatchedPerSecond: number
  /** The most that one of the processes had. */
  readonly rssMiB: number
  /** What the peer prints, where SEGMENT_DIR names its set-up. */
  readonly segment?: unknown
}

export function planning({ records, say }: Options): Promise<PlanningFigures> {
  return inTemporaryFolder(say, async ({ logs, stops }) => {
    const measure = async (...args: readonly string[]) => {
      const program = 'bench/planning-process.ts'
      const { ended, ready } = await startRole({
        ...{ name: 'planning', program, args, nodeOptions: workerNodeOptions, logs },
      })
      await ended
      return ready
    }
    const rates = { ours: {} as Record<Kind, number>, byHand: {} as Record<Kind, number> }
    let rssMiB = 0
    for (const kind of kinds) {
      const { ours, byHand, rssMiB: own } = await measure('--kind', kind, '--records', String(records))
      rates.ours[kind] = Number(ours)
      rates.byHand[kind] = Number(byHand)
      rssMiB = Math.max(rssMiB, Number(own))
      say(`${kind}: ${ours} records/s; by hand ${byHand}`)
    }
    const sink = await startRole({ name: 'sink', program: 'bench/sink.ts', logs })
    stops.add('sink', sink.stop)
    const { rate } = await measure('--url', String(sink.ready['url']))
    say(`One by one over HTTP: ${rate} requests/s`)
    const segment = await measureSegment(say)
    return {
      ...rates.ours,
      ceiling: rates.byHand,
      unbatchedPerSecond: Number(rate),
      rssMiB,
      ...(segment === undefined ? {} : { segment }),
    }
  })
}

/** Segment's published Braze actions on records like these; their set-up is a folder of its own. */
async function measureSegment(say: (line: string) => void): Promise<unknown> {
  const { SEGMENT_DIR: folder } = process.env
  if (folder === undefined) return undefined
  const { stdout } = await promisify(execFile)(process.execPath, ['bench_segment.mjs', '30000', 'stub'], {
    cwd: folder,
  })
  say(stdout)
  return JSON.parse(stdout)
}
