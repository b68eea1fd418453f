/** Whether mappings make sense for an action's parameters and outputs and a source's columns; all problems at once. */
import type { z } from '@sluice/connector-sdk'
import type { AttributeColumn } from '../reading/columns.ts'
import { suggestion } from '../rules/nearest-name.ts'
import type { MappableTemplate } from './action-templates.ts'
import { checkKeys } from './check-keys.ts'
import { checkOrigin, type Origins } from './check-origin.ts'
import type { Mapping, Mappings } from './mapping.ts'
import { type Parameter, readParameters } from './parameters.ts'
import { type MappingProblem, UnfitMappingsError } from './problem.ts'

export function checkMappings(
  mappings: Mappings,
  parameters: z.ZodObject,
  columns: readonly AttributeColumn[],
  outputs: readonly string[] = [],
  templates: readonly MappableTemplate[] = [],
): readonly MappingProblem[] {
  return checkMappingsTo(readParameters(parameters), mappings, { columns, outputs, templates })
}

/** For many that have the same parameters: reading these takes longer than checking a mapping. */
export function checkMappingsTo(
  known: ReadonlyMap<string, Parameter>,
  mappings: Mappings,
  origins: Origins,
): readonly MappingProblem[] {
  return [
    ...mappings.flatMap((mapping, index) => checkMapping(mapping, `mappings[${index}]`, known, origins)),
    ...checkKeys(mappings, known),
    ...checkRequired(mappings, known),
  ]
}

export function assertMappingsFit(
  mappings: Mappings,
  parameters: z.ZodObject,
  columns: readonly AttributeColumn[],
  outputs: readonly string[],
  templates: readonly MappableTemplate[],
): void {
  const problems = checkMappings(mappings, parameters, columns, outputs, templates)
  if (problems.length > 0) throw new UnfitMappingsError(problems)
}

function checkMapping(
  mapping: Mapping,
  path: string,
  known: ReadonlyMap<string, Parameter>,
  origins: Origins,
): readonly MappingProblem[] {
  const parameter = known.get(mapping.parameter)
  const problems = checkOrigin(mapping, path, parameter, origins)
  if (parameter !== undefined) return problems
  const message = `The action has no parameter "${mapping.parameter}". ${suggestion(mapping.parameter, [...known.keys()])}`
  return [{ path: `${path}.parameter`, code: 'unknown_parameter', message }, ...problems]
}

function checkRequired(mappings: Mappings, known: ReadonlyMap<string, Parameter>): readonly MappingProblem[] {
  const mapped = new Set(mappings.map(({ parameter }) => parameter))
  return [...known.values()]
    .filter((parameter) => parameter.isRequired && !mapped.has(parameter.name))
    .filter((parameter) => parameter.kind === 'value' || !parameter.isNeverAbsent)
    .map(({ name, title }) => ({
      path: 'mappings',
      code: 'required_parameter_missing',
      message: `The action needs the parameter "${name}" (${title}). Map an attribute or a constant to it.`,
    }))
}
