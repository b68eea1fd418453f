/** An account at a vendor, with its secrets: what a request needs beside its plan. */
import type { Connector, PublicSettings } from '@sluice/connector-sdk'

export interface Account {
  readonly definition: Connector
  readonly settings: PublicSettings
  readonly secrets: Readonly<Record<string, string>>
  /** The saved connector that it is of: where the vendor's tokens for a user are kept. */
  readonly owner?: { readonly workspaceId: string; readonly connectorId: string }
  /**
   * What templates write where the access token is to stand, in the delivery that is sent; left out where none does.
   * Nobody can guess it, so that no value of a record ever becomes the token.
   */
  readonly tokenSign?: string | undefined
}
