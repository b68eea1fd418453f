/** What can go wrong with an export. */
import { DomainError } from '../problems/rules.ts'

/** Each holds a snapshot of the database open. */
export class TooManyExports extends DomainError {
  override readonly name = 'TooManyExports'
  readonly code = 'too_many_exports'
  constructor() {
    super('Other exports are being read from this server. Try again in a while.')
  }
}

/** It ends the connection: what was sent by then is no whole file. */
export class ExportTooSlow extends DomainError {
  override readonly name = 'ExportTooSlow'
  readonly code = 'export_too_slow'
  constructor() {
    super('The export was not read in half an hour, so it was ended. Ask for less at once.')
  }
}
