/** What can be wrong with a template, before and during a render. */

export interface Place {
  readonly template: string
  /** From 1. */
  readonly line: number
  /** From 1, in UTF-16 code units as editors count. */
  readonly column: number
}

export type ProblemCode =
  | 'unclosed_tag'
  | 'empty_tag'
  | 'malformed_tag'
  | 'unclosed_text'
  | 'bad_delimiters'
  | 'unclosed_section'
  | 'unexpected_end'
  | 'not_supported'
  | 'unknown_variable'
  | 'unknown_name'
  | 'no_element'
  | 'unknown_helper'
  | 'unknown_argument'
  | 'missing_argument'
  | 'too_many_arguments'
  | 'wrong_argument'
  | 'wrong_tag'
  | 'not_writable'
  | 'bad_date_pattern'
  | 'unknown_template'
  | 'cyclic_include'
  | 'too_deep'
  | 'template_too_large'
  | 'duplicate_template'
  | 'bad_variable'
  | 'not_json'

/** Errors keep a template from being used; warnings say what is probably not meant. */
export interface TemplateProblem extends Place {
  readonly code: ProblemCode
  readonly severity: 'error' | 'warning'
  readonly message: string
}

export type FailureCode =
  | 'output_too_long'
  | 'too_many_steps'
  | 'unequal_lengths'
  | 'not_a_date'
  | 'not_a_number'
  | 'not_a_json_number'
  | 'not_json'
  | 'line_break'
  | 'no_key'

/** Why a record could not be rendered. The message never repeats a value. */
export interface RenderFailure extends Place {
  readonly code: FailureCode
  readonly message: string
}

export type RenderResult =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly failure: RenderFailure }

export const failureMessages: Readonly<Record<FailureCode, string>> = {
  output_too_long: 'The text becomes too long. Render less of the record.',
  too_many_steps: 'The template works too long on this record. Nest fewer sections over long lists.',
  unequal_lengths:
    'The lists of this group have different lengths, so that they are not the columns of one table.',
  not_a_date: 'The value is not a date.',
  not_a_number: 'The value is not a number.',
  not_a_json_number: 'A number is infinite or not a number, which JSON cannot say.',
  not_json: 'What is rendered is not JSON from here on. Use .toJson, or {{#escapeJson}} within quotes.',
  no_key: 'The secret key of the hash is empty.',
  line_break:
    'The text has a line break or another control character, which this kind of template must not have.',
}

/** Ends a render. Caught where the render began. */
export class RenderFault extends Error {
  override readonly name = 'RenderFault'
  readonly code: FailureCode
  constructor(code: FailureCode) {
    super(failureMessages[code])
    this.code = code
  }
}
