/** I1: every matching row is at the vendor with its latest value, or is a visible dead letter. */
import type { ProfileView } from '@sluice/connector-braze/testing'
import type { DeadLetter } from './dead-letters.ts'
import type { Evidence } from './evidence.ts'
import type { LaneName } from './scene.ts'
import type { Version, World } from './world.ts'

export interface LostInput {
  readonly lane: LaneName
  readonly world: Pick<World, 'rows'>
  readonly evidence: Evidence
  readonly deadLetters: readonly DeadLetter[]
  profile(person: string): ProfileView | undefined
}

/** One line for each row that is lost. */
export function findLost(input: LostInput): readonly string[] {
  const { lane, world, evidence, deadLetters } = input
  const applied = new Set(
    evidence.effects.filter((effect) => effect.lane === lane).flatMap(({ items }) => items.map(({ v }) => v)),
  )
  const isNamed = ({ v }: Version) => deadLetters.some(({ from, to }) => from <= v && v <= to)
  const matching = [...world.rows.values()].filter(({ isActive }) => isActive)
  return matching.flatMap((version) => {
    const { id, v, person } = version
    if (isNamed(version)) return []
    if (!applied.has(v)) return [`row ${id} of ${person}: version ${v} never took effect`]
    const shown = shownVersion(input, person)
    return shown >= v ? [] : [`row ${id} of ${person}: the profile shows ${shown} and not ${v}`]
  })
}

/** Events have no latest value: that one took effect is all there is to see. */
function shownVersion({ lane, profile }: LostInput, person: string): number {
  if (lane === 'events') return Number.POSITIVE_INFINITY
  return Number(profile(person)?.attributes['v'] ?? 0)
}
