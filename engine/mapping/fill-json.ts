/** Puts JSON that a template has rendered into a payload: a value that takes JSON, or a whole group. */

import type { ActionTemplates } from './action-templates.ts'
import { isRefusal } from './convert.ts'
import { type Filler, pathOf, problemOf, type RowOrigins } from './fill.ts'
import { readJson } from './json-text.ts'
import type { Mapping } from './mapping.ts'
import { fieldOf, type GroupParameter, type Parameter } from './parameters.ts'
import { rowRenderer } from './render-row.ts'

/** Whether a mapping's text is parsed: one that is JSON, for a place that takes more than a text. */
export function isParsed(
  { key, from }: Mapping,
  parameter: Parameter,
  { compiled }: ActionTemplates,
): boolean {
  if (from.kind !== 'template' || compiled.get(from.template)?.format !== 'json') return false
  const kind = fieldOf(parameter, key)?.target.kind
  return parameter.kind !== 'repeated' && (kind === 'json' || kind === 'array')
}

/** One value; of an open group, one of its entries. */
export function fillParsed({ name }: Parameter, mapping: Mapping, origins: RowOrigins): Filler {
  const path = pathOf(mapping)
  const read = reader(mapping, path, origins)
  const { key } = mapping
  return (rows, row, payload) => {
    const reading = read(rows, row)
    if (reading === null) return undefined
    if ('refused' in reading) return [problemOf(reading, path)]
    if (key === undefined) payload[name] = reading.value
    else {
      const group = payload[name]
      payload[name] = { ...(isObject(group) ? group : {}), [key]: reading.value }
    }
    return undefined
  }
}

/** A group, in place of all other mappings of it. What is in it, the parameters' own schema judges. */
export function fillWhole(
  { kind, name, isNeverAbsent }: GroupParameter,
  mapping: Mapping,
  origins: RowOrigins,
): Filler {
  const read = reader(mapping, name, origins)
  const isRepeated = kind === 'repeated'
  return (rows, row, payload) => {
    const reading = read(rows, row)
    if (reading === null) {
      if (isNeverAbsent) payload[name] = isRepeated ? [] : {}
      return undefined
    }
    if ('refused' in reading) return [problemOf(reading, name)]
    const { value } = reading
    if (isRepeated) {
      // One entry need not stand in a list.
      const entries: readonly unknown[] = Array.isArray(value) ? value : [value]
      if (!entries.every(isObject)) return [{ code: 'not_an_object', path: name }]
      payload[name] = entries
      return undefined
    }
    if (!isObject(value)) return [{ code: 'not_an_object', path: name }]
    payload[name] = value
    return undefined
  }
}

function reader(mapping: Mapping, path: string, origins: RowOrigins) {
  const { from } = mapping
  const render = from.kind === 'template' ? rowRenderer(from.template, path, origins) : () => null
  return (...[rows, row]: Parameters<typeof render>) => {
    const text = render(rows, row)
    return text === null || isRefusal(text) ? text : readJson(text)
  }
}

/** Not a list, and without the one name that would be no entry. */
function isObject(value: unknown): value is Record<string, unknown> {
  return (
    typeof value === 'object' && value !== null && !Array.isArray(value) && !Object.hasOwn(value, '__proto__')
  )
}
