/** Regular expressions of conditions: RE2's, which takes time in proportion to the text whatever the pattern. */
import { RE2JS, RE2JSException } from 're2js'

const maxInstructions = 2_000

export interface PatternOptions {
  readonly ignoreCase: boolean
  /** Whether `^` and `$` stand for the beginning and the end of every line. */
  readonly multiline: boolean
}

export type PatternTest = (text: string) => boolean

type Compiled =
  | { readonly ok: true; readonly test: PatternTest }
  | { readonly ok: false; readonly message: string }

/** A test of whether any part of a text matches, or why there is none. */
export function compilePattern(pattern: string, { ignoreCase, multiline }: PatternOptions): Compiled {
  const flags = (ignoreCase ? RE2JS.CASE_INSENSITIVE : 0) | (multiline ? RE2JS.MULTILINE : 0)
  try {
    const compiled = RE2JS.compile(pattern, flags)
    if (compiled.programSize() > maxInstructions) return { ok: false, message: tooLarge }
    return { ok: true, test: (text) => compiled.test(text) }
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error
    const found = error.message.replace(/^error parsing regexp: /, '')
    return { ok: false, message: `This is no regular expression of RE2: ${found}. ${unsupported}` }
  }
}

const tooLarge = 'This pattern is too large: repeat less with {n}, or split it into several conditions.'
const unsupported = 'Look-around and back references are not supported; leave out slashes around it.'
