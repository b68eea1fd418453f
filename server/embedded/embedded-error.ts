// Why an embedded part could not be had. The message says what to do.

export type EmbeddedErrorCode =
  | 'data_folder_unusable'
  | 'data_folder_in_use'
  | 'postgres_unusable'
  | 'postgres_version'
  | 'postgres_failed'
  | 'temporal_unavailable'
  | 'temporal_unreachable'
  | 'temporal_failed'

export class EmbeddedError extends Error {
  override readonly name = 'EmbeddedError'
  readonly code: EmbeddedErrorCode
  constructor(code: EmbeddedErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
