/** Mappings as one function from a row to a valid payload, compiled once per published version. */
import type { z } from '@sluice/connector-sdk'
import type { AttributeColumn, Columns } from '../reading/columns.ts'
import { assertMappingsFit } from './check.ts'
import { type Filler, fillEntries, fillValue, type Payload } from './fill.ts'
import { fillRepeated } from './fill-repeated.ts'
import type { Mapping, Mappings } from './mapping.ts'
import { narrowParameters } from './narrow-parameters.ts'
import { type Parameter, readParameters } from './parameters.ts'
import { type RecordProblem, validate } from './validate.ts'

export type MappingResult =
  | { readonly ok: true; readonly payload: Readonly<Payload> }
  | { readonly ok: false; readonly problems: readonly RecordProblem[] }

/** Maps one row of the columns that it was compiled for. */
export type RecordMapping = (columns: Columns, row: number) => MappingResult

/**
 * Compiles mappings for rows with the given columns, in their order. A null attribute leaves its parameter out.
 * What can't be converted is reported before the parameters' own schema is asked: it would call it missing.
 */
export function compileMapping(
  mappings: Mappings,
  parameters: z.ZodObject,
  columns: readonly AttributeColumn[],
): RecordMapping {
  assertMappingsFit(mappings, parameters, columns)
  const fillers = [...readParameters(parameters).values()].flatMap((parameter) => {
    const own = mappings.filter((mapping) => mapping.parameter === parameter.name)
    return fillersOf(parameter, own, columns)
  })
  const narrow = narrowParameters(parameters, new Set(mappings.map(({ parameter }) => parameter)))
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
  columns: readonly AttributeColumn[],
): readonly Filler[] {
  if (parameter.kind === 'value') return mappings.map((mapping) => fillValue(parameter, mapping, columns))
  if (mappings.length === 0 && !parameter.isNeverAbsent) return []
  const fill = parameter.kind === 'entries' ? fillEntries : fillRepeated
  return [fill(parameter, mappings, columns)]
}
