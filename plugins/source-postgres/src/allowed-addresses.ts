/** The addresses of a server, as far as the host lets a connection go there. */
import { type ConnectContext, SourceError } from '@sluice/connector-sdk'
import type { OpenLinkDeps } from './open-link.ts'
import type { ServerAddress } from './settings.ts'

/** One forbidden address among several is enough to refuse: any of them may be the one that answers. */
export function allowedAddresses(
  resolveHost: OpenLinkDeps['resolveHost'],
  { port }: Pick<ServerAddress, 'port'>,
  { isAddressAllowed }: Pick<ConnectContext, 'isAddressAllowed'>,
): OpenLinkDeps['resolveHost'] {
  return async (host) => {
    const addresses = await resolveHost(host)
    if (addresses.every((address) => isAddressAllowed(host, port, address))) return addresses
    throw new SourceError(
      'not_allowed',
      `The host “${host}” has a private address. Name it in SLUICE_ALLOW_PRIVATE_HOSTS if it is meant.`,
    )
  }
}
