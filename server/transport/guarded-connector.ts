/** Connects only to addresses that may be called: checked after resolving, so that a name can't lead inside. */
import { type LookupAddress, type LookupAllOptions, lookup as lookupBySystem } from 'node:dns'
import { isIP, type LookupFunction } from 'node:net'
import type { SecureContext } from 'node:tls'
import { buildConnector } from 'undici'
import type { AddressRules } from './private-addresses.ts'

export class AddressNotAllowedError extends Error {
  override readonly name = 'AddressNotAllowedError'
  readonly code = 'private_address'
  constructor() {
    super('The host is a private address. Name it in SLUICE_ALLOW_PRIVATE_HOSTS if it is meant.')
  }
}

/** Resolves a name; as `dns.lookup` does. */
export type Lookup = (
  hostname: string,
  options: LookupAllOptions,
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void

interface ConnectorOptions {
  /** What is presented in TLS; default: nothing. */
  readonly secureContext?: SecureContext | undefined
  /** Default: the system's. */
  readonly lookup?: Lookup | undefined
}

export function createGuardedConnector(
  rules: AddressRules,
  connectTimeoutMs: number,
  { lookup, secureContext }: ConnectorOptions = {},
): buildConnector.connector {
  return (options, callback) => {
    const host = options.hostname.replace(/^\[|\]$/g, '')
    const port = Number(options.port) || (options.protocol === 'https:' ? 443 : 80)
    // The lookup is not asked for literal addresses.
    if (isIP(host) !== 0 && !rules.isAllowed(host, port, host)) {
      callback(new AddressNotAllowedError(), null)
      return
    }
    const connect = buildConnector({
      timeout: connectTimeoutMs,
      lookup: guardedLookup(rules, host, port, lookup),
      ...(secureContext === undefined ? {} : { secureContext }),
    })
    connect(options, callback)
  }
}

/** One forbidden address among several is enough to refuse: the socket may try any of them. */
function guardedLookup(
  rules: AddressRules,
  host: string,
  port: number,
  lookup: Lookup = lookupBySystem,
): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error !== null) return callback(error, '', 0)
      if (!addresses.every(({ address }) => rules.isAllowed(host, port, address))) {
        return callback(new AddressNotAllowedError(), '', 0)
      }
      if (options.all === true) return callback(null, addresses)
      const [first] = addresses
      return callback(null, first?.address ?? '', first?.family ?? 4)
    })
  }
}
