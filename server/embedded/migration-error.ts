// Why the tables could not be brought up to date.

export type MigrationErrorCode =
  | 'engine_unusable'
  | 'engine_panicked'
  | 'migration_failed'
  | 'database_unreachable'
  | 'database_newer'

export class MigrationError extends Error {
  override readonly name = 'MigrationError'
  readonly code: MigrationErrorCode
  constructor(code: MigrationErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
