// The forms that values of environment variables may have.
import { isIP } from 'node:net'
import { isLoopback } from './access/loopback.ts'

/** An address that names server and database. */
export function isDatabaseUrl(text: string): boolean {
  if (!URL.canParse(text)) return false
  const url = new URL(text)
  return (url.protocol === 'postgres:' || url.protocol === 'postgresql:') && url.pathname.length > 1
}

export function isHostPort(text: string): boolean {
  const match = /^(?<host>\[[0-9A-Fa-f:.]+\]|[^\s:/[\]@]+):(?<port>\d{1,5})$/.exec(text)
  const { host, port } = match?.groups ?? {}
  return host !== undefined && isHost(host) && Number(port) >= 1 && Number(port) <= 65_535
}

/** A host, a host with a port, or a range of addresses. */
export function isPrivateHostRule(text: string): boolean {
  return isHost(text) || isHostPort(text) || isRange(text)
}

/** 32 bytes from 64 hex digits or from base64 (either alphabet, padding optional). */
export function parseSecretKey(text: string): Buffer | undefined {
  if (/^[0-9A-Fa-f]{64}$/.test(text)) return Buffer.from(text, 'hex')
  if (!/^[A-Za-z0-9+/_-]{43}=?$/.test(text)) return undefined
  const key = Buffer.from(text, 'base64')
  return key.length === 32 ? key : undefined
}

/** Scheme and host only: passwords and cookies go there, so that it must be encrypted beyond this machine. */
export function isPublicUrl(text: string): boolean {
  return isSafeUrl(text) && new URL(text).pathname === '/'
}

/** An issuer may have a path. */
export function isIssuer(text: string): boolean {
  return isSafeUrl(text)
}

/** An address, or a range of them. */
export function isAddressRange(text: string): boolean {
  return isIP(text) !== 0 || isRange(text)
}

function isSafeUrl(text: string): boolean {
  if (!URL.canParse(text)) return false
  const { protocol, hostname, username, password, search, hash } = new URL(text)
  if (username + password + search + hash !== '') return false
  return protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname.replace(/^\[|\]$/g, '')))
}

function isHost(text: string): boolean {
  if (isIP(text) !== 0) return true
  if (text.startsWith('[') && text.endsWith(']')) return isIP(text.slice(1, -1)) === 6
  // Digits and dots alone would be a mistyped address.
  return /^(?!-)[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*\.?$/.test(text) && !/^[\d.]+$/.test(text)
}

function isRange(text: string): boolean {
  const [address, prefix, ...rest] = text.split('/')
  if (address === undefined || prefix === undefined || rest.length > 0 || !/^\d{1,3}$/.test(prefix))
    return false
  const family = isIP(address)
  return family !== 0 && Number(prefix) <= (family === 4 ? 32 : 128)
}
