/** What compiling a template reports on its way: problems, the names it uses, the places of its nodes. */
import { suggestion } from '../rules/nearest-name.ts'
import type { NameFact } from './frames.ts'
import type { TemplateLimits } from './limits.ts'
import type { ParsedTemplate } from './parse.ts'
import type { ProblemCode } from './problem.ts'
import type { SourcePlace } from './render-state.ts'
import type { TemplateDeps } from './template.ts'

export interface OffsetProblem {
  readonly code: ProblemCode
  readonly severity: 'error' | 'warning'
  readonly template: string
  readonly offset: number
  readonly message: string
}

/** Names that are known within a stretch of the source, beside those of the stretch around it. */
export interface ScopeFact {
  readonly start: number
  readonly end: number
  readonly names: readonly NameFact[]
  readonly hasElement: boolean
}

export interface NameUse {
  readonly name: string
  readonly offset: number
}

/** What is gathered over a template with all that it includes. */
export interface Gathered {
  readonly problems: OffsetProblem[]
  readonly uses: NameUse[]
  readonly scopes: ScopeFact[]
  readonly includes: Set<string>
  nodes: number
  levels: number
}

export interface CompileContext {
  readonly template: ParsedTemplate
  readonly deps: TemplateDeps
  readonly limits: TemplateLimits
  readonly gathered: Gathered
  /** The templates that are being included, from the outermost. */
  readonly path: readonly string[]
  readonly isIncluded: boolean
  /** Those that can stand where a variable can, for suggestions. */
  readonly helperNames: readonly string[]
  /** The helper around, where it makes a text in which nobody could find the sign of the access token. */
  readonly obscuredBy?: string | undefined
  problem(code: ProblemCode, offset: number, message: string): void
  warning(code: ProblemCode, offset: number, message: string): void
  /** What was probably meant, as a sentence. */
  suggest(name: string, candidates: readonly string[]): string
  noteName(part: { readonly name: string; readonly start: number }): void
  place(offset: number): SourcePlace
}

interface ContextOptions {
  readonly template: ParsedTemplate
  readonly deps: TemplateDeps
  readonly limits: TemplateLimits
  readonly gathered: Gathered
  readonly path: readonly string[]
  readonly helperNames: readonly string[]
  readonly obscuredBy?: string | undefined
}

const mostSuggestions = 100

export function createContext(options: ContextOptions): CompileContext {
  const { template, gathered, path } = options
  const report = (severity: 'error' | 'warning') => (code: ProblemCode, offset: number, message: string) => {
    gathered.problems.push({ code, severity, template: template.name, offset, message })
  }
  const isIncluded = path.length > 1
  return {
    ...options,
    isIncluded,
    problem: report('error'),
    warning: report('warning'),
    suggest(name, candidates) {
      // Comparing thousands of misspelt names takes seconds, and nobody reads so many suggestions.
      return gathered.problems.length < mostSuggestions ? suggestion(name, candidates) : ''
    },
    noteName({ name, start }) {
      if (!isIncluded) gathered.uses.push({ name, offset: start })
    },
    place: (offset) => ({ template: template.name, source: template.source, offset }),
  }
}
