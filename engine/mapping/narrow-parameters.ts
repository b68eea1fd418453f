/** An action's parameters without what no mapping makes: a record is asked for dozens that it cannot have. */
import { z } from '@sluice/connector-sdk'

/**
 * A schema that answers every payload that mappings of these parameters make as the whole one does, in less than
 * half the time. Of the parameters that none of them fills only those stay that say something when they are absent: a default,
 * or a demand. Of the filled ones nothing is asked that the mapping itself makes sure of.
 */
export function narrowParameters(parameters: z.ZodObject, filled: ReadonlySet<string>): z.ZodObject {
  const { def } = parameters._zod
  const kept = Object.entries(def.shape)
    .filter(([name, schema]) => filled.has(name) || !isSilent(schema))
    .map(([name, schema]) => [name, filled.has(name) ? withoutTheCertain(schema) : schema])
  // What zod can't compile it gives back as it is. A payload that is refused is asked again without shortcuts.
  return z.compile(z.clone(parameters, { ...def, shape: Object.fromEntries(kept) }))
}

/** Whether an absent parameter adds nothing to a payload, as zod itself marks it. */
function isSilent({ _zod: { optin, optout } }: z.core.$ZodType): boolean {
  return optin === 'optional' && optout === 'optional'
}

/**
 * A null attribute leaves its parameter out, so that a value is never null. And the entries of an open group stand in
 * an object that was made for them: where any value will do, it need not be copied name by name.
 */
function withoutTheCertain(schema: z.core.$ZodType): z.core.$ZodType {
  // zod's own way to look into a schema: the union of all its types, told apart by `def.type`.
  const { def } = (schema as z.core.$ZodTypes)._zod
  switch (def.type) {
    case 'optional':
      return z.clone(schema as z.core.$ZodOptional, { ...def, innerType: withoutTheCertain(def.innerType) })
    case 'nullable':
      return hasChecks(def) ? schema : withoutTheCertain(def.innerType)
    case 'record':
      return takesAnyEntry(def) ? anything(def.checks ?? []) : schema
    default:
      return schema
  }
}

function takesAnyEntry({ keyType, valueType }: z.core.$ZodRecordDef): boolean {
  const key = (keyType as z.core.$ZodTypes)._zod.def
  return (
    key.type === 'string' && !hasChecks(key) && (valueType as z.core.$ZodTypes)._zod.def.type === 'unknown'
  )
}

function anything(checks: readonly z.core.$ZodCheck[]): z.ZodType {
  const schema = z.unknown()
  return z.clone(schema, { ...schema._zod.def, checks: [...checks] })
}

function hasChecks({ checks = [] }: z.core.$ZodTypeDef): boolean {
  return checks.length > 0
}
