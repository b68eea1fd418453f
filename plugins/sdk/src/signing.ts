/** HMAC signatures: what is signed with which secret, and where the host puts the result. */

/**
 * A piece of the text that is signed, as it goes over the wire: `path` is encoded and has no query, `query` has no
 * question mark, `bodyHash` is the body's hash by the same algorithm in lower-case hex; `text` stands as it is.
 *
 * @example
 * ```ts
 * const parts: readonly SignedPart[] = ['timestamp', { text: '.' }, 'method', 'path', { text: '.' }, 'body']
 * ```
 */
export type SignedPart =
  | 'method'
  | 'host'
  | 'path'
  | 'query'
  | 'body'
  | 'bodyHash'
  | 'timestamp'
  | { readonly text: string }

/**
 * An HMAC of each request, made when it is sent. Made by {@link hmacSignature}.
 *
 * @example
 * ```ts
 * const auth: HmacAuth = hmacSignature({
 *   secret: 'signingKey',
 *   algorithm: 'sha256',
 *   parts: ['body'],
 *   encoding: 'hex',
 *   header: 'x-signature',
 * })
 * ```
 */
export interface HmacAuth {
  readonly kind: 'hmac'
  /** The secret setting with the key. */
  readonly secret: string
  /** How the setting writes the key. Default: as text, whose UTF-8 bytes are the key. */
  readonly secretEncoding?: 'text' | 'hex' | 'base64'
  readonly algorithm: 'sha1' | 'sha256' | 'sha512'
  /** What is signed: the parts, one after the other, without anything between. */
  readonly parts: readonly SignedPart[]
  readonly encoding: 'hex' | 'base64'
  /** The header that gets the signature. */
  readonly header: string
  /** Stands before the signature, for example `sha256=`. */
  readonly prefix?: string
  /** The time of sending, which `timestamp` among the parts means. */
  readonly timestamp?: {
    /** The header that tells it to the vendor. */
    readonly header: string
    readonly format: 'seconds' | 'milliseconds' | 'iso'
  }
}

/**
 * Signs each request with a secret key, which itself is never sent.
 *
 * @example
 * ```ts
 * auth: hmacSignature({
 *   secret: 'signingKey',
 *   algorithm: 'sha256',
 *   parts: ['timestamp', { text: '.' }, 'body'],
 *   encoding: 'hex',
 *   header: 'x-signature',
 *   prefix: 'v1=',
 *   timestamp: { header: 'x-timestamp', format: 'seconds' },
 * })
 * ```
 */
export function hmacSignature(options: Omit<HmacAuth, 'kind'>): HmacAuth {
  return { ...options, kind: 'hmac' }
}
