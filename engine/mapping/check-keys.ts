/** Whether mappings name the right places: keys where groups need them, and no place twice. */
import { suggestion } from '../rules/nearest-name.ts'
import type { Mapping, Mappings } from './mapping.ts'
import { fillsWhole, type Parameter } from './parameters.ts'
import { overlaps, placeOf, segmentsOf } from './place.ts'
import type { MappingProblem } from './problem.ts'

export function checkKeys(
  mappings: Mappings,
  known: ReadonlyMap<string, Parameter>,
): readonly MappingProblem[] {
  const places: (readonly string[])[] = []
  const wholes = new Set<string>()
  return mappings.flatMap((mapping, index) => {
    const parameter = known.get(mapping.parameter)
    if (parameter === undefined) return []
    const path = `mappings[${index}]`
    if (fillsWhole(mapping, parameter)) {
      const isTaken = wholes.has(parameter.name)
      wholes.add(parameter.name)
      return isTaken ? [duplicate([parameter.name], path)] : []
    }
    const problem = checkKey(mapping, `${path}.key`, parameter)
    if (problem !== undefined) return [problem]
    const place = placeOf(mapping, parameter)
    const isTaken = places.some((other) => overlaps(place, other))
    places.push(place)
    return isTaken ? [duplicate(place, path)] : []
  })
}

function checkKey({ key }: Mapping, path: string, parameter: Parameter): MappingProblem | undefined {
  const { name } = parameter
  if (parameter.kind === 'value') {
    if (key === undefined) return undefined
    return { path, code: 'key_not_allowed', message: `"${name}" takes one value: remove the key "${key}".` }
  }
  if (key === undefined) {
    const message = `"${name}" takes entries by name: say which one in "key".`
    return { path, code: 'key_required', message }
  }
  if (segmentsOf(key, parameter).some((segment) => segment === '' || segment === '__proto__')) {
    const message = `"${key}" can't be a key: its names must not be empty or "__proto__".`
    return { path, code: 'key_not_allowed', message }
  }
  if (parameter.field(key) !== undefined) return undefined
  const hint = parameter.keys.length === 0 ? 'Use another key.' : suggestion(key, parameter.keys)
  return { path, code: 'unknown_key', message: `"${name}" has no entry "${key}". ${hint}` }
}

function duplicate(place: readonly string[], path: string): MappingProblem {
  const message = `"${place.join('.')}" is filled by an earlier mapping, wholly or in part. Remove one of them.`
  return { path, code: 'duplicate_mapping', message }
}
