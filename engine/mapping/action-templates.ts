/** The templates of an action over the columns of its source: which variables they have, and what they are compiled to. */
import type { AttributeType } from '@sluice/connector-sdk'
import type { AttributeColumn } from '../reading/columns.ts'
import { accessToken } from '../templates/access-token.ts'
import { checkVariables } from '../templates/check-variables.ts'
import { analyzeTemplates, compileTemplates } from '../templates/compile-templates.ts'
import type { TemplateProblem } from '../templates/problem.ts'
import type { CompiledTemplate } from '../templates/renderer.ts'
import type { TemplateDeps, TemplateSource } from '../templates/template.ts'

/** A name that somebody gave to an attribute. */
export interface NamedAttribute {
  readonly name: string
  readonly attribute: string
}

export interface RecordVariable extends NamedAttribute {
  readonly type: AttributeType
}

/** What a mapping needs to know of a template before anything is compiled. */
export interface MappableTemplate {
  readonly name: string
  readonly format?: TemplateSource['format'] | undefined
}

/** Compiled for rows of certain columns. */
export interface ActionTemplates {
  readonly compiled: ReadonlyMap<string, CompiledTemplate>
  /** In the order in which a render takes their values; the access token's sign comes last. */
  readonly variables: readonly RecordVariable[]
}

export const noTemplates: ActionTemplates = { compiled: new Map(), variables: [] }

/**
 * The variables of a record: the names that were given, then every column by its own name. A column whose name no tag
 * can write, or that is taken, is known by a given name only.
 */
export function recordVariables(
  given: readonly NamedAttribute[],
  columns: readonly AttributeColumn[],
): readonly RecordVariable[] {
  const named = given.flatMap(({ name, attribute }) => {
    const column = columns.find((each) => each.name === attribute)
    return column === undefined ? [] : [{ name, attribute, type: column.type }]
  })
  const taken = new Set(named.map(({ name }) => name))
  const own = columns
    .filter(({ name }) => !taken.has(name))
    .map(({ name, type }): RecordVariable => ({ name, attribute: name, type }))
    .filter((variable) => checkVariables([variable]).length === 0)
  const known = checkVariables(named).length
  if (checkVariables([...named, ...own]).length === known) return [...named, ...own]
  const kept: RecordVariable[] = [...named]
  for (const variable of own) if (checkVariables([...kept, variable]).length === known) kept.push(variable)
  return kept
}

export interface ActionTemplatesInput {
  readonly templates: readonly TemplateSource[]
  readonly templateVariables: readonly NamedAttribute[]
  readonly columns: readonly AttributeColumn[]
  /** Those of the columns, where they are known already. */
  readonly variables?: readonly RecordVariable[]
  readonly deps: TemplateDeps
}

export type CompiledActionTemplates =
  | { readonly ok: true; readonly templates: ActionTemplates }
  | { readonly ok: false; readonly problems: readonly TemplateProblem[] }

export function compileActionTemplates(input: ActionTemplatesInput): CompiledActionTemplates {
  const { templates, templateVariables, columns, deps } = input
  if (templates.length === 0) return { ok: true, templates: noTemplates }
  const { variables = recordVariables(templateVariables, columns) } = input
  const result = compileTemplates({ templates, variables: [...variables, accessToken], deps })
  return result.ok
    ? { ok: true, templates: { compiled: result.templates, variables } }
    : { ok: false, problems: result.problems.filter(({ severity }) => severity === 'error') }
}

/** What a template takes from elsewhere, with all that it includes. */
export interface TemplateNeeds {
  readonly variables: readonly RecordVariable[]
  /** The templates that it includes, directly or not. */
  readonly includes: readonly string[]
}

/** What each template needs, whatever else is wrong with it. */
export function needsOfTemplates(input: ActionTemplatesInput): ReadonlyMap<string, TemplateNeeds> {
  const { templates, templateVariables, columns, deps } = input
  const variables = recordVariables(templateVariables, columns)
  const { analyses } = analyzeTemplates({ templates, variables: [...variables, accessToken], deps })
  return new Map(
    [...analyses].map(([name, { includes, reads }]) => [
      name,
      { variables: reads.flatMap((slot) => variables[slot] ?? []), includes },
    ]),
  )
}

/** The attributes that each template calls by their own names, whatever else is wrong with it. */
export function attributesCalledByName(input: ActionTemplatesInput): ReadonlyMap<string, readonly string[]> {
  const given = new Set(input.templateVariables.map(({ name }) => name))
  return new Map(
    [...needsOfTemplates(input)].map(([name, { variables }]) => [
      name,
      variables.filter((variable) => !given.has(variable.name)).map(({ attribute }) => attribute),
    ]),
  )
}

/** Whether a template may write the access token, with all that it includes. */
export function writesAccessToken({ compiled, variables }: ActionTemplates, name: string): boolean {
  return compiled.get(name)?.reads.includes(variables.length) ?? false
}

/** The attributes that a template may read, with all that it includes. */
export function attributesOfTemplate(
  { compiled, variables }: ActionTemplates,
  name: string,
): readonly string[] {
  const reads = compiled.get(name)?.reads ?? []
  return reads.flatMap((slot) => variables[slot]?.attribute ?? [])
}
