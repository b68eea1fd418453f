/** A plugin's schema asked about a value; the answer names codes and paths and never repeats the value. */
import { z } from '@sluice/connector-sdk'
import type { Place } from '../templates/problem.ts'

/** Why a record can't be sent: what is wrong, and with which parameter. */
export interface RecordProblem {
  readonly code: string
  /** Names of parameters and keys, joined by dots; empty for the payload as a whole. */
  readonly path: string
  /** Where a template failed. */
  readonly place?: Place
}

type Validation<Output = unknown> =
  | { readonly ok: true; readonly value: Output }
  | { readonly ok: false; readonly problems: readonly RecordProblem[] }

/** Validates synchronously. A schema that throws, or wants to wait, has not accepted the value. */
export function validate<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
): Validation<z.output<Schema>> {
  try {
    // The method, not the function: of a compiled schema only the method is the compiled one.
    const parsed = schema.safeParse(value)
    return parsed.success
      ? { ok: true, value: parsed.data }
      : { ok: false, problems: parsed.error.issues.map(problemOf) }
  } catch {
    // What plugin code throws may quote the value, so none of it is passed on.
    return { ok: false, problems: [{ code: 'validation_failed', path: '' }] }
  }
}

export function accepts(schema: z.core.$ZodType, value: unknown): boolean {
  try {
    return z.safeParse(schema, value).success
  } catch {
    return false
  }
}

function problemOf(issue: z.core.$ZodIssue): RecordProblem {
  return { code: codeOf(issue), path: issue.path.map(String).join('.') }
}

/** A schema's own code: `params.code` of a custom issue, or a message that is written as a code. */
function codeOf(issue: z.core.$ZodIssue): string {
  const params = issue.code === 'custom' ? issue.params : undefined
  const given: unknown = params?.['code'] ?? issue.message
  return typeof given === 'string' && codeForm.test(given) ? given : `invalid_${issue.code}`
}

// Codes are stored: a sentence, which may quote the value, is none.
const codeForm = /^[a-z][a-z0-9]*(_[a-z0-9]+)+$/
