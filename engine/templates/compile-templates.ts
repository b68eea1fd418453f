/** The templates of an action, checked and compiled together: all problems at once, or functions that render. */

import { checkVariables } from './check-variables.ts'
import { compileNodes } from './compile.ts'
import {
  createContext,
  type Gathered,
  type NameUse,
  type OffsetProblem,
  type ScopeFact,
} from './compile-context.ts'
import { rootFrame } from './frames.ts'
import { inlineNames } from './helpers.ts'
import { defaultTemplateLimits, type TemplateLimits } from './limits.ts'
import { indexLines, lineAndColumn } from './lines.ts'
import { type ParsedTemplate, parseTemplate } from './parse.ts'
import { probeJson } from './probe-json.ts'
import type { TemplateProblem } from './problem.ts'
import { type CompiledTemplate, createRenderer } from './renderer.ts'
import type { TemplateDeps, TemplateSource, TemplateVariable } from './template.ts'
import { groupVariables } from './variables.ts'

export interface TemplatesInput {
  readonly templates: readonly TemplateSource[]
  readonly variables: readonly TemplateVariable[]
  readonly deps: TemplateDeps
  readonly limits?: Partial<TemplateLimits>
}

export type CompileResult =
  | {
      readonly ok: true
      readonly templates: ReadonlyMap<string, CompiledTemplate>
      /** Warnings. */
      readonly problems: readonly TemplateProblem[]
    }
  | { readonly ok: false; readonly problems: readonly TemplateProblem[] }

/** What an editor wants to know of one template. */
export interface TemplateAnalysis {
  readonly parsed: ParsedTemplate
  readonly uses: readonly NameUse[]
  readonly scopes: readonly ScopeFact[]
  readonly includes: readonly string[]
  /** The places of the variables that it may read, with all that it includes. */
  readonly reads: readonly number[]
}

const mostProblems = 100

/** What depends on the names that are known: an included template is judged for these where it is included. */
const ofNames = new Set(['unknown_variable', 'unknown_name', 'no_element', 'wrong_argument', 'not_writable'])

/**
 * Compiles templates for records that have the variables, in their order. Those that others include may be
 * judged only where they are included: there they have the names of the section around them.
 */
export function compileTemplates(input: TemplatesInput): CompileResult {
  const { problems, compiled } = compileAll(input)
  const hasErrors = problems.some(({ severity }) => severity === 'error')
  return hasErrors ? { ok: false, problems } : { ok: true, templates: compiled, problems }
}

/** The facts of all templates, broken ones too. */
export function analyzeTemplates(input: TemplatesInput) {
  const { problems, analyses } = compileAll(input)
  return { problems, analyses }
}

function compileAll(input: TemplatesInput) {
  const { variables, deps } = input
  const limits = { ...defaultTemplateLimits, ...input.limits }
  const parsed = new Map(
    input.templates.map(({ name, source }) => [name, parseTemplate(name, source, limits)]),
  )
  const compiled = new Map<string, CompiledTemplate>()
  const analyses = new Map<string, TemplateAnalysis>()
  const gatheredOf = new Map<string, Gathered>()
  for (const { name, kind, format } of input.templates) {
    const template = parsed.get(name)
    if (template === undefined) continue
    const gathered: Gathered = {
      problems: [],
      uses: [],
      scopes: [],
      includes: new Set(),
      nodes: 0,
      levels: 0,
    }
    const context = createContext({
      template,
      deps,
      limits,
      gathered,
      path: [name],
      helperNames: inlineNames,
    })
    const slots = new Set<number>()
    const { root } = groupVariables(variables, (slot) => slots.add(slot))
    const frame = rootFrame(root)
    const render = compileNodes(template.nodes, { frame, context, templates: parsed, indentation: undefined })
    const { uses, scopes, includes, levels } = gathered
    gatheredOf.set(name, gathered)
    const reads = [...slots].toSorted((left, right) => left - right)
    analyses.set(name, { parsed: template, uses, scopes, includes: [...includes], reads })
    const isConstant = template.nodes.every((node) => node.kind === 'text')
    const { source } = template
    compiled.set(
      name,
      createRenderer({
        ...{ name, kind, format, source, render, levels, limits, isConstant },
        reads,
      }),
    )
  }
  const included = new Set(
    [...gatheredOf].flatMap(([name, { includes }]) => [...includes].filter((each) => each !== name)),
  )
  const own = [...gatheredOf].flatMap(([name, { problems }]) =>
    included.has(name) ? problems.filter(({ code }) => !ofNames.has(code)) : problems,
  )
  const syntax = [...parsed.values()].flatMap((template) =>
    template.problems.map(
      (problem): OffsetProblem => ({ ...problem, severity: 'error', template: template.name }),
    ),
  )
  const found = [...general(input), ...distinct([...syntax, ...own])]
  const hasErrors = found.some(({ severity }) => severity === 'error')
  const probed = hasErrors ? [] : [...compiled.values()].flatMap((template) => probeJson(template, variables))
  const lines = new Map([...parsed].map(([name, { source }]) => [name, indexLines(source)]))
  const problems = [
    ...found.map(({ offset, ...problem }): TemplateProblem => {
      return { ...problem, ...lineAndColumn(lines.get(problem.template) ?? [0], offset) }
    }),
    ...probed,
  ]
  return { problems: problems.slice(0, mostProblems), compiled, analyses }
}

/** What is wrong with the set: at the beginning of the first template that it concerns. */
function general({ templates, variables }: TemplatesInput): readonly OffsetProblem[] {
  const names = templates.map(({ name }) => name)
  const template = names[0] ?? ''
  const base = { severity: 'error', offset: 0 } as const
  const twice = names.filter((name, index) => names.indexOf(name) < index)
  return [
    ...checkVariables(variables).map((problem) => ({ ...base, ...problem, template })),
    ...twice.map((name) => {
      const message = `Two templates are named "${name}": rename one.`
      return { ...base, code: 'duplicate_template' as const, template: name, message }
    }),
  ]
}

/** The same place can be compiled several times, as it can be included several times. */
function distinct(problems: readonly OffsetProblem[]): readonly OffsetProblem[] {
  const seen = new Map(
    problems.map((problem) => [`${problem.template}\n${problem.offset}\n${problem.code}`, problem]),
  )
  return [...seen.values()].toSorted((left, right) => left.offset - right.offset)
}
