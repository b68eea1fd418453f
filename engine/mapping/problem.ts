/** What can be wrong with mappings before any record is read. */

export interface MappingProblem {
  /** Where it is, for example `mappings[3].from.attribute`. */
  readonly path: string
  readonly code:
    | 'unknown_parameter'
    | 'unknown_attribute'
    | 'unknown_output'
    | 'unknown_template'
    | 'template_not_json'
    | 'unknown_key'
    | 'key_required'
    | 'key_not_allowed'
    | 'duplicate_mapping'
    | 'required_parameter_missing'
    | 'type_does_not_fit'
    | 'constant_does_not_fit'
  readonly message: string
}

/** Mappings that were compiled although they don't fit the action or the columns. Publishing checks this. */
export class UnfitMappingsError extends Error {
  override readonly name = 'UnfitMappingsError'
  readonly code = 'unfit_mappings'
  readonly problems: readonly MappingProblem[]
  constructor(problems: readonly MappingProblem[]) {
    super(problems.map(({ path, message }) => `${path}: ${message}`).join(' '))
    this.problems = problems
  }
}
