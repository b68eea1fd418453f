/** Where a token stands in the requests that it is for. */

/**
 * The place of a token: a header, after a prefix and a blank; a query parameter; or `templates`: then it stands only
 * where templates write `{{webhook_access_token}}`, which they may do in any case.
 *
 * @example
 * ```ts
 * const place: TokenPlace = { in: 'header', name: 'x-auth-token', prefix: 'Token' }
 * ```
 */
export type TokenPlace =
  /** `prefix` may be empty; default: `Bearer`. */
  | { readonly in: 'header'; readonly name: string; readonly prefix?: string }
  | { readonly in: 'query'; readonly name: string }
  | { readonly in: 'templates' }
