/** The form in which a parameter wants a value: what a mapped value is converted to. */
import type { z } from '@sluice/connector-sdk'
import { unwrapSchema } from './unwrap-schema.ts'

export type Target =
  | { readonly kind: 'string' }
  | { readonly kind: 'number' }
  | { readonly kind: 'boolean' }
  /** A text with date and time, as ISO 8601. */
  | { readonly kind: 'instant' }
  /** A text with a date alone, as ISO 8601. */
  | { readonly kind: 'day' }
  | { readonly kind: 'array'; readonly element: Target }
  /** Whatever JSON a value naturally is. */
  | { readonly kind: 'json' }

const json: Target = { kind: 'json' }

/** Lists in lists deeper than this are taken as JSON: a lazy schema may contain itself. */
const maxDepth = 8

export function targetOf(outer: z.core.$ZodType, depth = 0): Target {
  const { def } = unwrapSchema(outer).schema._zod
  switch (def.type) {
    case 'string':
      return textTarget('format' in def ? def.format : formatOfChecks(def.checks))
    case 'template_literal':
      return { kind: 'string' }
    case 'number':
      return { kind: 'number' }
    case 'boolean':
      return { kind: 'boolean' }
    case 'enum':
      return commonTarget(Object.values(def.entries).map(targetOfLiteral))
    case 'literal':
      return commonTarget(def.values.filter((value) => value !== null).map(targetOfLiteral))
    case 'union':
      return commonTarget(
        def.options.filter((option) => !isNull(option)).map((each) => targetOf(each, depth)),
      )
    case 'array':
      return depth < maxDepth ? { kind: 'array', element: targetOf(def.element, depth + 1) } : json
    default:
      return json
  }
}

function textTarget(format: unknown): Target {
  if (format === 'datetime') return { kind: 'instant' }
  return format === 'date' ? { kind: 'day' } : { kind: 'string' }
}

/** `z.string().datetime()` keeps its format in a check of its own. */
function formatOfChecks(checks: readonly z.core.$ZodCheck<never>[] | undefined): unknown {
  for (const { _zod } of checks ?? []) if ('format' in _zod.def) return _zod.def.format
  return undefined
}

function targetOfLiteral(value: unknown): Target {
  const kind = typeof value
  return kind === 'string' || kind === 'number' || kind === 'boolean' ? { kind } : json
}

/** The target that all alternatives share, else JSON. */
function commonTarget(targets: readonly Target[]): Target {
  const [first] = targets
  if (first === undefined || first.kind === 'array') return json
  return targets.every(({ kind }) => kind === first.kind) ? first : json
}

function isNull(schema: z.core.$ZodType): boolean {
  return schema._zod.def.type === 'null'
}
