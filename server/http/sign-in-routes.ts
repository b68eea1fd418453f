/** The paths of sign-in on the port: small bodies, and the address that a request really came from. */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { App } from '../app.ts'
import { sendResponse } from './send-response.ts'

/** A name, an address, a password and a token; bytes. */
const largestBody = 16 * 1024

export function signInRoutes(app: Pick<App, 'signIn'>) {
  return async (fastify: FastifyInstance): Promise<void> => {
    fastify.removeAllContentTypeParsers()
    fastify.addContentTypeParser('*', { parseAs: 'string', bodyLimit: largestBody }, (_request, body, done) =>
      done(null, body),
    )
    fastify.all('/auth/*', async (request, reply) => {
      const answer = await app.signIn(requestOf(request), request.ip)
      return sendResponse(reply, answer)
    })
  }
}

/** Of one connection, and not of the request that is passed on. */
const ofTheConnection = new Set([
  'connection',
  'content-length',
  'expect',
  'keep-alive',
  'transfer-encoding',
  'upgrade',
])

/** The Host header is not taken over: what answers knows its own address. */
function requestOf({ body, headers, method, url }: FastifyRequest): Request {
  const given = Object.entries(headers).flatMap(([name, value]) =>
    value === undefined || ofTheConnection.has(name) ? [] : [[name, String(value)] as [string, string]],
  )
  const hasBody = method !== 'GET' && method !== 'HEAD' && typeof body === 'string'
  return new Request(new URL(url, 'http://localhost'), {
    method,
    headers: new Headers(given),
    ...(hasBody && { body }),
  })
}
