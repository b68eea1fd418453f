/** How the connection is encrypted, as Node's TLS takes it. */
import { isIP } from 'node:net'
import type { ConnectionOptions } from 'node:tls'
import type { ServerAddress } from './settings.ts'

/** False for none. The names are those that the person gave, not the address that they led to. */
export function tlsOptions({ tls, host, caCertificate }: ServerAddress): ConnectionOptions | false {
  if (tls === 'disable') return false
  const name = { host, ...(isIP(host) === 0 ? { servername: host } : {}) }
  if (tls === 'require') return { ...name, rejectUnauthorized: false }
  return { ...name, rejectUnauthorized: true, ...(caCertificate === undefined ? {} : { ca: caCertificate }) }
}
