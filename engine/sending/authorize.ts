/** The port that makes signatures and tokens: they need a clock, keys and the vendor's token endpoint. */
import type { Credential } from './credential.ts'
import type { HttpRequest, HttpResult } from './transport.ts'

export type Authorized =
  | {
      readonly kind: 'ready'
      readonly request: HttpRequest
      /** The token or signature that was added: never shown. */
      readonly proof: string
    }
  /** The refused proof is the best there is. */
  | { readonly kind: 'nothing-new' }
  | Extract<HttpResult, { readonly kind: 'not-sent' | 'not-allowed' }>

/** Adds what a credential makes. `refused` is the proof that the vendor answered with 401, null at first. */
export type Authorize = (
  request: HttpRequest,
  credential: Credential,
  refused: string | null,
) => Promise<Authorized>
