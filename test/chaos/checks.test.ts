/** The checks notice what they are there for: evidence that was forged to break one promise each. */
import { describe, expect, it } from 'vitest'
import { outcomes } from '../../server/deliveries/rules.ts'
import { findMismatches } from './check-counts.ts'
import { findLost } from './check-lost.ts'
import { findAppendedTwice, findRepeated } from './check-repeated.ts'
import { findStale } from './check-stale.ts'
import type { Arrival, Effect, Evidence } from './evidence.ts'
import { type Findings, isViolated, sum } from './findings.ts'
import type { LaneName } from './scene.ts'
import type { Terms, ToldCounts } from './told-counts.ts'
import type { Version } from './world.ts'

const timeoutMs = 1_000

/** Requests one after the other, each with the versions of one person that it carries. */
function evidence(
  lane: LaneName,
  ...requests: readonly {
    readonly v: number
    readonly person?: string
    readonly status?: number | null
    /** How long until it was answered. */
    readonly tookMs?: number
    /** How long until it took effect; null when it never did. */
    readonly appliedMs?: number | null
  }[]
): Evidence {
  const arrivals: Arrival[] = []
  const effects: Effect[] = []
  for (const [index, request] of requests.entries()) {
    const { v, person = 'p', status = 201, tookMs = 0, appliedMs = status === 201 ? 0 : null } = request
    const [sequence, at, items] = [index + 1, index * 10, [{ person, v }]]
    arrivals.push({ sequence, lane, at, endedAt: at + tookMs, status: status ?? undefined, items })
    if (appliedMs !== null) {
      effects.push({ sequence, lane, arrivedAt: at, appliedAt: at + appliedMs, items })
    }
  }
  return { arrivals, effects: effects.sort((a, b) => a.appliedAt - b.appliedAt) }
}

function row(v: number, isActive = true): Version {
  return { v, id: 1, person: 'p', isActive, micros: v }
}

describe('lost', () => {
  const lost = (version: Version, seen: Evidence, shown: number | undefined = version.v, named?: number) =>
    findLost({
      lane: 'attributes',
      world: { rows: new Map([[1, version]]) },
      evidence: seen,
      deadLetters:
        named === undefined
          ? []
          : [{ outcome: 'REFUSED', code: 'x', from: named - 1, to: named + 1, count: 3 }],
      profile: () => ({
        brazeId: '',
        externalId: 'p',
        aliases: [],
        events: [],
        attributes: shown === undefined ? {} : { v: shown },
      }),
    })

  it('is a row whose latest version never took effect', () => {
    expect(lost(row(2), evidence('attributes', { v: 1 }))).toHaveLength(1)
    expect(lost(row(2), evidence('attributes', { v: 2, status: 503 }))).toHaveLength(1)
    expect(lost(row(2), evidence('events', { v: 2 }))).toHaveLength(1)
    expect(lost(row(2), evidence('attributes', { v: 1 }, { v: 2 }))).toEqual([])
  })

  it('is a row whose latest version does not stand at the vendor', () => {
    expect(lost(row(2), evidence('attributes', { v: 2 }), 1)).toHaveLength(1)
    expect(lost(row(2), evidence('attributes', { v: 2 }), undefined)).toEqual([])
  })

  it('is no row that a dead letter names, or one of a run of them', () => {
    expect(lost(row(2), evidence('attributes'), 0, 2)).toEqual([])
    expect(lost(row(2), evidence('attributes'), 0, 3)).toEqual([])
    expect(lost(row(2), evidence('attributes'), 0, 4)).toHaveLength(1)
  })

  it('is no row outside the segment', () => {
    expect(lost(row(2, false), evidence('attributes'))).toEqual([])
  })
})

describe('stale', () => {
  const stale = (seen: Evidence) => findStale({ lane: 'attributes', evidence: seen, applyWithinMs: 3_000 })

  it('is an older version that is sent after a newer one, even when it takes no effect', () => {
    expect(stale(evidence('attributes', { v: 2 }, { v: 1, status: 503 }))).toHaveLength(1)
    expect(stale(evidence('attributes', { v: 1 }, { v: 2 }, { v: 2 }))).toEqual([])
  })

  it('is an older version that takes effect after a newer one was sent too early', () => {
    expect(stale(evidence('attributes', { v: 1, appliedMs: 500 }, { v: 2 }))).toHaveLength(1)
  })

  it('is not what the vendor applies later than promised', () => {
    expect(stale(evidence('attributes', { v: 1, appliedMs: 3_001 }, { v: 2 }))).toEqual([])
  })

  it('is no event that takes effect late, which is written over nothing', () => {
    const late = evidence('events', { v: 1, appliedMs: 500 }, { v: 2 })
    expect(findStale({ lane: 'events', evidence: late, applyWithinMs: 3_000 })).toEqual([])
    const older = evidence('events', { v: 2 }, { v: 1 })
    expect(findStale({ lane: 'events', evidence: older, applyWithinMs: 3_000 })).toHaveLength(1)
  })

  it('is nothing between recipients, or between lanes', () => {
    expect(stale(evidence('attributes', { v: 2 }, { v: 1, person: 'q' }))).toEqual([])
    expect(stale(evidence('events', { v: 2 }, { v: 1 }))).toEqual([])
  })
})

