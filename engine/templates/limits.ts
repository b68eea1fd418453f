/** How much a template may ask for. */

export interface TemplateLimits {
  /** Characters of a template. */
  readonly maxSourceLength: number
  /** Sections in sections. */
  readonly maxDepth: number
  /** Includes in includes. */
  readonly maxIncludeDepth: number
  /** Tags and texts of a template with all that it includes. */
  readonly maxNodes: number
  /** Characters that a render may yield, or hand to a helper. */
  readonly maxOutputLength: number
  /** Tags, turns of sections, elements of lists and stretches of 64 characters that one render may work on. */
  readonly maxSteps: number
  /** Characters of a date pattern. */
  readonly maxPatternLength: number
}

/** Where the reference states a limit, it is that one: requests of 16 MB, ten includes deep. The rest bounds a render to about a second. */
export const defaultTemplateLimits: TemplateLimits = {
  maxSourceLength: 100_000,
  maxDepth: 50,
  maxIncludeDepth: 10,
  maxNodes: 20_000,
  maxOutputLength: 16 * 1024 * 1024,
  maxSteps: 1_000_000,
  maxPatternLength: 200,
}
