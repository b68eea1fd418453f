/** Redirections over real sockets: followed on the same host only, within bounds, by the methods of RFC 9110. */
import type { IncomingMessage } from 'node:http'
import { describe, expect, it } from 'vitest'
import type { HttpRequest, HttpResult } from '../../engine/sending/transport.ts'
import { useLocalServers } from '../../test/harness/local-server.ts'
import { createHttpTransport } from './http-transport.ts'
import { mostRedirects, redirected } from './redirection.ts'

const { serve, closeAfterwards } = useLocalServers()

type Seen = Pick<IncomingMessage, 'headers' | 'method' | 'url'> & { readonly body: string }

/** A vendor that redirects `/` as told and answers everywhere else; returns what it saw of the others. */
async function redirecting(status: number, location: (port: number) => string) {
  const seen: Seen[] = []
  const port: number = await serve(async (incoming, response) => {
    let body = ''
    for await (const chunk of incoming) body += String(chunk)
    if (incoming.url === '/') return void response.writeHead(status, { location: location(port) }).end()
    const { headers, method, url } = incoming
    seen.push({ headers, method, url, body })
    response.end('there')
  })
  return { port, seen }
}

function send(port: number, changes: Partial<HttpRequest> = {}): Promise<HttpResult> {
  const transport = createHttpTransport({ allowPrivateHosts: ['127.0.0.1'] })
  closeAfterwards(transport)
  return transport.send({
    method: 'POST',
    url: `http://127.0.0.1:${port}/`,
    headers: { authorization: 'Bearer secret', 'content-type': 'application/json', 'x-id': '7' },
    body: '{"email":"ann@example.com"}',
    timeoutMs: 5_000,
    redirects: 5,
    ...changes,
  })
}

const get = { method: 'GET', body: null } as const

describe('a redirection on the same host', () => {
  it.each([301, 302, 303, 307, 308])('%i of a GET is followed', async (status) => {
    const { port, seen } = await redirecting(status, () => '/there?page=2')
    expect(await send(port, get)).toMatchObject({ kind: 'answer', status: 200, text: 'there' })
    expect(seen).toMatchObject([
      { method: 'GET', url: '/there?page=2', headers: { authorization: 'Bearer secret' } },
    ])
  })

  it.each([307, 308])('%i of a POST repeats method, headers and body', async (status) => {
    const { port, seen } = await redirecting(status, (own) => `http://127.0.0.1:${own}/there`)
    expect(await send(port)).toMatchObject({ kind: 'answer', status: 200 })
    expect(seen).toMatchObject([
      { method: 'POST', url: '/there', body: '{"email":"ann@example.com"}', headers: { 'x-id': '7' } },
    ])
  })

  it('303 of a POST asks for what came of it, without the body', async () => {
    const { port, seen } = await redirecting(303, () => '/there')
    expect(await send(port)).toMatchObject({ kind: 'answer', status: 200 })
    expect(seen).toMatchObject([{ method: 'GET', url: '/there', body: '', headers: { 'x-id': '7' } }])
    expect(seen[0]?.headers).not.toHaveProperty('content-type')
  })

  it.each([301, 302])(
    '%i of a POST is the answer: to follow it would lose the record or repeat it',
    async (status) => {
      const { port, seen } = await redirecting(status, () => '/there')
      expect(await send(port)).toMatchObject({ kind: 'answer', status })
      expect(seen).toEqual([])
    },
  )

  it('is not followed unless it is asked for', async () => {
    const { port, seen } = await redirecting(307, () => '/there')
    expect(await send(port, { redirects: 0 })).toMatchObject({ kind: 'answer', status: 307 })
    expect(seen).toEqual([])
  })
})

