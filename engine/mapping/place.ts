/** The place in a payload that a mapping fills: which places are the same, or lie within one another. */
import type { Mapping } from './mapping.ts'
import { fieldOf, fillsWhole, type GroupParameter, type Parameter } from './parameters.ts'

/** A group as a whole is the place of its parameter. */
export function placeOf({ key }: Mapping, parameter: Parameter): readonly string[] {
  if (parameter.kind === 'value' || key === undefined) return [parameter.name]
  return [parameter.name, ...segmentsOf(key, parameter)]
}

/** Dots lead into nested objects in repeated groups only; elsewhere they are part of the name. */
export function segmentsOf(key: string, { kind }: GroupParameter): readonly string[] {
  return kind === 'repeated' ? key.split('.') : [key]
}

/** Two places overlap when they are the same or one lies within the other. */
export function overlaps(left: readonly string[], right: readonly string[]): boolean {
  const shorter = Math.min(left.length, right.length)
  return left.slice(0, shorter).every((segment, index) => segment === right[index])
}

/** The place that these parameters have for a mapping; undefined where they have none. */
export function placeAmong(
  known: ReadonlyMap<string, Parameter>,
  mapping: Mapping,
): readonly string[] | undefined {
  const parameter = known.get(mapping.parameter)
  if (parameter === undefined) return undefined
  const isThere = fillsWhole(mapping, parameter) || fieldOf(parameter, mapping.key) !== undefined
  return isThere ? placeOf(mapping, parameter) : undefined
}