describe('repeated', () => {
  it('is what is sent again after it was taken and answered in time', () => {
    expect(findRepeated(evidence('attributes', { v: 1 }, { v: 1 }), timeoutMs)).toHaveLength(1)
  })

  it('is not what was refused, not answered, or answered too late', () => {
    for (const first of [{ status: 503 }, { status: null }, { tookMs: 1_001, appliedMs: 1_001 }]) {
      expect(findRepeated(evidence('attributes', { v: 1, ...first }, { v: 1 }), timeoutMs)).toEqual([])
    }
  })
})

describe('appended twice', () => {
  const twice = (seen: Evidence) => findAppendedTwice(seen, timeoutMs)

  it('is an event that takes effect twice', () => {
    expect(twice(evidence('events', { v: 1 }, { v: 1 }))).toHaveLength(1)
    expect(twice(evidence('events', { v: 1 }, { v: 2 }))).toEqual([])
    expect(twice(evidence('attributes', { v: 1 }, { v: 1 }))).toEqual([])
  })

  it('is an event that is sent again although its first sending may take effect', () => {
    expect(twice(evidence('events', { v: 1, status: null }, { v: 1 }))).toHaveLength(1)
    const late = { tookMs: 1_001, appliedMs: null }
    expect(twice(evidence('events', { v: 1, ...late }, { v: 1 }))).toHaveLength(1)
    expect(twice(evidence('events', { v: 1, status: 503 }, { v: 1 }))).toEqual([])
  })
})

describe('counts', () => {
  const none = Object.fromEntries(
    ['matched', ...outcomes, 'waiting', 'retries'].map((term) => [term, 0]),
  ) as Terms
  const of = (terms: Partial<Terms>): Terms => ({ ...none, ...terms })

  function mismatches(
    terms: Partial<Terms>,
    change: Partial<ToldCounts> = {},
    lane: LaneName = 'attributes',
  ) {
    const totals = of(terms)
    return findMismatches({
      lane,
      world: { versions: [row(1), row(2)], rows: new Map([[1, row(2)]]) },
      evidence: evidence(lane, { v: 1 }, { v: 2 }),
      told: {
        isAtSourceEnd: true,
        totals,
        trends: [{ grain: 'MINUTE', points: [totals] }],
        deliveries: [{ ...totals, sequence: 1, state: 'COMPLETED', errorCode: null }],
        deadLetters: [],
        ...change,
      },
    })
  }
  const right = { matched: 2, delivered: 2 }

  it('are right when everything adds up', () => {
    expect(mismatches(right)).toEqual([])
    expect(
      mismatches(
        { matched: 2, delivered: 1, refused: 1 },
        { deadLetters: [{ outcome: 'REFUSED', count: 1 }] },
      ),
    ).toEqual([])
  })

  it('are wrong when a record has no outcome, or two', () => {
    expect(mismatches({ matched: 2, delivered: 1 })).not.toEqual([])
    expect(mismatches({ matched: 1, delivered: 2, waiting: -1 })).not.toEqual([])
  })

  it('are wrong when deliveries, a trend or dead letters differ from the totals', () => {
    expect(mismatches(right, { deliveries: [] })).not.toEqual([])
    expect(mismatches(right, { trends: [{ grain: 'HOUR', points: [] }] })).not.toEqual([])
    expect(mismatches({ matched: 2, delivered: 1, refused: 1 })).not.toEqual([])
    expect(mismatches(right, { deadLetters: [{ outcome: 'UNKNOWN', count: 1 }] })).not.toEqual([])
  })

  it('are wrong when more is delivered than took effect, or more matched than there was, or less', () => {
    expect(mismatches({ matched: 3, delivered: 3 })).toHaveLength(2)
    expect(mismatches({})).not.toEqual([])
  })

  it('are wrong when an event took effect and is counted as something else', () => {
    expect(mismatches({ matched: 2, delivered: 1, superseded: 1 }, {}, 'events')).not.toEqual([])
    expect(mismatches({ matched: 2, delivered: 1, superseded: 1 })).toEqual([])
  })
})

describe('the sum of runs', () => {
  const found = (change: Partial<Findings>): Findings => ({
    lost: 0,
    duplicates: 0,
    bound: 128,
    staleOverNewer: 0,
    countMismatches: 0,
    seen: [],
    ...change,
  })

  it('keeps promises where each run does', () => {
    const total = sum([found({ duplicates: 128 }), found({ duplicates: 2 })])
    expect(total).toMatchObject({ duplicates: 130, bound: 256 })
    expect(isViolated(total)).toBe(false)
  })

  it('breaks them where one run does, whichever it is', () => {
    for (const change of [{ lost: 1 }, { staleOverNewer: 1 }, { countMismatches: 1 }, { duplicates: 129 }]) {
      expect(isViolated(found(change))).toBe(true)
      expect(isViolated(sum([found({}), found(change), found({})]))).toBe(true)
    }
  })
})
