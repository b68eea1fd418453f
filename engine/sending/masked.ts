/** A request as people may see it: masks stand where a token or signature will. */
import { placeToken } from './place-token.ts'
import type { HttpRequest } from './transport.ts'

export const mask = '********'

export function masked(request: HttpRequest): HttpRequest {
  const { credential } = request
  if (credential === undefined) return request
  if (credential.kind !== 'hmac') return placeToken(request, credential, mask)
  const { header, prefix = '', timestamp } = credential.scheme
  const made = {
    [header]: `${prefix}${mask}`,
    ...(timestamp === undefined ? {} : { [timestamp.header]: mask }),
  }
  return { ...request, headers: { ...request.headers, ...made } }
}
