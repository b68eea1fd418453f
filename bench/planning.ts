/** How fast records become bodies, in one process: mapping, validation, planning, serialisation; and one by one over HTTP. */
import process from 'node:process'
import { startRole, workerNodeOptions } from '../server/start/roles.ts'
import { findPeer } from './peer-setup.ts'
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
  /** Records a second of Segment's Braze actions, and how many times as fast ours are; where its set-up is named. */
  readonly segment?: Rates & { readonly ratios: Rates }
}

/** Records that the peer is measured with: it takes ten times as long. */
const mostPeerRecords = 15_000

export function planning({ records, say }: Options): Promise<PlanningFigures> {
  const { SEGMENT_DIR: folder } = process.env
  // Before minutes are spent.
  const peer = folder === undefined ? null : findPeer(folder)
  return inTemporaryFolder(say, async ({ logs, stops }) => {
    const measureIn = async (program: string, ...args: readonly string[]) => {
      const { ended, ready } = await startRole({
        ...{ name: 'planning', program, args, nodeOptions: workerNodeOptions, logs },
      })
      await ended
      return ready
    }
    const measure = (...args: readonly string[]) => measureIn('bench/planning-process.ts', ...args)
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
    const segment = peer === null ? undefined : await measurePeer(peer)
    return {
      ...rates.ours,
      ceiling: rates.byHand,
      unbatchedPerSecond: Number(rate),
      rssMiB,
      ...(segment === undefined ? {} : { segment }),
    }

    async function measurePeer(home: string): Promise<Rates & { readonly ratios: Rates }> {
      const most = String(Math.min(records, mostPeerRecords))
      const found = await measureIn('bench/peer-process.ts', '--home', home, '--records', most)
      const theirs = ratesOf((kind) => Number(found[kind]))
      const ratios = ratesOf((kind) => Math.round((rates.ours[kind] / theirs[kind]) * 100) / 100)
      for (const kind of kinds)
        say(`${kind}: Segment ${theirs[kind]} records/s; ours is ${ratios[kind]} times that`)
      return { ...theirs, ratios }
    }
  })
}

function ratesOf(rateOf: (kind: Kind) => number): Rates {
  return { track: rateOf('track'), identify: rateOf('identify'), purchase: rateOf('purchase') }
}
