/** What a zod schema found, as issues of ours: a stable code, a path, and a message that repeats no value. */
import type { Issue } from './rules.ts'

/** The part of a Standard Schema issue that is read; zod's own issues carry more. */
interface FoundIssue {
  readonly message: string
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined
}

/** `at` stands before every path, for a value that was checked apart from its input. */
export function issuesOf(found: readonly FoundIssue[], at: Issue['path'] = []): readonly Issue[] {
  return found.map((issue) => ({
    path: [...at, ...(issue.path ?? []).map(stepOf).filter(isNotWrapper(at))],
    code: codeOf(issue),
    message: issue.message,
  }))
}

function stepOf(step: PropertyKey | { readonly key: PropertyKey }): string | number {
  const key = typeof step === 'object' ? step.key : step
  return typeof key === 'symbol' ? String(key) : key
}

/** Inputs are one argument named `input`: its name says nothing to the one who fills in the form. */
function isNotWrapper(at: Issue['path']) {
  return (step: string | number, index: number) => index > 0 || at.length > 0 || step !== 'input'
}

/** A schema names its own code with `params.code`; else zod's kind of failure is the code. */
function codeOf(issue: FoundIssue): string {
  const { params, code } = issue as { readonly params?: { readonly code?: unknown }; readonly code?: unknown }
  if (typeof params?.code === 'string') return params.code
  return typeof code === 'string' ? code : 'invalid'
}
