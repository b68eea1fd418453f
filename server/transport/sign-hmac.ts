/** HMAC signatures of requests, as a connector declares them. */
import { createHash, createHmac } from 'node:crypto'
import type { SignedPart } from '@sluice/connector-sdk'
import type { Credential } from '../../engine/sending/credential.ts'
import type { HttpRequest } from '../../engine/sending/transport.ts'

type Hmac = Extract<Credential, { readonly kind: 'hmac' }>

/** The request with its signature, of a request that is sent now. */
export function signHmac(
  request: HttpRequest,
  { key, scheme }: Hmac,
  now: number,
): { readonly request: HttpRequest; readonly proof: string } {
  const { algorithm, encoding, header, parts, prefix = '', secretEncoding = 'text', timestamp } = scheme
  const time = timestampOf(timestamp?.format ?? 'seconds', now)
  const signed = parts.map((part) => textOf(part, request, time, algorithm)).join('')
  const keyBytes = Buffer.from(key, secretEncoding === 'text' ? 'utf8' : secretEncoding)
  const proof = createHmac(algorithm, keyBytes).update(signed, 'utf8').digest(encoding)
  const headers = {
    ...request.headers,
    ...(timestamp === undefined ? {} : { [timestamp.header]: time }),
    [header]: prefix + proof,
  }
  return { request: { ...request, headers }, proof }
}

function textOf(
  part: SignedPart,
  { body, method, url }: HttpRequest,
  time: string,
  algorithm: string,
): string {
  if (typeof part !== 'string') return part.text
  const { host, pathname, search } = new URL(url)
  switch (part) {
    case 'method':
      return method
    case 'host':
      return host
    case 'path':
      return pathname
    case 'query':
      return search.slice(1)
    case 'body':
      return body ?? ''
    case 'bodyHash':
      return createHash(algorithm)
        .update(body ?? '', 'utf8')
        .digest('hex')
    case 'timestamp':
      return time
  }
}

function timestampOf(format: 'seconds' | 'milliseconds' | 'iso', now: number): string {
  switch (format) {
    case 'seconds':
      return String(Math.floor(now / 1000))
    case 'milliseconds':
      return String(now)
    case 'iso':
      return new Date(now).toISOString()
  }
}