describe('a redirection elsewhere', () => {
  it.each([
    'http://169.254.169.254/latest/meta-data/',
    'http://10.0.0.1/',
    'http://[::1]/',
    'http://[::ffff:169.254.169.254]/',
    'http://2852039166/',
    'http://localhost/',
    '//vendor.example/there',
    'https://127.0.0.1/',
    'file:///etc/passwd',
    'ftp://127.0.0.1/',
    'data:text/plain,there',
    'http://user:password@127.0.0.1/',
    'http://',
  ])('to "%s" is the answer, and nobody is called', async (location) => {
    const { port, seen } = await redirecting(307, () => location)
    expect(await send(port)).toMatchObject({ kind: 'answer', status: 307 })
    expect(seen).toEqual([])
  })

  it('to another port gets neither record nor secret', async () => {
    let called = 0
    const other = await serve((_, response) => {
      called += 1
      response.end()
    })
    for (const status of [301, 302, 303, 307, 308]) {
      const { port } = await redirecting(status, () => `http://127.0.0.1:${other}/`)
      expect(await send(port)).toMatchObject({ kind: 'answer', status })
      expect(await send(port, get)).toMatchObject({ kind: 'answer', status })
    }
    expect(called).toBe(0)
  })
})

it('is followed from http to https of the same name, and never back', () => {
  const to = (from: string, location: string) =>
    redirected(
      { method: 'GET', url: from, headers: {}, body: null, timeoutMs: 1 },
      { kind: 'answer', status: 301, headers: { location }, text: '' },
    )?.url
  expect(to('http://hooks.example.com/a', 'https://hooks.example.com/a')).toBe('https://hooks.example.com/a')
  expect(to('https://hooks.example.com/a', 'http://hooks.example.com/a')).toBeUndefined()
  expect(to('http://hooks.example.com/a', 'https://hooks.example.com:8443/a')).toBeUndefined()
  expect(to('http://hooks.example.com/a', 'https://hooks.example.com.evil.example/a')).toBeUndefined()
})

it('ends after so many, however many are asked for', async () => {
  let asked = 0
  const port = await serve((_, response) => {
    asked += 1
    response.writeHead(302, { location: `/${asked}` }).end()
  })
  expect(await send(port, { ...get, redirects: 2 })).toMatchObject({ kind: 'answer', status: 302 })
  expect(asked).toBe(3)
  await send(port, { ...get, redirects: 1_000 })
  expect(asked).toBe(3 + 1 + mostRedirects)
})

it('shares one time-out', async () => {
  const port = await serve((incoming, response) => {
    if (incoming.url === '/') response.writeHead(307, { location: '/there' }).end()
  })
  expect(await send(port, { timeoutMs: 300 })).toEqual({ kind: 'no-answer', code: 'timed_out' })
})

describe('what follows a redirection and is not sent', () => {
  /** The name leads to the vendor at first, then to an address at which nobody listens. */
  async function gone(status: number, changes: Partial<HttpRequest> = {}): Promise<HttpResult> {
    const port = await serve((_, response) => {
      response.writeHead(status, { location: '/there', connection: 'close' }).end()
    })
    let asked = 0
    const transport = createHttpTransport({
      allowPrivateHosts: ['127.0.0.0/8'],
      lookup(_, __, callback) {
        asked += 1
        callback(null, [{ address: asked === 1 ? '127.0.0.1' : '127.0.0.2', family: 4 }])
      },
    })
    closeAfterwards(transport)
    return transport.send({
      ...{ method: 'POST', headers: {}, body: '{}', timeoutMs: 5_000, redirects: 5 },
      ...changes,
      url: `http://vendor.example:${port}/`,
    })
  }

  it('is told as not sent where the vendor has certainly done nothing', async () => {
    expect(await gone(308)).toEqual({ kind: 'not-sent', code: 'connection_failed' })
  })

  it('is unknown where the vendor may have done what it was asked for', async () => {
    expect(await gone(303)).toEqual({ kind: 'no-answer', code: 'connection_failed' })
    expect(await gone(302, get)).toEqual({ kind: 'no-answer', code: 'connection_failed' })
  })
})
