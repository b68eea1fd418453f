/** From verdicts to outcomes: every kind of verdict, every effect, and items of several parts. */
import { type Effect, type Verdict, type VerdictKind, verdict, worstFirst } from '@sluice/connector-sdk'
import { describe, expect, it } from 'vitest'
import type { Outcome } from './outcome.ts'
import { type Attempt, outcomeOf, type PartVerdict } from './outcome-of.ts'

const now = Date.parse('2026-01-01T12:00:00Z')
const day = 24 * 60 * 60 * 1000
const first: Attempt = {
  attempts: 0,
  firstAt: now,
  now,
  schedule: { delaysMs: [60_000, 300_000], forMs: day },
  applyWithinMs: 15_000,
  isRepeat: false,
  catalogue: { bad_user: 'data', busy: 'transient' },
}
const late: Attempt = { ...first, attempts: 3, firstAt: now - day }

function part(effect: Effect, answer: Verdict): PartVerdict {
  return { effect, verdict: answer }
}

/** An outcome in one word, with what matters of it. */
function told(outcome: Outcome): string {
  switch (outcome.kind) {
    case 'counted':
      return outcome.term
    case 'dead':
      return `${outcome.outcome} ${outcome.code} by ${outcome.reporter}`
    case 'waiting':
      return `waiting ${outcome.code}, ${outcome.attempts} tries`
  }
}

const answers: Readonly<Record<VerdictKind, Verdict>> = {
  delivered: verdict.delivered,
  deliveredWithWarning: verdict.deliveredWithWarning('bad_user'),
  accepted: verdict.accepted,
  rejected: verdict.rejected('bad_user', 'user'),
  refused: verdict.refused('bad_user', 'user'),
  retry: verdict.retry('busy'),
  throttled: verdict.throttled(5_000),
  setup: verdict.setup('http_401'),
  unknown: verdict.unknown('timed_out'),
}

const ofOnePart: Readonly<Record<VerdictKind, readonly [set: string, others: string]>> = {
  delivered: ['delivered', 'delivered'],
  deliveredWithWarning: ['warned', 'warned'],
  accepted: ['delivered', 'delivered'],
  rejected: ['rejected bad_user by sluice', 'rejected bad_user by sluice'],
  refused: ['refused bad_user by vendor', 'refused bad_user by vendor'],
  retry: ['waiting busy, 1 tries', 'waiting busy, 1 tries'],
  throttled: ['waiting throttled, 0 tries', 'waiting throttled, 0 tries'],
  setup: ['waiting http_401, 0 tries', 'waiting http_401, 0 tries'],
  unknown: ['waiting timed_out, 1 tries', 'unknown timed_out by vendor'],
}

describe('an item of one part', () => {
  it.each(worstFirst)('answered with %s, is told apart by its effect', (kind) => {
    const outcomes = (['set', 'append', 'delta'] as const).map((effect) =>
      told(outcomeOf([part(effect, answers[kind])], first)),
    )
    const [set, others] = ofOnePart[kind]
    expect(outcomes).toEqual([set, others, others])
  })
})

describe('an item of several parts', () => {
  it('has the worst outcome of its parts', () => {
    const pairs: readonly (readonly [VerdictKind, VerdictKind, string])[] = [
      ['delivered', 'deliveredWithWarning', 'warned'],
      ['delivered', 'refused', 'refused bad_user by vendor'],
      ['rejected', 'retry', 'rejected bad_user by sluice'],
      ['refused', 'rejected', 'refused bad_user by vendor'],
      ['throttled', 'retry', 'waiting busy, 1 tries'],
      ['setup', 'unknown', 'waiting http_401, 0 tries'],
    ]
    for (const [a, b, outcome] of pairs) {
      expect(told(outcomeOf([part('set', answers[a]), part('set', answers[b])], first))).toBe(outcome)
      expect(told(outcomeOf([part('set', answers[b]), part('set', answers[a])], first))).toBe(outcome)
    }
  })

  const open = ['retry', 'throttled', 'setup'] as const
  const applied = ['delivered', 'deliveredWithWarning', 'accepted'] as const
  const pairs = open.flatMap((left) => applied.map((done) => [done, left] as const))

  it.each(pairs)('is not repeated when an append was %s and another part is open by %s', (done, left) => {
    for (const effect of ['append', 'delta'] as const) {
      const parts = [part(effect, answers[done]), part(effect, answers[left])]
      expect(told(outcomeOf(parts, first))).toBe('unknown partly_applied by vendor')
      // What is still open may be harmless: what is done is not.
      const mixed = [part(effect, answers[done]), part('set', answers[left])]
      expect(told(outcomeOf(mixed, first))).toBe('unknown partly_applied by vendor')
    }
  })

  it.each(pairs)(
    'is repeated whole when only what may be repeated was %s, and an append is open by %s',
    (...kinds) => {
      const [done, left] = kinds
      const parts = [part('set', answers[done]), part('append', answers[left])]
      expect(outcomeOf(parts, first).kind).toBe('waiting')
    },
  )

  it('is unknown when an append may have been applied, whatever the other parts were', () => {
    const parts = [part('append', verdict.unknown('connection_lost')), part('set', verdict.retry('busy'))]
    expect(told(outcomeOf(parts, first))).toBe('unknown connection_lost by vendor')
    const withSetup = [part('append', verdict.unknown('connection_lost')), part('set', answers.setup)]
    expect(told(outcomeOf(withSetup, first))).toBe('unknown partly_applied by vendor')
  })
})

