/** An issue of a parameter: a code that may be stored, never the value. */
import type { z } from '@sluice/connector-sdk'

/** It lets the remaining checks run, so that a record's problems are found all at once. */
export function issue(code: string, path: readonly PropertyKey[]): z.core.$ZodRawIssue {
  return { code: 'custom', message: code, input: undefined, path: [...path], continue: true }
}
