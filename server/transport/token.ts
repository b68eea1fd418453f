/** Tokens of the vendor, and why there is none. They live in memory, as long as their process. */
import type { HttpResult } from '../../engine/sending/transport.ts'

export interface Token {
  readonly value: string
  /** Epoch milliseconds; null where the vendor does not say. */
  readonly expiresAt: number | null
}

export type TokenResult =
  | { readonly kind: 'token'; readonly token: Token }
  | Extract<HttpResult, { readonly kind: 'not-sent' | 'not-allowed' }>

/** A minute before it expires, or, of a short life, when a tenth is left. */
const mostMarginMs = 60_000

/** Whether a token can be used for a while. `lifetimeMs` is that of a new one, as far as it is known. */
export function isFresh({ expiresAt }: Token, now: number, lifetimeMs: number): boolean {
  return expiresAt === null || now < expiresAt - Math.min(mostMarginMs, lifetimeMs / 10)
}
