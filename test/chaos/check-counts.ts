/** I3: the equation holds everywhere, everything adds up, and the counts agree with what the vendor has seen. */
import { outcomes } from '../../server/deliveries/rules.ts'
import type { Evidence } from './evidence.ts'
import type { LaneName } from './scene.ts'
import type { Term, Terms, ToldCounts } from './told-counts.ts'
import type { World } from './world.ts'

export interface CountsInput {
  readonly lane: LaneName
  readonly world: Pick<World, 'versions' | 'rows'>
  readonly evidence: Evidence
  readonly told: ToldCounts
}

const dead = ['rejected', 'refused', 'exhausted', 'unknown'] as const

export function findMismatches(input: CountsInput): readonly string[] {
  const { totals, deliveries } = input.told
  return [
    ...equation('the action', totals),
    ...deliveries.flatMap((delivery) => equation(`delivery ${delivery.sequence}`, delivery)),
    ...sums(input.told),
    ...deadLetters(input.told),
    ...againstVendor(input),
  ]
}

function equation(what: string, terms: Terms): readonly string[] {
  const accounted = outcomes.reduce((total, name) => total + terms[name], terms.waiting)
  const isNegative = [...outcomes, 'waiting' as const].some((name) => terms[name] < 0)
  if (accounted === terms.matched && !isNegative) return []
  return [`${what}: matched ${terms.matched}, accounted for ${accounted}`]
}

function sums({ totals, deliveries, trends }: ToldCounts): readonly string[] {
  return (['matched', ...outcomes, 'retries'] as const).flatMap((term) => [
    ...differs(term, 'the deliveries', total(deliveries, term), totals[term]),
    ...trends.flatMap(({ grain, points }) =>
      differs(term, `the points by the ${grain}`, total(points, term), totals[term]),
    ),
  ])
}

function differs(term: Term, what: string, found: number, expected: number): readonly string[] {
  return found === expected ? [] : [`${term}: ${what} have ${found}, the action ${expected}`]
}

function total<Key extends string>(all: readonly Readonly<Record<Key, number>>[], key: Key): number {
  return all.reduce((found, each) => found + each[key], 0)
}

function deadLetters({ totals, deadLetters: listed }: ToldCounts): readonly string[] {
  return dead.flatMap((term) =>
    differs(
      term,
      'the dead letters',
      total(
        listed.filter(({ outcome }) => outcome === term.toUpperCase()),
        'count',
      ),
      totals[term],
    ),
  )
}

/** The vendor knows which versions took effect, the world which ones there were. */
function againstVendor({ lane, world, evidence, told: { totals } }: CountsInput): readonly string[] {
  const applied = new Set(
    evidence.effects.filter((effect) => effect.lane === lane).flatMap(({ items }) => items.map(({ v }) => v)),
  ).size
  const active = world.versions.filter(({ isActive }) => isActive).length
  const found: string[] = []
  const taken = totals.delivered + totals.warned
  if (taken > applied) found.push(`${taken} are counted as taken, but only ${applied} took effect`)
  if (totals.matched > active) found.push(`${totals.matched} matched, but there were only ${active} versions`)
  const live = [...world.rows.values()].filter(({ isActive }) => isActive).length
  if (totals.matched < live) found.push(`${totals.matched} matched, but ${live} rows are in the segment`)
  // What was sent and not answered is unknown; an event cannot have taken effect and be counted as anything else.
  if (lane === 'events' && applied > taken + totals.unknown) {
    found.push(
      `${applied} events took effect, but ${taken} are counted as taken and ${totals.unknown} as unknown`,
    )
  }
  return found
}