it('rejects an item that no request carried', () => {
  expect(told(outcomeOf([], first))).toBe('rejected not_planned by sluice')
})

describe('an item that has been tried for its whole time', () => {
  it.each(worstFirst)('answered with %s once more, is over unless only the settings are wrong', (kind) => {
    const outcome = outcomeOf([part('set', answers[kind])], late)
    if (kind === 'setup') expect(told(outcome)).toBe('waiting http_401, 3 tries')
    else if (kind === 'retry') expect(told(outcome)).toBe('exhausted busy by vendor')
    else if (kind === 'throttled') expect(told(outcome)).toBe('exhausted throttled by vendor')
    else if (kind === 'unknown') expect(told(outcome)).toBe('exhausted timed_out by vendor')
    else expect(told(outcome)).toBe(ofOnePart[kind][0])
  })
})

describe('what a dead letter keeps', () => {
  it('is the path of the parameter at fault', () => {
    expect(outcomeOf([part('set', answers.rejected)], first)).toMatchObject({ path: 'user' })
    expect(outcomeOf([part('set', answers.refused)], first)).toMatchObject({ path: 'user' })
  })

  it('is no code that nobody declared: it may be a value of the record', () => {
    for (const leak of ['ann@example.com', 'not_in_the_catalogue', '']) {
      for (const answer of [verdict.refused(leak), verdict.rejected(leak)]) {
        expect(outcomeOf([part('set', answer)], first)).toMatchObject({ code: 'vendor_error' })
      }
      expect(outcomeOf([part('set', verdict.retry(leak))], first)).toMatchObject({ code: 'vendor_error' })
      expect(outcomeOf([part('set', verdict.setup(leak))], first)).toMatchObject({ code: 'vendor_error' })
      expect(outcomeOf([part('append', verdict.unknown(leak))], first)).toMatchObject({
        code: 'vendor_error',
      })
    }
  })
})

describe('a throttled item', () => {
  function dueIn(answer: Verdict): number {
    const outcome = outcomeOf([part('set', answer)], first)
    return outcome.kind === 'waiting' ? outcome.dueAt - now : Number.NaN
  }

  it('waits as long as the vendor asks, and no attempt is used up', () => {
    expect(dueIn(verdict.throttled(90_000))).toBeGreaterThanOrEqual(90_000)
    expect(dueIn(verdict.throttled(90_000))).toBeLessThan(100_001)
    expect(outcomeOf([part('set', verdict.throttled(90_000))], first)).toMatchObject({ attempts: 0 })
  })

  it('waits a while when the vendor says nothing, or nothing sensible', () => {
    expect(dueIn(verdict.throttled())).toBeGreaterThanOrEqual(10_000)
    expect(dueIn(verdict.throttled(Number.NaN))).toBeGreaterThanOrEqual(10_000)
  })

  it('does not come back at once when the vendor asks for no wait', () => {
    expect(dueIn(verdict.throttled(0))).toBeGreaterThanOrEqual(1_000)
    expect(dueIn(verdict.throttled(-5))).toBeGreaterThanOrEqual(1_000)
  })

  it('comes back one day, whatever the vendor asks for', () => {
    for (const ms of [1e18, Number.POSITIVE_INFINITY]) {
      expect(dueIn(verdict.throttled(ms))).toBeLessThan(day + 10_001)
    }
  })
})
