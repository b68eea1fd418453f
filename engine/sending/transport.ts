/** The port to HTTP: what goes out, and how it can end. */
import type { ClientCertificate, Credential } from './credential.ts'

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | null
  readonly timeoutMs: number
  readonly certificate?: ClientCertificate
  /** How many redirections are followed, all within `timeoutMs`. Default: none. */
  readonly redirects?: number
  /** What has to be made before it is sent; the transport itself leaves it alone. */
  readonly credential?: Credential
  /** Set where the token that `credential` makes is to stand in the place of this text. */
  readonly tokenSign?: string
}

export type HttpResult =
  | {
      readonly kind: 'answer'
      readonly status: number
      /** Names in lower case. */
      readonly headers: Readonly<Record<string, string>>
      readonly text: string
    }
  /** It failed before the first byte of the request was written. */
  | { readonly kind: 'not-sent'; readonly code: string }
  /** Bytes were written and no complete answer came: it may have been applied. */
  | { readonly kind: 'no-answer'; readonly code: string }
  /** The address is one that Sluice must not call. */
  | { readonly kind: 'not-allowed'; readonly code: string }

/** Sends one request. Never throws for what a network can do. */
export type Transport = (request: HttpRequest) => Promise<HttpResult>
