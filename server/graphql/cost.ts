/** What a document may cost, counted before anything is read: lists multiply what is asked of their entries. */
import SchemaBuilder, { BasePlugin, type PothosOutputFieldConfig, type SchemaTypes } from '@pothos/core'
import { GraphQLError } from 'graphql'

/** Some ten times what a page of a frontend needs. */
export const maxCost = 20_000

/** Of a connection that is not told how many, and of a list that cannot be. */
const usualPage = 20
const usualList = 10

export const costOptions = {
  limit: { complexity: maxCost },
  complexityError: (_kind: string, { complexity }: { readonly complexity: number }) =>
    new GraphQLError(
      `This document costs ${complexity}, and at most ${maxCost} is allowed: each list counts as often as it can have entries. Ask for fewer entries, or less of each.`,
      { extensions: { code: 'too_costly' } },
    ),
}

const pluginName = 'cost'
export const costPlugin = pluginName

declare global {
  namespace PothosSchemaTypes {
    interface Plugins<Types extends SchemaTypes> {
      [pluginName]: CostPlugin<Types>
    }
  }
}

/**
 * Says what each field costs. The count reads arguments, and so checks them, where it is told to: elsewhere a wrong one
 * must stay a member of its field's union instead of ending the whole document.
 */
class CostPlugin<Types extends SchemaTypes> extends BasePlugin<Types> {
  override onOutputFieldConfig(field: PothosOutputFieldConfig<Types>): PothosOutputFieldConfig<Types> {
    const complexity = 'first' in field.args ? costOfPage : { field: 1, multiplier: entriesOf(field) }
    return { ...field, extensions: { ...field.extensions, complexity } }
  }
}

SchemaBuilder.registerPlugin(pluginName, CostPlugin)

function costOfPage({ first, last }: Readonly<Record<string, unknown>>) {
  const [wanted] = [first, last].filter((value) => typeof value === 'number')
  return { field: 1, multiplier: wanted ?? usualPage }
}

interface CountedField {
  readonly parentType: string
  readonly type: { readonly kind: string }
  readonly extensions?: Readonly<Record<string, unknown>> | null | undefined
}

/** A list that usually has more or fewer entries than others says so with its extension `entries`. */
function entriesOf({ parentType, type, extensions }: CountedField): number {
  const entries = extensions?.['entries']
  if (typeof entries === 'number') return entries
  // Those of a connection were counted with it.
  const isOfConnection = parentType.endsWith('Connection')
  return type.kind === 'List' && !isOfConnection ? usualList : 1
}
