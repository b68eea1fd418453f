/** API tokens: how they look, and the hash by which they are known. */
import { createHash, randomBytes } from 'node:crypto'

const prefix = 'sluice_'
const form = /^sluice_[A-Za-z0-9_-]{43}$/

/** A new token with 256 bits of chance. It is shown once; only its hash is kept. */
export function createToken(): string {
  return `${prefix}${randomBytes(32).toString('base64url')}`
}

export function isToken(text: string): boolean {
  return form.test(text)
}

/** No salt and no slow hash: a token can't be guessed, and equal tokens don't occur. */
export function hashToken(token: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(createHash('sha256').update(token, 'utf8').digest())
}

/** The token of an `Authorization` header; undefined when it is none. */
export function bearerToken(authorization: string | null | undefined): string | undefined {
  return /^Bearer +(?<token>\S+) *$/i.exec(authorization ?? '')?.groups?.['token']
}
