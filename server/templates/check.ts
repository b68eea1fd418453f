/** What is wrong with the templates of an action over the columns of its source: all at once, each with its place. */
import type { TemplateDocument } from '../../engine/documents.ts'
import {
  type ActionTemplatesInput,
  compileActionTemplates,
  type NamedAttribute,
  type RecordVariable,
  recordVariables,
  writesAccessToken,
} from '../../engine/mapping/action-templates.ts'
import type { AttributeColumn } from '../../engine/reading/columns.ts'
import { suggestion } from '../../engine/rules/nearest-name.ts'
import { accessToken } from '../../engine/templates/access-token.ts'
import { checkVariables } from '../../engine/templates/check-variables.ts'
import type { TemplateProblem } from '../../engine/templates/problem.ts'
import type { Issue } from '../problems/rules.ts'
import { digest } from './digest.ts'

export interface TemplateSet {
  readonly templates: readonly TemplateDocument[]
  readonly templateVariables: readonly NamedAttribute[]
}

/** Finds the variables of a record, or has them found already. */
export type VariablesOf = typeof recordVariables

/** Errors; warnings are for the editor. */
export function templateIssues(
  { templates, templateVariables }: TemplateSet,
  columns: readonly AttributeColumn[] | undefined,
  variablesOf: VariablesOf = recordVariables,
): readonly Issue[] {
  if (columns === undefined || (templates.length === 0 && templateVariables.length === 0)) return []
  const variables = variablesOf(templateVariables, columns)
  const names = nameIssues(templateVariables, columns, variables)
  const compiled = compileActionTemplates({
    ...{ templates, templateVariables, columns, variables },
    deps: { digest },
  })
  if (compiled.ok) return names
  // A name that cannot be one is said where it was given.
  const problems = compiled.problems.filter(({ code }) => code !== 'bad_variable' || names.length === 0)
  return [...names, ...problems.map(issueOf)]
}

/** Templates that write the access token, of an action whose connector makes none. */
export function tokenIssues(
  { templates, templateVariables }: TemplateSet,
  columns: readonly AttributeColumn[],
): readonly Issue[] {
  if (!templates.some(({ source }) => source.includes(accessToken.name))) return []
  const compiled = compileActionTemplates({ templates, templateVariables, columns, deps: { digest } })
  if (!compiled.ok) return []
  return templates
    .filter(({ name }) => writesAccessToken(compiled.templates, name))
    .map(({ name }) => {
      const message = `The template "${name}" writes the access token, and the connector's authentication makes none: choose one that does, such as OAuth 2, or take "${accessToken.name}" out.`
      return { path: ['templates', name, 'source'], code: 'no_access_token', message }
    })
}

export function compilesTemplates(input: Omit<ActionTemplatesInput, 'deps'>): boolean {
  return compileActionTemplates({ ...input, deps: { digest } }).ok
}

export function issueOf({ code, template, line, column, message }: TemplateProblem): Issue {
  return {
    path: ['templates', template, 'source'],
    code,
    message: `In the template "${template}", line ${line}, column ${column}: ${message}`,
    line,
    column,
  }
}

/** Those that an edit brings: what was wrong before must not stand in the way of mending it bit by bit. */
export function newIssues(before: readonly Issue[], after: readonly Issue[]): readonly Issue[] {
  const known = new Set(before.map(keyOf))
  return after.filter((issue) => !known.has(keyOf(issue)))
}

function keyOf({ path, code, message }: Issue): string {
  return JSON.stringify([path, code, message])
}

function nameIssues(
  given: readonly NamedAttribute[],
  columns: readonly AttributeColumn[],
  variables: readonly RecordVariable[],
): readonly Issue[] {
  if (given.length === 0) return []
  const unknown = given.flatMap(({ attribute }, index): readonly Issue[] => {
    if (columns.some(({ name }) => name === attribute)) return []
    const names = columns.map(({ name }) => name)
    const message = `The data source has no column "${attribute}". ${suggestion(attribute, names)}`
    return [{ path: ['templateVariables', index, 'attribute'], code: 'unknown_attribute', message }]
  })
  const bad = checkVariables(variables.slice(0, given.length - unknown.length))
  return [...unknown, ...bad.map(({ code, message }) => ({ path: ['templateVariables'], code, message }))]
}
