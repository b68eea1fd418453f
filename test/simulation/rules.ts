/** The rules of the delivery protocol, each with a change of the code that switches it off. */
import type { PlotChange } from './plot.ts'

export interface Edit {
  readonly file: string
  readonly from: string
  readonly to: string
}

export interface SwitchedRule {
  /** The rule's number in the protocol, and a word for which part of it is off. */
  readonly name: string
  readonly edits: readonly Edit[]
  /** What makes schedules more likely to need the rule. */
  readonly focus?: PlotChange
  /** The first schedule that is played, where chance shows the rule's need so late that it takes long. Default: 1. */
  readonly firstSeed?: number
}

const sending = 'engine/delivering/sending.ts'
const runPass = 'engine/delivering/run-pass.ts'
const lane = 'test/harness/memory-lane.ts'
const exceptions = 'test/harness/memory-exceptions.ts'

const wide: PlotChange = {
  ...{ isWide: true, isPaged: false, rows: 400, recipients: null, batchRows: 100 },
  ...{ stretchRows: 1_000, requestItems: 1, faults: { slowCommit: 0.5 } },
}
const quickly: PlotChange = {
  ...{ actionType: 'set-user', requestTimeoutMs: 2_000, applyWithinMs: null, heartbeatMs: 3_000 },
  ...{ settleMs: 2_000, pollEveryMs: 1_500, faultEveryMs: 1_000, writesForMs: 25_000 },
}
/** Several rows of a recipient in one delivery, behind one that is tried again, and commits that are lost. */
const crowded: PlotChange = {
  ...quickly,
  ...{ rows: 6, recipients: 2, stretchRows: 8, requestItems: 3, isPaged: false, hasDeletes: false },
  ...{ writeEveryMs: 5_000, writeRows: 5, writesForMs: 12_000, retryDelaysMs: [6_000] },
  faults: { busyItem: 0.5, lostWrite: 0.15 },
}
const zombies: PlotChange = {
  ...quickly,
  ...{ rows: 3, recipients: 1, writeEveryMs: 1_000 },
  faults: { busyItem: 0.3, appliedLate: 0.3, slowRead: 0.3, pause: 0.3, silence: 0.3 },
}
/** Retries that are on their way for long, take-overs now and then, and rows that come again. */
const takenOver: PlotChange = {
  ...quickly,
  ...{ rows: 3, recipients: null, writeRows: 1, hasDeletes: false, requestTimeoutMs: 10_000 },
  ...{ writeEveryMs: 2_500, writesForMs: 60_000, faultEveryMs: 3_000, retryDelaysMs: [500, 4_000] },
  faults: { busyItem: 0.5, appliedLate: 0.3, silence: 0.2 },
}
const lateAndLost: PlotChange = {
  ...quickly,
  ...{ rows: 2, recipients: null, applyWithinMs: 20_000, writeEveryMs: 700 },
  faults: { lostAnswer: 0.2, appliedLate: 0.3, reset: 0.3 },
}
const killedEvents: PlotChange = {
  ...quickly,
  ...{ actionType: 'add-event', rows: 4, writeEveryMs: 2_000 },
  faults: { busyItem: 0.4, kill: 0.3, slowCommit: 0.4 },
}
const killedRequests: PlotChange = {
  ...quickly,
  ...{ actionType: 'add-event-by-request', rows: 4, requestItems: 2, hasDeletes: false },
  ...{ writeEveryMs: 9_000, writesForMs: 60_000, faultEveryMs: 2_000 },
  faults: { kill: 0.3, slowCommit: 0.4, throttle: 0.3, unavailable: 0.3 },
}
/** Requests of one item each, of which many are repeated and turned back, and whose rows change before their turn. */
const throttledRequests: PlotChange = {
  ...killedRequests,
  ...{ rows: 8, recipients: null, writeRows: 8, stretchRows: 20, requestItems: 1, retryDelaysMs: [20_000] },
  faults: { kill: 0.3, slowCommit: 0.4, throttle: 0.5 },
}

