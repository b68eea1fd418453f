/** How an account proves itself: what its connector declares, or makes of the account's settings. */
import type { Auth, Connector, PublicSettings } from '@sluice/connector-sdk'

/** Throws what the connector's own code throws. */
export function authOf({
  definition: { auth },
  settings,
}: {
  readonly definition: Pick<Connector, 'auth'>
  readonly settings: PublicSettings
}): Auth {
  return typeof auth === 'function' ? auth(settings) : auth
}
