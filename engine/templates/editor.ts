/** The facts that an editor of templates needs, as data. */
import { analyzeTemplates, type TemplatesInput } from './compile-templates.ts'
import { type Completion, completeAt } from './complete.ts'
import { namesOfGroup } from './frames.ts'
import { indexLines, lineAndColumn } from './lines.ts'
import type { Place, TemplateProblem } from './problem.ts'
import { type Token, tokensOf } from './tokens.ts'
import { groupVariables } from './variables.ts'

export interface TemplateFacts {
  readonly tokens: readonly Token[]
  /** Where a variable, a group or a name of a section is used. */
  readonly uses: readonly (Place & { readonly name: string })[]
  /** The templates that it includes, directly or not. */
  readonly includes: readonly string[]
  /** Errors and warnings of this template. */
  readonly problems: readonly TemplateProblem[]
}

/** Undefined when there is no template of the name. */
export function describeTemplate(input: TemplatesInput, name: string): TemplateFacts | undefined {
  const { analyses, problems } = analyzeTemplates(input)
  const analysis = analyses.get(name)
  if (analysis === undefined) return undefined
  const { parsed, uses, includes } = analysis
  const lines = indexLines(parsed.source)
  return {
    tokens: tokensOf(parsed),
    uses: uses.map((use) => ({ name: use.name, template: name, ...lineAndColumn(lines, use.offset) })),
    includes,
    problems: problems.filter(({ template }) => template === name),
  }
}

/** What may be written at an offset of a template. */
export function completeTemplate(input: TemplatesInput, name: string, offset: number): readonly Completion[] {
  const analysis = analyzeTemplates(input).analyses.get(name)
  if (analysis === undefined) return []
  const templates = input.templates.map((template) => template.name)
  const rootNames = namesOfGroup(groupVariables(input.variables).root)
  return completeAt({ analysis, templates, rootNames }, offset)
}
