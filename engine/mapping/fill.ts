/** Puts one parameter's value, or the entries of one group, into a payload. */
import type { Columns } from '../reading/columns.ts'
import { type ConvertedValue, converterTo, isRefusal, type Refusal } from './convert.ts'
import type { FixedValues } from './fixed-value.ts'
import type { Mapping } from './mapping.ts'
import { fieldOf, type GroupParameter, type Parameter, type ValueParameter } from './parameters.ts'
import { type RowTemplates, rowRenderer } from './render-row.ts'
import type { RecordProblem } from './validate.ts'

export type Payload = Record<string, unknown>

/** Fills a part of the payload from a row; problems are returned, and only then is anything allocated for them. */
export type Filler = (columns: Columns, row: number, payload: Payload) => readonly RecordProblem[] | undefined

/** What the values of a row's payload come from, ready for one delivery. */
export interface RowOrigins extends RowTemplates {
  readonly fixed: FixedValues
}

export function fillValue(parameter: ValueParameter, mapping: Mapping, origins: RowOrigins): Filler {
  const { name } = parameter
  const read = readerOf(mapping, parameter, origins)
  return (rows, row, payload) => {
    const value = read(rows, row)
    if (value === null) return undefined
    if (isRefusal(value)) return [problemOf(value, name)]
    payload[name] = value
    return undefined
  }
}

export function fillEntries(
  parameter: GroupParameter,
  mappings: readonly Mapping[],
  origins: RowOrigins,
): Filler {
  const { name, isNeverAbsent } = parameter
  const entries = mappings.map((mapping) => ({
    key: mapping.key ?? '',
    read: readerOf(mapping, parameter, origins),
  }))
  return (rows, row, payload) => {
    let group: Payload | undefined = isNeverAbsent ? {} : undefined
    let problems: RecordProblem[] | undefined
    for (const { key, read } of entries) {
      const value = read(rows, row)
      if (value === null) continue
      if (isRefusal(value)) {
        problems ??= []
        problems.push(problemOf(value, `${name}.${key}`))
        continue
      }
      group ??= {}
      group[key] = value
    }
    if (group !== undefined) payload[name] = group
    return problems
  }
}

export function problemOf({ refused, index, place }: Refusal, path: string): RecordProblem {
  const problem = { code: refused, path: index === undefined ? path : `${path}.${index}` }
  return place === undefined ? problem : { ...problem, place }
}

export function pathOf({ parameter, key }: Mapping): string {
  return key === undefined ? parameter : `${parameter}.${key}`
}

type Reader = (rows: Columns, row: number) => ConvertedValue | Refusal

/** A row's value in the form that the parameter wants; null when there is none. */
function readerOf(mapping: Mapping, parameter: Parameter, origins: RowOrigins): Reader {
  const { from } = mapping
  const convert = converterTo(fieldOf(parameter, mapping.key)?.target ?? { kind: 'json' })
  if (from.kind === 'template') {
    const render = rowRenderer(from.template, pathOf(mapping), origins)
    return (rows, row) => {
      const text = render(rows, row)
      return typeof text === 'string' ? convert(text) : text
    }
  }
  if (from.kind !== 'attribute') {
    const value = origins.fixed(from)
    const constant = value === undefined ? null : convert(value)
    return () => constant
  }
  const index = origins.columns.findIndex(({ name }) => name === from.attribute)
  return (rows, row) => {
    const value = rows[index]?.[row] ?? null
    return value === null ? null : convert(value)
  }
}