export const rules: readonly SwitchedRule[] = [
  {
    name: '1-plans-although-a-first-pass-is-open',
    edits: [
      {
        file: 'test/simulation/planner.ts',
        from: 'if (open !== undefined) return open',
        to: 'if (open !== undefined) deliver.start(open)',
      },
    ],
  },
  {
    name: '2-no-sweep',
    edits: [
      {
        file: 'test/simulation/trouble.ts',
        from: 'now() - delivery.lastCommitAt >= unheardForMs) deliver.restart(delivery)',
        to: 'now() - delivery.lastCommitAt >= unheardForMs) continue',
      },
    ],
  },
  {
    name: '2-a-pass-that-hangs-is-waited-for',
    edits: [
      { file: 'test/simulation/trouble.ts', from: 'deliver.restart(delivery)', to: 'deliver.wake(delivery)' },
    ],
  },
  {
    name: '3-a-zombie-may-write',
    edits: [
      {
        file: lane,
        from: "if (ownPass !== pass || end?.kind === 'completed') throw new FencedError()",
        to: "if (end?.kind === 'completed') throw new FencedError()",
      },
    ],
  },
  {
    name: '3-goes-on-after-a-lost-answer',
    edits: [{ file: sending, from: 'broken ??= { error }', to: 'void error' }],
  },
  {
    name: '4-reads-everything-again',
    edits: [
      {
        file: runPass,
        from: 'const after = slices.at(-1)?.boundary ?? stretch.after',
        to: 'const after = stretch.after',
      },
    ],
  },
  {
    name: '4-does-not-recount',
    edits: [
      {
        file: runPass,
        from: 'return more >= 0 ? { matched: more } : { superseded: -more }',
        to: 'return {}',
      },
    ],
  },
  {
    name: '4-joins-dead-letters-out-of-order',
    edits: [{ file: sending, from: 'isAlone: item.isMissing', to: 'isAlone: false' }],
    focus: killedEvents,
    firstSeed: 484,
  },
  {
    name: '4-sends-slices-as-they-were-cut',
    edits: [{ file: runPass, from: "isUncut: 'isRepeat' in unit && !isRepeat", to: 'isUncut: false' }],
    focus: crowded,
    firstSeed: 918,
  },
  {
    name: '5-not-behind-earlier-deliveries',
    edits: [
      {
        file: 'engine/delivering/holds.ts',
        from: 'const isBehind = recipient !== undefined && holders.has(recipient)',
        to: 'const isBehind = false',
      },
    ],
  },
  {
    name: '5-not-behind-this-pass',
    edits: [{ file: 'engine/delivering/holds.ts', from: 'ofThisPass.has(recipient)', to: 'false' }],
  },
  {
    name: '5-does-not-wait-for-commits',
    edits: [{ file: sending, from: 'await recipients.hold(wanted)', to: '' }],
  },
  {
    name: '5-does-not-look-what-still-stands',
    edits: [
      { file: 'engine/delivering/holds.ts', from: 'standing.has(id)', to: '(standing.has(id) && false)' },
    ],
  },
  {
    name: '6-retries-before-stored-slices-and-commits-after-a-lost-one',
    edits: [
      {
        file: 'test/harness/memory-progress.ts',
        from: "writes = writes.then(() => commit('write', () => pass.write(write)))",
        to: "writes = commit('write', () => pass.write(write))",
      },
      {
        file: runPass,
        from: 'if (isFirstPassDone) await retryDue(deps, sending)',
        to: 'await retryDue(deps, sending)',
      },
    ],
    focus: { ...crowded, recipients: 1, requestItems: 1 },
  },
  {
    name: '6-claims-out-of-order',
    edits: [{ file: exceptions, from: 'if (isDue && !before.has(each.recipient))', to: 'if (isDue)' }],
  },
  {
    name: '6-a-claim-ends-at-a-takeover',
    edits: [
      {
        file: lane,
        from: '      const start = startOf(',
        to: "      for (const { id, state } of exceptions.of(sequence)) if (state === 'trying') exceptions.set(id, { state: 'waiting' })\n      const start = startOf(",
      },
    ],
    focus: takenOver,
  },
  {
    name: '7-does-not-wait-for-the-lease-before',
    edits: [{ file: runPass, from: 'await waitForZombie(deps, signal)', to: '' }],
    focus: zombies,
  },
  {
    name: '7-sends-without-a-lease',
    edits: [{ file: runPass, from: 'while (!progress.isLeased())', to: 'while (false)' }],
    focus: zombies,
  },
  {
    name: '7-gives-its-lease-back-with-requests-open',
    edits: [
      { file: runPass, from: 'if (await sending.quiet()) await', to: 'await sending.quiet()\n    await' },
    ],
    focus: lateAndLost,
    firstSeed: 837,
  },
  {
    name: '8-no-quarantine',
    edits: [
      {
        file: 'engine/delivering/outcome-of.ts',
        from: 'const quarantinedUntil = now + applyWithinMs',
        to: 'const quarantinedUntil = now + 0 * applyWithinMs',
      },
    ],
  },
  {
    name: '9-no-mark-before-sending',
    edits: [
      {
        file: 'engine/delivering/send-requests.ts',
        from: 'if (atRisk.length > 0) await',
        to: 'if (false) await',
      },
    ],
  },
  {
    name: '9-repeats-started-slices',
    edits: [
      {
        file: 'engine/delivering/resumed.ts',
        from: 'if (started.size === 0) return',
        to: 'if (true) return',
      },
    ],
  },
  {
    name: '9-repeats-started-exceptions',
    edits: [{ file: 'engine/delivering/retry-due.ts', from: 'if (isStarted) {', to: 'if (false) {' }],
    focus: killedEvents,
  },
  {
    name: '9-forgets-started-rows-that-are-missing',
    edits: [{ file: 'engine/delivering/resumed.ts', from: '...missing]', to: ']' }],
  },
  {
    name: '9-repeats-what-got-no-answer',
    edits: [
      {
        file: 'engine/delivering/outcome-of.ts',
        from: '(isRepeat || mayBeApplied(part.verdict))',
        to: 'false',
      },
    ],
  },
  {
    name: '9-believes-a-repetition-that-is-not-final',
    edits: [
      {
        file: 'engine/delivering/outcome-of.ts',
        from: '(isRepeat || mayBeApplied(part.verdict))',
        to: 'mayBeApplied(part.verdict)',
      },
    ],
    focus: throttledRequests,
  },
  {
    name: '10-reads-before-settle',
    edits: [
      {
        file: 'test/simulation/planner.ts',
        from: 'const limit = now() - plot.settleMs',
        to: 'const limit = now()',
      },
    ],
  },
  {
    name: '4-no-bound-of-what-may-be-repeated',
    edits: [{ file: sending, from: 'underWay.size >= mostUnsettled', to: 'false' }],
    focus: wide,
  },
  {
    name: '12-waiting-for-a-turn-uses-up-time',
    edits: [{ file: runPass, from: 'firstAt: null,', to: 'firstAt: progress.start.createdAt,' }],
  },
  {
    name: '12-a-pause-uses-up-time',
    edits: [{ file: 'test/simulation/database.ts', from: 'lane.resume(last.from)', to: '' }],
    firstSeed: 325,
  },
]
