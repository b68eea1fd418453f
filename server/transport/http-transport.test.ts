/** Requests over real sockets: an exact word for every way in which they end. */
import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import { describe, expect, it } from 'vitest'
import type { HttpRequest, HttpResult } from '../../engine/sending/transport.ts'
import { useLocalServers } from '../../test/harness/local-server.ts'
import { createHttpTransport, type HttpTransport } from './http-transport.ts'

const { serve, serveRaw, unusedPort, closeAfterwards } = useLocalServers()

function transport(...allowPrivateHosts: readonly string[]): HttpTransport {
  const made = createHttpTransport({ allowPrivateHosts })
  closeAfterwards(made)
  return made
}

function request(url: string, changes: Partial<HttpRequest> = {}): HttpRequest {
  return { method: 'POST', url, headers: {}, body: '{}', timeoutMs: 5_000, ...changes }
}

function sendTo(port: number, changes: Partial<HttpRequest> = {}, host = '127.0.0.1'): Promise<HttpResult> {
  return transport('127.0.0.1', '::1', 'localhost').send(request(`http://${host}:${port}/`, changes))
}

async function textOf(message: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of message) text += String(chunk)
  return text
}

describe('an answer', () => {
  it('is given with status, headers in lower case, and text', async () => {
    const port = await serve((_, response) => {
      response.writeHead(429, { 'Retry-After': '7', 'X-Two': ['a', 'b'] }).end('slow — down')
    })
    expect(await sendTo(port)).toMatchObject({
      kind: 'answer',
      status: 429,
      headers: { 'retry-after': '7', 'x-two': 'a, b' },
      text: 'slow — down',
    })
  })

  it('is to the request as it was made', async () => {
    const seen: unknown[] = []
    const port = await serve(async (incoming, response) => {
      seen.push(incoming.method, incoming.url, incoming.headers['x-api-key'], await textOf(incoming))
      response.end()
    })
    await transport('127.0.0.1').send(
      request(`http://127.0.0.1:${port}/a/b?q=1%202`, {
        method: 'PUT',
        headers: { 'x-api-key': 'k' },
        body: 'é',
      }),
    )
    expect(seen).toEqual(['PUT', '/a/b?q=1%202', 'k', 'é'])
  })

  it('that redirects is not followed', async () => {
    let followed = 0
    const inside = await serve((_, response) => {
      followed += 1
      response.end('inside')
    })
    for (const status of [301, 302, 303, 307, 308]) {
      const port = await serve((_, response) => {
        response.writeHead(status, { location: `http://127.0.0.1:${inside}/` }).end()
      })
      expect(await sendTo(port)).toMatchObject({ kind: 'answer', status })
    }
    expect(followed).toBe(0)
  })

  it('is read as UTF-8, without the mark that some servers put first', async () => {
    const port = await serve((_, response) => {
      // A character that is cut in two by the pieces it comes in.
      const bytes = Buffer.from('\ufeff{"a":"é"}')
      response.write(bytes.subarray(0, 10))
      setTimeout(() => response.end(bytes.subarray(10)), 10)
    })
    expect(await sendTo(port)).toMatchObject({ text: '{"a":"é"}' })
  })

  it('is an answer even when it is an error of the server', async () => {
    const port = await serve((_, response) => void response.writeHead(503).end('no'))
    expect(await sendTo(port)).toMatchObject({ kind: 'answer', status: 503, text: 'no' })
  })
})

describe('a time-out', () => {
  const timedOut = { kind: 'no-answer', code: 'timed_out' }

  it('ends a request that is never answered', async () => {
    const port = await serve(() => {})
    expect(await sendTo(port, { timeoutMs: 200 })).toEqual(timedOut)
  })

  it('ends an answer that drips', async () => {
    const port = await serve((_, response) => {
      response.writeHead(200)
      const timer = setInterval(() => response.write('.'), 20)
      response.on('close', () => clearInterval(timer))
    })
    expect(await sendTo(port, { timeoutMs: 300 })).toEqual(timedOut)
  })

  it('ends headers that drip', async () => {
    const port = await serveRaw((socket) => {
      socket.write('HTTP/1.1 200 OK\r\n')
      const timer = setInterval(() => socket.write('X-Filler: 1\r\n'), 20)
      socket.on('close', () => clearInterval(timer))
    })
    expect(await sendTo(port, { timeoutMs: 300 })).toEqual(timedOut)
  })
})

describe('a lost connection', () => {
  const lost = { kind: 'no-answer', code: 'connection_lost' }

  it('is told when it is reset after the request', async () => {
    const port = await serve(
      (incoming) => void textOf(incoming).then(() => incoming.socket.resetAndDestroy()),
    )
    expect(await sendTo(port)).toEqual(lost)
  })

  it('is told when it is closed without an answer', async () => {
    const port = await serve((incoming) => void textOf(incoming).then(() => incoming.socket.end()))
    expect(await sendTo(port)).toEqual(lost)
  })

  it('is told when it is closed in the middle of an answer', async () => {
    const port = await serve((_, response) => {
      response.writeHead(200, { 'content-length': '100' })
      response.write('half', () => response.socket?.destroy())
    })
    expect(await sendTo(port)).toEqual(lost)
  })

  it('is told of what is no HTTP', async () => {
    const port = await serveRaw((socket) => socket.once('data', () => socket.end('SSH-2.0-OpenSSH_9.6\r\n')))
    expect(await sendTo(port)).toEqual(lost)
  })
})

