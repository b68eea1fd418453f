/** How an account proves itself: what its connector declares, or makes of the account's settings. */
import type { Auth, Connector, PublicSettings } from '@sluice/connector-sdk'

/** Whether it makes a token when a request is sent, which templates may write. */
export function makesToken(auth: Auth): boolean {
  switch (auth.kind) {
    case 'jwt':
    case 'client-credentials':
    case 'password-grant':
    case 'authorization-code':
      return true
    case 'mutual-tls':
      return auth.auth !== undefined && makesToken(auth.auth)
    default:
      return false
  }
}

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
