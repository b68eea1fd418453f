/** What an editor shows of the helpers: each with its signature and an example that a test renders. */

interface HelperExample {
  /** Over the variables of the reference's guide: `str`, `num`, `dat`, `bln`, `arrs`, `arrn`, `tally`. */
  readonly template: string
  readonly result: string
}

interface FactBase {
  readonly name: string
  readonly description: string
  readonly example: HelperExample
}

export interface PostfixFact extends FactBase {
  readonly usage: 'postfix'
  /** What it works on, in words. */
  readonly on: string
}

export interface ParameterFact {
  readonly name: string
  readonly description: string
  readonly isRequired: boolean
  /** Takes all values that follow. */
  readonly isRepeated?: boolean
}

export interface OptionFact {
  readonly name: string
  readonly description: string
  readonly isRequired?: boolean
  /** The only values it may have. */
  readonly values?: readonly string[]
  readonly default?: string
  /** Must be written out in quotes, so that it can be checked when the template is saved. */
  readonly isConstant?: boolean
}

/** `inline` is written {{name …}}, `block` is written {{#name …}}…{{/name}}. */
export interface CallFact extends FactBase {
  readonly usage: 'inline' | 'block'
  readonly parameters: readonly ParameterFact[]
  readonly options: readonly OptionFact[]
}

export type HelperFact = PostfixFact | CallFact
