/** The rules of the delivery protocol, each with a change of the code that switches it off. */

export interface Edit {
  readonly file: string
  readonly from: string
  readonly to: string
}

export interface SwitchedRule {
  /** The rule's number in the protocol, and a word for which part of it is off. */
  readonly name: string
  readonly edits: readonly Edit[]
  /** Schedules that are known to notice: they are played first. */
  readonly seeds?: readonly number[]
}

const sending = 'engine/delivering/sending.ts'
const runPass = 'engine/delivering/run-pass.ts'
const lane = 'test/harness/memory-lane.ts'
const exceptions = 'test/harness/memory-exceptions.ts'

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
        from: 'now() - delivery.lastCommitAt >= unheardForMs) deliver.wake(delivery)',
        to: 'now() - delivery.lastCommitAt >= unheardForMs) continue',
      },
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
  },
  {
    name: '4-sends-slices-as-they-were-cut',
    edits: [{ file: runPass, from: "isUncut: 'isRepeat' in unit && !isRepeat", to: 'isUncut: false' }],
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
    name: '6-retries-before-stored-slices',
    edits: [
      {
        file: runPass,
        from: 'if (isFirstPassDone) await retryDue(deps, sending)',
        to: 'await retryDue(deps, sending)',
      },
    ],
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
  },
  {
    name: '7-does-not-wait-for-the-lease-before',
    edits: [{ file: runPass, from: 'await waitForZombie(deps, signal)', to: '' }],
  },
  {
    name: '7-sends-without-a-lease',
    edits: [{ file: runPass, from: 'while (!progress.isLeased())', to: 'while (false)' }],
  },
  {
    name: '7-gives-its-lease-back-with-requests-open',
    edits: [
      { file: runPass, from: 'if (await sending.quiet()) await', to: 'await sending.quiet()\n    await' },
    ],
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
        file: 'engine/delivering/send-items.ts',
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
    seeds: [101, 202, 303],
  },
  {
    name: '12-waiting-for-a-turn-uses-up-time',
    edits: [{ file: runPass, from: 'firstAt: null,', to: 'firstAt: progress.start.createdAt,' }],
  },
  {
    name: '12-a-pause-uses-up-time',
    edits: [{ file: 'test/simulation/database.ts', from: 'lane.resume(last.from)', to: '' }],
  },
]
