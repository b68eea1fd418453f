/** Zips the lists of a record into the entries of a repeated group: one entry a place, single values in each. */
import type { AttributeValue } from '@sluice/connector-sdk'
import type { Columns } from '../reading/columns.ts'
import {
  type ConvertedValue,
  type Converter,
  convertEach,
  converterTo,
  isList,
  isRefusal,
  type Refusal,
} from './convert.ts'
import { buildEntry, entryTree } from './entry-tree.ts'
import { type Filler, pathOf, problemOf, type RowOrigins } from './fill.ts'
import type { Mapping } from './mapping.ts'
import { fieldOf, type GroupParameter } from './parameters.ts'
import { rowRenderer } from './render-row.ts'
import type { RecordProblem } from './validate.ts'

export function fillRepeated(
  parameter: GroupParameter,
  mappings: readonly Mapping[],
  origins: RowOrigins,
): Filler {
  const { name, isNeverAbsent } = parameter
  const parts = mappings.map((mapping) => partOf(mapping, parameter, origins))
  const tree = entryTree(parts.map(({ key }) => key))
  // What is the same for all records goes along with what a record has: it makes an entry of its own only where nothing else is mapped.
  const hasOnlyFixed = parts.length > 0 && parts.every((part) => part.isFixed)
  return (rows, row, payload) => {
    const raw = parts.map(({ read }) => read(rows, row))
    const length = hasOnlyFixed ? 1 : lengthOf(raw, parts)
    if (length === undefined) return [{ code: 'unequal_lengths', path: name }]
    if (length === 0) {
      if (isNeverAbsent) payload[name] = []
      return undefined
    }
    const values = parts.map(({ convert }, part) => converted(raw[part] ?? null, convert))
    if (values.some(isRefusal)) return problemsOf(values, parts, name)
    let place = 0
    const valueAt = (part: number): unknown => {
      const value = values[part]
      return Array.isArray(raw[part]) && Array.isArray(value) ? value[place] : value
    }
    const entries: unknown[] = []
    for (; place < length; place += 1) entries.push(buildEntry(tree, valueAt) ?? {})
    payload[name] = entries
    return undefined
  }
}

/** What a template could not render has no value. */
type Raw = AttributeValue | Refusal

interface Part {
  readonly key: string
  /** Whether no record has a part in it. */
  readonly isFixed: boolean
  readonly read: (rows: Columns, row: number) => Raw
  /** Converts a list value by value and a single value as one. */
  readonly convert: Converter
}

function partOf(mapping: Mapping, parameter: GroupParameter, origins: RowOrigins): Part {
  const { from, key = '' } = mapping
  const convertOne = converterTo(fieldOf(parameter, key)?.target ?? { kind: 'json' })
  const convert: Converter = (value) => (isList(value) ? convertEach(value, convertOne) : convertOne(value))
  if (from.kind === 'template') {
    const isFixed = origins.templates.compiled.get(from.template)?.reads.length === 0
    return { key, isFixed, read: rowRenderer(from.template, pathOf(mapping), origins), convert }
  }
  if (from.kind !== 'attribute') {
    const value = origins.fixed(from) ?? null
    return { key, isFixed: true, read: () => value, convert }
  }
  const index = origins.columns.findIndex(({ name }) => name === from.attribute)
  return { key, isFixed: false, read: (rows, row) => rows[index]?.[row] ?? null, convert }
}

/** How many entries the record itself makes, fixed values aside; undefined when its lists differ in length. */
function lengthOf(raw: readonly Raw[], parts: readonly Part[]): number | undefined {
  let length: number | undefined
  let hasSingle = false
  for (const [index, value] of raw.entries()) {
    if (value === null || parts[index]?.isFixed === true) continue
    if (!Array.isArray(value)) hasSingle = true
    else if (length === undefined) length = value.length
    else if (length !== value.length) return undefined
  }
  return length ?? (hasSingle ? 1 : 0)
}

function problemsOf(
  values: readonly (ConvertedValue | Refusal)[],
  parts: readonly Part[],
  name: string,
): readonly RecordProblem[] {
  return values.flatMap((value, part) =>
    isRefusal(value) ? [problemOf(value, `${name}.${parts[part]?.key}`)] : [],
  )
}

function converted(value: Raw, convert: Converter): ConvertedValue | Refusal {
  return value === null || isRefused(value) ? value : convert(value)
}

function isRefused(value: Raw): value is Refusal {
  return typeof value === 'object' && value !== null && 'refused' in value
}
