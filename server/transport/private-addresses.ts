/** Which addresses must not be called: private, loopback, link-local and other special ranges (IANA registries). */
import { BlockList, isIP } from 'node:net'

const ranges: readonly (readonly [string, number, 'ipv4' | 'ipv6'])[] = [
  ['0.0.0.0', 8, 'ipv4'],
  ['10.0.0.0', 8, 'ipv4'],
  ['100.64.0.0', 10, 'ipv4'],
  ['127.0.0.0', 8, 'ipv4'],
  ['169.254.0.0', 16, 'ipv4'],
  ['172.16.0.0', 12, 'ipv4'],
  ['192.0.0.0', 24, 'ipv4'],
  ['192.0.2.0', 24, 'ipv4'],
  ['192.88.99.0', 24, 'ipv4'],
  ['192.168.0.0', 16, 'ipv4'],
  ['198.18.0.0', 15, 'ipv4'],
  ['198.51.100.0', 24, 'ipv4'],
  ['203.0.113.0', 24, 'ipv4'],
  ['224.0.0.0', 3, 'ipv4'],
  ['::', 128, 'ipv6'],
  ['::1', 128, 'ipv6'],
  ['64:ff9b::', 96, 'ipv6'],
  ['64:ff9b:1::', 48, 'ipv6'],
  ['100::', 64, 'ipv6'],
  ['2001::', 23, 'ipv6'],
  ['2001:db8::', 32, 'ipv6'],
  ['2002::', 16, 'ipv6'],
  ['3fff::', 20, 'ipv6'],
  ['5f00::', 16, 'ipv6'],
  ['fc00::', 7, 'ipv6'],
  ['fe80::', 10, 'ipv6'],
  ['fec0::', 10, 'ipv6'],
  ['ff00::', 8, 'ipv6'],
]

export interface AddressRules {
  /** Whether the resolved address of a host and port may be connected to. */
  isAllowed(host: string, port: number, address: string): boolean
}

/**
 * @param allowed hosts, host:port pairs and CIDR ranges that may be called although they are private
 *   (SLUICE_ALLOW_PRIVATE_HOSTS)
 */
export function createAddressRules(allowed: readonly string[]): AddressRules {
  const blocked = new BlockList()
  for (const [address, prefix, family] of ranges) blocked.addSubnet(address, prefix, family)
  const opened = new BlockList()
  const hosts = new Set<string>()
  for (const entry of allowed) {
    const [address = '', prefix] = entry.split('/')
    const version = isIP(address)
    if (prefix !== undefined && version !== 0)
      opened.addSubnet(address, Number(prefix), version === 6 ? 'ipv6' : 'ipv4')
    else hosts.add(nameOfEntry(entry))
  }
  return {
    isAllowed(host, port, address) {
      const family = isIP(address) === 6 ? 'ipv6' : 'ipv4'
      if (!blocked.check(address, family)) return true
      const name = nameOf(host)
      return hosts.has(name) || hosts.has(`${name}:${port}`) || opened.check(address, family)
    },
  }
}

function nameOfEntry(entry: string): string {
  if (isIP(entry) === 6) return nameOf(entry)
  const { host = entry, port } = /^(?<host>\[.+\]|[^:]+):(?<port>\d+)$/.exec(entry)?.groups ?? {}
  const name = nameOf(host.replace(/^\[|\]$/g, ''))
  return port === undefined ? name : `${name}:${Number(port)}`
}

/** Names are compared as URLs write them: an IPv6 address in brackets and in its shortest form. */
function nameOf(host: string): string {
  return isIP(host) === 6 ? new URL(`http://[${host}]`).hostname : host.toLowerCase()
}
