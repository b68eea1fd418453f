/** What a zod schema takes in, below the layers that only make it optional, transform or describe it. */
import type { FieldMeta, z } from '@sluice/connector-sdk'

type FieldFacts = Partial<Pick<FieldMeta, 'title' | 'group' | 'open' | 'repeated'>>

interface UnwrappedSchema {
  readonly schema: z.core.$ZodTypes
  /** Metadata of all layers, the outer ones first in rank. */
  readonly meta: FieldFacts
}

/** Takes the layers off, down to the type that the input must have. */
export function unwrapSchema(outer: z.core.$ZodType): UnwrappedSchema {
  // zod's own way to look into a schema: the union of all its types, told apart by `def.type`.
  let schema = outer as z.core.$ZodTypes
  let meta = metaOf(schema)
  for (;;) {
    const inner = innerOf(schema)
    if (inner === undefined) return { schema, meta }
    schema = inner as z.core.$ZodTypes
    meta = { ...metaOf(schema), ...meta }
  }
}

function innerOf(schema: z.core.$ZodTypes): z.core.$ZodType | undefined {
  const { def } = schema._zod
  switch (def.type) {
    case 'optional':
    case 'nullable':
    case 'default':
    case 'prefault':
    case 'catch':
    case 'readonly':
    case 'nonoptional':
      return def.innerType
    case 'lazy':
      return def.getter()
    case 'pipe':
      // A preprocessing transform takes anything; what comes after it says what is meant.
      return isTransform(def.in) ? def.out : def.in
    default:
      return undefined
  }
}

function isTransform(schema: z.core.$ZodType): boolean {
  return schema._zod.def.type === 'transform'
}

function metaOf(schema: z.core.$ZodType): FieldFacts {
  if (!('meta' in schema) || typeof schema.meta !== 'function') return {}
  const { title, group, open, repeated } = (schema as z.ZodType).meta() ?? {}
  return {
    ...(typeof title === 'string' ? { title } : {}),
    ...(typeof group === 'string' ? { group } : {}),
    ...(typeof open === 'boolean' ? { open } : {}),
    ...(typeof repeated === 'boolean' ? { repeated } : {}),
  }
}
