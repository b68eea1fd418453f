/** What keeps a connection from going: whoever reads through it. */
import { DomainError } from '../problems/rules.ts'

/** Who reads through a connection. */
export interface ConnectionUse {
  /** The data source's name. */
  readonly name: string
  readonly dataSourceId: string
  /** Whether the version that runs has it, and not the working copy alone. */
  readonly isLive: boolean
}

export class DataSourceConnectionInUse extends DomainError {
  override readonly name = 'DataSourceConnectionInUse'
  readonly code = 'connection_in_use'
  readonly uses: readonly ConnectionUse[]
  constructor(name: string, uses: readonly ConnectionUse[]) {
    const sources = [...new Set(uses.map((use) => `"${use.name}"`))].join(', ')
    super(
      `The connection "${name}" is used by the data sources ${sources}. Give them another one, and publish where they run, before it is deleted.`,
    )
    this.uses = uses
  }
}
