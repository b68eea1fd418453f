/** An account at a vendor, with its secrets: what a request needs beside its plan. */
import type { Connector, PublicSettings } from '@sluice/connector-sdk'

export interface Account {
  readonly definition: Connector
  readonly settings: PublicSettings
  readonly secrets: Readonly<Record<string, string>>
  /** The saved connector that it is of: where the vendor's tokens for a user are kept. */
  readonly owner?: { readonly workspaceId: string; readonly connectorId: string }
}