describe('a request that was certainly not sent', () => {
  it('is told when nobody listens', async () => {
    const port = await unusedPort()
    expect(await sendTo(port)).toEqual({ kind: 'not-sent', code: 'connection_failed' })
  })

  it('is told when the host does not exist', async () => {
    const result = await transport().send(request('http://no-such-host.invalid/'))
    expect(result).toEqual({ kind: 'not-sent', code: 'host_not_found' })
  })

  it('is told when the server speaks no TLS', async () => {
    const port = await serve((_, response) => void response.end())
    const result = await transport('127.0.0.1').send(request(`https://127.0.0.1:${port}/`))
    expect(result).toEqual({ kind: 'not-sent', code: 'tls_failed' })
  })

  it('is told when its time was over before a connection was free', async () => {
    const paths: string[] = []
    const port = await serve((incoming, response) => {
      paths.push(incoming.url ?? '')
      if (incoming.url === '/after') response.end()
    })
    const { send } = transport('127.0.0.1')
    // As many as there are connections; all of them hang.
    const hanging = Array.from({ length: 64 }, () =>
      send(request(`http://127.0.0.1:${port}/hangs`, { timeoutMs: 1_000 })),
    )
    const waiting = await send(request(`http://127.0.0.1:${port}/waits`, { timeoutMs: 200 }))
    expect(waiting).toEqual({ kind: 'not-sent', code: 'connection_failed' })
    for (const result of await Promise.all(hanging)) {
      expect(result).toEqual({ kind: 'no-answer', code: 'timed_out' })
    }
    // A place is free again, and what was given up is not sent into it.
    await send(request(`http://127.0.0.1:${port}/after`))
    expect(paths).toEqual([...Array(64).fill('/hangs'), '/after'])
  })

  it('is told when the TLS handshake breaks', async () => {
    const port = await serveRaw((socket) => socket.once('data', () => socket.resetAndDestroy()))
    const result = await transport('127.0.0.1').send(request(`https://127.0.0.1:${port}/`))
    expect(result).toMatchObject({ kind: 'not-sent' })
  })

  it('is told when a header can stand in no request', async () => {
    let called = 0
    const port = await serve((_, response) => {
      called += 1
      response.end()
    })
    for (const secret of ['pasted\n', 'naïve 日本']) {
      const result = await sendTo(port, { headers: { authorization: `Bearer ${secret}` } })
      expect(result).toEqual({ kind: 'not-sent', code: 'request_invalid' })
    }
    // A header that would change how the request is sent.
    const result = await sendTo(port, { headers: { expect: '100-continue' } })
    expect(result).toEqual({ kind: 'not-sent', code: 'request_invalid' })
    expect(called).toBe(0)
  })
})

describe('an answer without bounds', () => {
  const tooLarge = { kind: 'no-answer', code: 'answer_too_large' }

  it('is cut off', async () => {
    let sent = 0
    const piece = 'x'.repeat(64 * 1024)
    const port = await serve((_, response) => {
      const pour = () => {
        while (!response.destroyed && response.write(piece)) sent += piece.length
      }
      response.on('drain', pour)
      pour()
    })
    expect(await sendTo(port)).toEqual(tooLarge)
    // A few buffers more than the limit of 4 MiB, never all that the server would send.
    expect(sent).toBeLessThan(64 * 1024 * 1024)
  })

  it('is cut off in its headers', async () => {
    const port = await serveRaw((socket) => {
      socket.write('HTTP/1.1 200 OK\r\n')
      const filler = `X-Filler: ${'x'.repeat(1000)}\r\n`
      for (let line = 0; line < 200; line += 1) socket.write(filler)
    })
    expect(await sendTo(port)).toEqual(tooLarge)
  })
})

describe('a connection that is kept', () => {
  it('is used again', async () => {
    const sockets = new Set<Socket>()
    const port = await serve((incoming, response) => {
      sockets.add(incoming.socket)
      response.end('ok')
    })
    const { send } = transport('127.0.0.1')
    for (let times = 0; times < 5; times += 1) await send(request(`http://127.0.0.1:${port}/`))
    expect(sockets.size).toBeLessThan(5)
  })

  it('and was closed by the server meanwhile, is replaced', async () => {
    const sockets = new Set<Socket>()
    const closed: Promise<void>[] = []
    const port = await serve((incoming, response) => {
      const { socket } = incoming
      sockets.add(socket)
      closed.push(new Promise((resolve) => socket.once('close', () => resolve())))
      response.end('ok', () => setImmediate(() => socket.end()))
    })
    const { send } = transport('127.0.0.1')
    for (let times = 0; times < 5; times += 1) {
      expect(await send(request(`http://127.0.0.1:${port}/`))).toMatchObject({ kind: 'answer', text: 'ok' })
      // Our side has seen the end when the server sees ours.
      await closed.at(-1)
    }
    expect(sockets.size).toBe(5)
  })

  it('is not shared by hosts that look alike: the address is checked for each', async () => {
    const port = await serve((_, response) => void response.end('ok'))
    const { send } = transport(`127.0.0.1:${port}`)
    expect(await send(request(`http://127.0.0.1:${port}/`))).toMatchObject({ kind: 'answer' })
    expect(await send(request(`http://localhost:${port}/`))).toEqual({
      kind: 'not-allowed',
      code: 'private_address',
    })
  })
})

it('is closed with requests in flight finished', async () => {
  const port = await serve((_, response) => setTimeout(() => response.end('late'), 100))
  const made = createHttpTransport({ allowPrivateHosts: ['127.0.0.1'] })
  const sent = made.send(request(`http://127.0.0.1:${port}/`))
  await new Promise((resolve) => setTimeout(resolve, 20))
  await made.close()
  expect(await sent).toMatchObject({ kind: 'answer', text: 'late' })
})
