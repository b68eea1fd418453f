/** What a seed decides before anything happens: the kind of action, the table, and which faults there are. */
import type { ActionType } from '../harness/test-lane.ts'
import { createRandom, type Random } from './random.ts'

/** What can go wrong, and how often where it does, as a probability at each occasion. */
const faultRates = {
  /** Of a pass. */
  kill: 0.3,
  pause: 0.25,
  hiccup: 0.2,
  /** Temporal hears nothing more of a pass that goes on. */
  silence: 0.2,
  shutdown: 0.1,
  /** Of the database. */
  lostAnswer: 0.06,
  lostWrite: 0.05,
  databaseAway: 0.1,
  slowCommit: 0.04,
  /** Of the source. */
  sourceError: 0.04,
  slowRead: 0.1,
  /** Of the vendor: items, then whole requests. */
  busyItem: 0.2,
  badItem: 0.05,
  poison: 0.06,
  throttle: 0.08,
  unavailable: 0.08,
  notSent: 0.05,
  setup: 0.03,
  appliedAndHangs: 0.08,
  lostAndHangs: 0.06,
  appliedLate: 0.1,
  reset: 0.08,
  /** Of what starts passes. */
  pauseAction: 0.15,
  workflowLost: 0.08,
  laneRestart: 0.1,
  lostWake: 0.2,
} as const

/** A pass hangs for ever, and shows signs of life. */
const hangRate = 0.1
const hangSeeds = 1_000_000_000

/** The lane begins anew, at a poll: as a full resync does, and people who set a start. */
const rewindRate = 0.15
const rewindSeeds = 2_000_000_000

type Drawn = keyof typeof faultRates
export type Fault = Drawn | 'hang'
export type Faults = Readonly<Record<Fault, number>>

export interface Plot {
  readonly seed: number
  /** A long first stretch, with each item a request of its own. */
  readonly isWide: boolean
  readonly actionType: ActionType
  readonly rows: number
  /** How many recipients the rows have together; null: each has its own. */
  readonly recipients: number | null
  /** Whether timestamps are whole seconds, so that rows share them. */
  readonly isCoarse: boolean
  readonly hasSegment: boolean
  /** Whether each batch that is read fills a page. */
  readonly isPaged: boolean
  readonly hasDeletes: boolean
  readonly movesRecipients: boolean
  readonly settleMs: number
  readonly writeEveryMs: number
  /** Most rows that are written at a time. */
  readonly writeRows: number
  readonly writesForMs: number
  readonly pollEveryMs: number
  /** Most rows of a delivery. */
  readonly stretchRows: number
  /** Most items of a request. */
  readonly requestItems: number
  readonly batchRows: number
  readonly requestTimeoutMs: number
  readonly applyWithinMs: number | null
  readonly retryDelaysMs: number[]
  readonly retryForMs: number
  readonly heartbeatMs: number
  readonly faultEveryMs: number
  /** How often the lane goes back to its beginning, as a probability at each poll. */
  readonly rewinds: number
  readonly faults: Faults
}

/** What a schedule is told instead of what its seed decides; of faults, all that happen. */
export type PlotChange = Partial<Omit<Plot, 'seed' | 'faults'>> & { readonly faults?: Partial<Faults> }

export function changed(plot: Plot, { faults, ...change }: PlotChange): Plot {
  const none = Object.fromEntries(Object.keys(plot.faults).map((name) => [name, 0])) as Faults
  const told = { ...plot, ...change, ...(faults === undefined ? {} : { faults: { ...none, ...faults } }) }
  return mayRewind(told) ? told : { ...told, rewinds: 0 }
}

export function plotOf(seed: number): Plot {
  const plot = drawn(seed)
  // Asked of chance apart from all else: the seeds that are kept go on to tell what they told.
  const hangs = createRandom(seed + hangSeeds).chance(0.2)
  const rewinds = createRandom(seed + rewindSeeds).chance(0.25) && mayRewind(plot) ? rewindRate : 0
  return { ...plot, rewinds, faults: { ...plot.faults, hang: hangs ? hangRate : 0 } }
}

/** Events are meant to be sent again then, and rows that share a recipient to take turns: nothing that is checked. */
function mayRewind({ actionType, movesRecipients, recipients }: Plot): boolean {
  return actionType === 'set-user' && recipients === null && !movesRecipients
}

