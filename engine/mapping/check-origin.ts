/** Whether what a mapping takes its value from exists and can take the form that its parameter wants. */
import type { AttributeColumn } from '../reading/columns.ts'
import { suggestion } from '../rules/nearest-name.ts'
import { typeNames } from '../rules/type-names.ts'
import type { MappableTemplate } from './action-templates.ts'
import { canBecome, elementType } from './can-become.ts'
import { converterTo, isRefusal } from './convert.ts'
import type { Mapping } from './mapping.ts'
import { type MetadataField, metadataCanBecome } from './metadata.ts'
import { type Field, fieldOf, fillsWhole, type Parameter } from './parameters.ts'
import type { MappingProblem } from './problem.ts'
import type { Target } from './target.ts'
import { accepts } from './validate.ts'

/** What there is to map from. */
export interface Origins {
  readonly columns: readonly AttributeColumn[]
  /** The names of what the action's `prepare` gives. */
  readonly outputs: readonly string[]
  readonly templates: readonly MappableTemplate[]
}

export function checkOrigin(
  mapping: Mapping,
  path: string,
  parameter: Parameter | undefined,
  { columns, outputs, templates }: Origins,
): readonly MappingProblem[] {
  const { from } = mapping
  const field = parameter === undefined ? undefined : fieldOf(parameter, mapping.key)
  const name = nameOf(mapping)
  switch (from.kind) {
    case 'constant':
      return field === undefined ? [] : checkConstant(from.value, field, name, `${path}.from.value`)
    case 'metadata':
      return field === undefined ? [] : checkMetadata(from.field, field.target, name, `${path}.from.field`)
    case 'prepared':
      return checkOutput(from.output, outputs, `${path}.from.output`)
    case 'template':
      return checkTemplate(from.template, mapping, parameter, templates, `${path}.from.template`)
    case 'attribute': {
      const at = `${path}.from.attribute`
      const column = columns.find((each) => each.name === from.attribute)
      if (column === undefined) {
        const names = columns.map((each) => each.name)
        const message = `The data source has no column "${from.attribute}". ${suggestion(from.attribute, names)}`
        return [{ path: at, code: 'unknown_attribute', message }]
      }
      // A repeated group takes lists apart: each entry gets one of their values.
      const type = parameter?.kind === 'repeated' ? elementType(column.type) : column.type
      if (field === undefined || canBecome(type, field.target)) return []
      const message = `"${column.name}" is ${typeNames[column.type]} and can't become ${targetName(field.target)}, as "${name}" needs. Map another attribute.`
      return [{ path: at, code: 'type_does_not_fit', message }]
    }
  }
}

function checkMetadata(
  field: MetadataField,
  target: Target,
  name: string,
  path: string,
): readonly MappingProblem[] {
  if (metadataCanBecome(field, target)) return []
  const message = `"${field}" can't become ${targetName(target)}, as "${name}" needs. Map something else.`
  return [{ path, code: 'type_does_not_fit', message }]
}

/** An output is a text, and a text may become anything: only the record tells. */
function checkOutput(output: string, outputs: readonly string[], path: string): readonly MappingProblem[] {
  if (outputs.includes(output)) return []
  const hint = outputs.length === 0 ? 'It prepares nothing.' : suggestion(output, outputs)
  return [{ path, code: 'unknown_output', message: `The action's preparation gives no "${output}". ${hint}` }]
}

/** What it renders is a text, which may become anything; but the groups of a payload are made of objects. */
function checkTemplate(
  name: string,
  mapping: Mapping,
  parameter: Parameter | undefined,
  templates: readonly MappableTemplate[],
  path: string,
): readonly MappingProblem[] {
  const template = templates.find((each) => each.name === name)
  if (template === undefined) {
    const names = templates.map((each) => each.name)
    const hint = names.length === 0 ? 'Create it first.' : suggestion(name, names)
    return [{ path, code: 'unknown_template', message: `The action has no template "${name}". ${hint}` }]
  }
  if (parameter === undefined) return []
  if (fillsWhole(mapping, parameter) && template.format !== 'json') {
    const message = `"${parameter.name}" is filled as a whole, so the template "${name}" must render JSON: give it the format JSON, or say in "key" which entry it fills.`
    return [{ path, code: 'template_not_json', message }]
  }
  if (parameter.kind === 'repeated' && mapping.key !== undefined && template.format === 'json') {
    const message = `A JSON template fills all of "${parameter.name}": remove the key "${mapping.key}", or give the template the format TEXT.`
    return [{ path, code: 'key_not_allowed', message }]
  }
  return []
}

function checkConstant(
  value: string | number | boolean,
  { target, schema }: Field,
  name: string,
  path: string,
): readonly MappingProblem[] {
  const converted = converterTo(target)(value)
  if (isRefusal(converted)) {
    const message = `This constant can't become ${targetName(target)}, as "${name}" needs. Write another one.`
    return [{ path, code: 'type_does_not_fit', message }]
  }
  if (schema === undefined || accepts(schema, converted)) return []
  const message = `"${name}" does not accept this constant. Look at the parameter's description for what it takes.`
  return [{ path, code: 'constant_does_not_fit', message }]
}

function nameOf({ parameter, key }: Mapping): string {
  return key === undefined ? parameter : `${parameter}.${key}`
}

function targetName(target: Target): string {
  switch (target.kind) {
    case 'string':
      return 'a text'
    case 'number':
      return 'a number'
    case 'boolean':
      return 'true or false'
    case 'instant':
      return 'a date with time'
    case 'day':
      return 'a date'
    case 'json':
      return 'JSON'
    case 'array':
      return `a list in which each value is ${targetName(target.element)}`
  }
}
