/** Mappings as one function from a row to a valid payload: compiled once per published version, fixed once per delivery. */
import type { z } from '@sluice/connector-sdk'
import type { AttributeColumn, Columns } from '../reading/columns.ts'
import { type ActionTemplates, noTemplates } from './action-templates.ts'
import { assertMappingsFit } from './check.ts'
import { type Filler, fillEntries, fillValue, type Payload, type RowOrigins } from './fill.ts'
import { fillParsed, fillWhole, isParsed } from './fill-json.ts'
import { fillRepeated } from './fill-repeated.ts'
import type { FixedValues } from './fixed-value.ts'
import type { Mapping, Mappings } from './mapping.ts'
import { narrowParameters } from './narrow-parameters.ts'
import { fillsWhole, type Parameter, readParameters } from './parameters.ts'
import type { DeliveryMoment } from './render-row.ts'
import { type RecordProblem, validate } from './validate.ts'

export type MappingResult =
  | { readonly ok: true; readonly payload: Readonly<Payload> }
  | { readonly ok: false; readonly problems: readonly RecordProblem[] }

/** Maps one row of the columns that it was compiled for. */
export type RecordMapping = (columns: Columns, row: number) => MappingResult

/** What the mapping needs of an action's definition. */
export interface MappingTarget {
  readonly parameters: z.ZodObject
  /** The names of what the action's `prepare` gives; left out where it has none. */
  readonly outputs?: readonly string[]
  /** Those of the action, compiled for the same columns; left out where it has none. */
  readonly templates?: ActionTemplates
}

/**
 * Compiles mappings for rows with the given columns, in their order; what is returned is called once a delivery, with
 * the values that are the same for all its records. A null attribute leaves its parameter out.
 * What can't be converted is reported before the parameters' own schema is asked: it would call it missing.
 */
export function compileMapping(
  mappings: Mappings,
  { parameters, outputs = [], templates = noTemplates }: MappingTarget,
  columns: readonly AttributeColumn[],
): (fixed: FixedValues, moment: DeliveryMoment) => RecordMapping {
  assertMappingsFit(mappings, parameters, columns, outputs, [...templates.compiled.values()])
  const known = [...readParameters(parameters).values()]
  const narrow = narrowParameters(parameters, new Set(mappings.map(({ parameter }) => parameter)))
  return (fixed, moment) => {
    const origins = { columns, fixed, templates, moment }
    const fillers = known.flatMap((parameter) => {
      const own = mappings.filter((mapping) => mapping.parameter === parameter.name)
      return fillersOf(parameter, own, origins)
    })
    return recordMapping(fillers, narrow)
  }
}

function recordMapping(fillers: readonly Filler[], narrow: z.ZodObject): RecordMapping {
  return (rows, row) => {
    const payload: Payload = {}
    let problems: readonly RecordProblem[] | undefined
    for (const fill of fillers) {
      const found = fill(rows, row, payload)
      if (found !== undefined) problems = problems === undefined ? found : [...problems, ...found]
    }
    if (problems !== undefined) return { ok: false, problems }
    const validation = validate(narrow, payload)
    return validation.ok ? { ok: true, payload: validation.value } : validation
  }
}

function fillersOf(
  parameter: Parameter,
  mappings: readonly Mapping[],
  origins: RowOrigins,
): readonly Filler[] {
  if (parameter.kind !== 'value') {
    const whole = mappings.find((mapping) => fillsWhole(mapping, parameter))
    if (whole !== undefined) return [fillWhole(parameter, whole, origins)]
  }
  const parsed = mappings.filter((mapping) => isParsed(mapping, parameter, origins.templates))
  const others = mappings.filter((mapping) => !parsed.includes(mapping))
  return [
    ...fillersOfSingles(parameter, others, origins),
    ...parsed.map((mapping) => fillParsed(parameter, mapping, origins)),
  ]
}

function fillersOfSingles(
  parameter: Parameter,
  mappings: readonly Mapping[],
  origins: RowOrigins,
): readonly Filler[] {
  if (parameter.kind === 'value') return mappings.map((mapping) => fillValue(parameter, mapping, origins))
  if (mappings.length === 0 && !parameter.isNeverAbsent) return []
  const fill = parameter.kind === 'entries' ? fillEntries : fillRepeated
  return [fill(parameter, mappings, origins)]
}