function drawn(seed: number): Plot {
  const random = createRandom(seed)
  const { pick, between, chance } = random
  const usual: Plot = {
    seed,
    isWide: false,
    actionType: pick([
      'set-user',
      'set-user',
      'set-user',
      'add-event',
      'add-event-by-key',
      'add-event-by-request',
    ]),
    rows: between(2, 6),
    recipients: chance(0.5) ? between(1, 3) : null,
    isCoarse: chance(0.3),
    hasSegment: chance(0.4),
    isPaged: chance(0.4),
    hasDeletes: chance(0.5),
    movesRecipients: chance(0.2),
    settleMs: pick([2_000, 5_000]),
    writeEveryMs: pick([1_500, 4_000, 9_000]),
    writeRows: pick([1, 1, 4]),
    writesForMs: pick([15_000, 30_000, 50_000]),
    pollEveryMs: pick([1_500, 4_000]),
    stretchRows: pick([2, 4, 8]),
    requestItems: pick([1, 2, 3]),
    batchRows: pick([1, 3, 100]),
    requestTimeoutMs: pick([2_000, 10_000]),
    applyWithinMs: chance(0.2) ? 20_000 : null,
    retryDelaysMs: pick([[2_000, 8_000], [500, 1_000, 2_000], [15_000]]),
    retryForMs: pick([20_000, 600_000, 86_400_000]),
    heartbeatMs: pick([3_000, 10_000, 30_000]),
    faultEveryMs: pick([2_500, 6_000, 15_000]),
    rewinds: 0,
    faults: someFaults(random),
  }
  if (seed % 101 === 0) return wide(usual)
  return chance(0.5) ? storm(usual, random) : usual
}

/** Faults that are dangerous together, and for what. */
const combinations: readonly [Combination, ...Combination[]] = [
  { faults: ['pause', 'silence', 'slowRead', 'busyItem', 'appliedLate'], actionType: 'set-user' },
  { faults: ['kill', 'appliedLate', 'reset', 'busyItem'] },
  { faults: ['lostAnswer', 'busyItem', 'slowCommit', 'reset'] },
  { faults: ['lostWrite', 'busyItem', 'unavailable'], actionType: 'set-user' },
  { faults: ['lostAnswer', 'appliedLate', 'reset'], actionType: 'set-user' },
  { faults: ['kill', 'slowCommit', 'throttle', 'unavailable'], actionType: 'add-event-by-request' },
  { faults: ['pauseAction', 'setup', 'busyItem', 'unavailable'] },
]

interface Combination {
  readonly faults: readonly Drawn[]
  readonly actionType?: ActionType
}

/** A few kinds of faults, again and again, on a table of few rows that change often. */
function storm(plot: Plot, { between, chance, pick }: Random): Plot {
  const names = Object.keys(faultRates) as [Drawn, ...Drawn[]]
  const any: Combination = { faults: Array.from({ length: between(2, 5) }, () => pick(names)) }
  const { actionType, faults } = chance(0.7) ? pick(combinations) : any
  const chosen = new Set(faults)
  const rates = names.map((name) => [name, chosen.has(name) ? Math.min(0.3, 3 * faultRates[name]) : 0])
  return {
    ...plot,
    faults: Object.fromEntries(rates) as Faults,
    actionType: actionType ?? pick(['set-user', 'add-event', 'add-event-by-request']),
    recipients: chance(0.7) ? between(1, 2) : null,
    rows: between(1, 4),
    settleMs: 2_000,
    writeEveryMs: pick([700, 2_000, 6_000]),
    writesForMs: pick([6_000, 12_000, 25_000]),
    pollEveryMs: 1_500,
    stretchRows: pick([2, 8]),
    requestItems: pick([1, 2]),
    retryDelaysMs: pick([[500, 4_000], [6_000]]),
    requestTimeoutMs: 2_000,
    heartbeatMs: 3_000,
    faultEveryMs: pick([1_500, 4_000]),
  }
}

/** Many requests are under way, and commits are slow. */
function wide(plot: Plot): Plot {
  const faults = {
    ...plot.faults,
    slowCommit: 0.5,
    notSent: 0,
    poison: 0,
    throttle: 0,
    setup: 0,
    unavailable: 0,
  }
  const table = { rows: 400, recipients: null, isPaged: false, batchRows: 100 }
  return { ...plot, ...table, isWide: true, stretchRows: 1_000, requestItems: 1, faults }
}

/** Each kind of fault is there or not, so that schedules differ in more than numbers. */
function someFaults({ chance }: Random): Faults {
  const isQuiet = chance(0.05)
  const entries = Object.entries(faultRates).map(([name, rate]) => [name, !isQuiet && chance(0.5) ? rate : 0])
  return Object.fromEntries(entries) as Faults
}
