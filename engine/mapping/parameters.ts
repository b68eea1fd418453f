/** An action's parameters as mappings see them: names, forms of values, and which take entries by key. */
import type { z } from '@sluice/connector-sdk'
import type { Mapping } from './mapping.ts'
import { type Target, targetOf } from './target.ts'
import { unwrapSchema } from './unwrap-schema.ts'
import { accepts } from './validate.ts'

interface ParameterFacts {
  readonly name: string
  readonly title: string
  readonly group?: string
  /** True when a payload without it is refused. */
  readonly isRequired: boolean
}

export interface ValueParameter extends ParameterFacts, Field {
  readonly kind: 'value'
}

/** Filled entry by entry: `entries` is one object with a value a key, `repeated` a list of such objects. */
export interface GroupParameter extends ParameterFacts {
  readonly kind: 'entries' | 'repeated'
  /** The field that a key names, undefined when there is none. Dots lead into the objects of a repeated group. */
  field(key: string): Field | undefined
  /** The keys to choose from; empty when any will do. */
  readonly keys: readonly string[]
  /** True when a record without entries gets the group empty instead of not at all. */
  readonly isNeverAbsent: boolean
}

export interface Field {
  readonly target: Target
  /** What the value must satisfy; absent inside free-form JSON. */
  readonly schema?: z.core.$ZodType
}

export type Parameter = ValueParameter | GroupParameter

/** Reads what can be mapped to from an action's `parameters`. */
export function readParameters(parameters: z.ZodObject): ReadonlyMap<string, Parameter> {
  return new Map(
    Object.entries(parameters.shape).map(([name, schema]) => [name, readParameter(name, schema)]),
  )
}

function readParameter(name: string, outer: z.core.$ZodType): Parameter {
  const { schema, meta } = unwrapSchema(outer)
  const isRequired = !accepts(outer, undefined)
  const facts: ParameterFacts = {
    name,
    title: meta.title ?? name,
    ...(meta.group === undefined ? {} : { group: meta.group }),
    isRequired,
  }
  const { def } = schema._zod
  if (meta.repeated === true) {
    const entry = def.type === 'array' ? def.element : undefined
    return {
      ...facts,
      kind: 'repeated',
      field: (key) => (entry === undefined ? freeForm : fieldAt(entry, key.split('.'))),
      keys: keysOf(entry),
      isNeverAbsent: isRequired && accepts(outer, []),
    }
  }
  if (meta.open === true || def.type === 'object' || def.type === 'record') {
    return {
      ...facts,
      kind: 'entries',
      field: (key) => fieldAt(schema, [key]),
      keys: keysOf(schema),
      isNeverAbsent: isRequired && accepts(outer, {}),
    }
  }
  return { ...facts, kind: 'value', target: targetOf(outer), schema: outer }
}

const freeForm: Field = { target: { kind: 'json' } }

/** The field that a path leads to within an object or record. */
function fieldAt(outer: z.core.$ZodType, path: readonly string[]): Field | undefined {
  const [head, ...rest] = path
  if (head === undefined) return { target: targetOf(outer), schema: outer }
  const { def } = unwrapSchema(outer).schema._zod
  switch (def.type) {
    case 'object': {
      const inner = Object.hasOwn(def.shape, head) ? def.shape[head] : def.catchall
      return inner === undefined || inner._zod.def.type === 'never' ? undefined : fieldAt(inner, rest)
    }
    case 'record':
      return accepts(def.keyType, head) ? fieldAt(def.valueType, rest) : undefined
    case 'unknown':
    case 'any':
    case 'custom':
    case 'union':
    case 'intersection':
      return freeForm
    default:
      return undefined
  }
}

function keysOf(outer: z.core.$ZodType | undefined): readonly string[] {
  if (outer === undefined) return []
  const { def } = unwrapSchema(outer).schema._zod
  return def.type === 'object' && def.catchall === undefined ? Object.keys(def.shape) : []
}

/** Whether a mapping fills a whole group, with the JSON of a template: other mappings of the group are overridden. */
export function fillsWhole({ key, from }: Mapping, { kind }: Parameter): boolean {
  return kind !== 'value' && key === undefined && from.kind === 'template'
}

/** The field that a mapping fills; undefined when the key is missing, superfluous or unknown. */
export function fieldOf(parameter: Parameter, key: string | undefined): Field | undefined {
  if (parameter.kind === 'value') return key === undefined ? parameter : undefined
  return key === undefined ? undefined : parameter.field(key)
}
