/** Whatever a vendor's machine sends ends as one result, within the time-out and bounds; real sockets on both sides. */
import { once } from 'node:events'
import type { Socket } from 'node:net'
import { setImmediate } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import braze from '@sluice/connector-braze'
import type { RequestPlan, Verdict } from '@sluice/connector-sdk'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encodeBody } from '../../engine/sending/body.ts'
import { sendRequest } from '../../engine/sending/send-request.ts'
import type { HttpResult } from '../../engine/sending/transport.ts'
import { useLocalServers } from '../../test/harness/local-server.ts'
import { createHttpTransport } from './http-transport.ts'

const { serveRaw, closeAfterwards } = useLocalServers()
const mebibyte = 1024 * 1024

function transport() {
  const made = createHttpTransport({ allowPrivateHosts: ['127.0.0.1'] })
  closeAfterwards(made)
  return made.send
}

/** What Braze's Track User asks: two users in one request. */
const plan: RequestPlan = {
  method: 'POST',
  path: '/users/track',
  body: { kind: 'json', value: { attributes: [{ external_id: '1' }, { external_id: '2' }] } },
  parts: [0, 1].map((item) => ({ item, part: 0, effect: 'set' })),
}

interface Ending {
  /** One, or two where certainly nothing was sent the first time. */
  readonly results: readonly HttpResult[]
  readonly verdicts: readonly Verdict[]
}

async function deliver(port: number, timeoutMs: number, send = transport(), request = plan): Promise<Ending> {
  const results: HttpResult[] = []
  const keep = async (http: Parameters<typeof send>[0]) => {
    const result = await send(http)
    results.push(result)
    return result
  }
  const settings = { endpoint: `http://127.0.0.1:${port}` }
  const account = { definition: braze, settings, secrets: { apiKey: 'k' } }
  const interpret = braze.actions['track-user']?.interpret
  const deps = { transport: keep, now: Date.now }
  const { verdicts } = await sendRequest(deps, account, request, encodeBody(request), timeoutMs, interpret)
  return { results, verdicts }
}

const tooLarge = { kind: 'no-answer', code: 'answer_too_large' }
const unknown = (code: string) => [0, 1].map(() => ({ kind: 'unknown', code }))

/** Sends the same again for ever, as fast as the other side takes it; tells how much that was once it is cut off. */
function pour(piece: string | Buffer): {
  onSocket(socket: Socket, head: string): void
  ended: Promise<number>
} {
  const { promise, resolve } = withResolver<number>()
  return {
    ended: promise,
    onSocket(socket, head) {
      const more = () => {
        while (!socket.destroyed && socket.write(piece));
      }
      socket.on('drain', more)
      socket.once('close', () => resolve(socket.bytesWritten))
      socket.once('data', () => {
        socket.write(head)
        more()
      })
    },
  }
}

function withResolver<Value>() {
  let resolve: (value: Value) => void = () => {}
  const promise = new Promise<Value>((resolved) => {
    resolve = resolved
  })
  return { promise, resolve }
}

describe('an answer without end', () => {
  const ok = 'HTTP/1.1 200 OK\r\n'
  const kibibytes = (count: number) => 'x'.repeat(count * 1024)

  it.each<[string, string, string | Buffer, object, string]>([
    ['1 GB of body', `${ok}content-length: 1073741824\r\n\r\n`, kibibytes(64), tooLarge, 'answer_too_large'],
    ['a body until it closes', 'HTTP/1.0 200 OK\r\n\r\n', kibibytes(64), tooLarge, 'answer_too_large'],
    [
      'chunks',
      `${ok}transfer-encoding: chunked\r\n\r\n`,
      `10000\r\n${kibibytes(64)}\r\n`,
      tooLarge,
      'answer_too_large',
    ],
    [
      'chunks of one byte',
      `${ok}transfer-encoding: chunked\r\n\r\n`,
      '1\r\nx\r\n'.repeat(10_000),
      tooLarge,
      'answer_too_large',
    ],
    ['headers', ok, 'x-filler: 1\r\n'.repeat(1_000), tooLarge, 'answer_too_large'],
    ['one header', `${ok}x-filler: `, kibibytes(64), tooLarge, 'answer_too_large'],
    [
      'trailers',
      `${ok}transfer-encoding: chunked\r\n\r\n0\r\n`,
      'x-filler: 1\r\n'.repeat(1_000),
      tooLarge,
      'answer_too_large',
    ],
  ])('is cut off: %s', async (_, head, piece, result, code) => {
    const flood = pour(piece)
    const port = await serveRaw((socket) => flood.onSocket(socket, head))
    expect(await deliver(port, 20_000)).toEqual({ results: [result], verdicts: unknown(code) })
    // The limit, what single bytes cost beside it, and what the sockets of both sides hold; never a gigabyte.
    expect(await flood.ended).toBeLessThan(64 * mebibyte)
  })

  // Nothing of these is kept, so that only their time is bounded.
  it.each<[string, string, string]>([
    ['early hints', '', 'HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n'.repeat(100)],
    ['extensions of a chunk', `${ok}transfer-encoding: chunked\r\n\r\n1;a=`, kibibytes(64)],
    ['empty lines', '', '\r\n'.repeat(1_000)],
  ])('ends with its time: %s', async (_, head, piece) => {
    const flood = pour(piece)
    const port = await serveRaw((socket) => flood.onSocket(socket, head))
    const { results, verdicts } = await deliver(port, 150)
    expect(results).toHaveLength(1)
    expect(results[0]?.kind).toBe('no-answer')
    expect(verdicts.map(({ kind }) => kind)).toEqual(['unknown', 'unknown'])
    await flood.ended
  })

  it('is not unpacked', async () => {
    const bomb = gzipSync(Buffer.alloc(64 * mebibyte))
    const head = `${ok}content-encoding: gzip\r\ncontent-length: ${bomb.length}\r\n\r\n`
    let asked = ''
    const port = await serveRaw((socket) =>
      socket.once('data', (bytes) => {
        asked = String(bytes)
        socket.write(head)
        socket.write(bomb)
      }),
    )
    const { results, verdicts } = await deliver(port, 20_000)
    expect(asked).toContain('accept-encoding: identity')
    expect(results).toMatchObject([{ kind: 'answer', status: 200 }])
    const [result] = results
    expect(result?.kind === 'answer' && result.text.length <= bomb.length).toBe(true)
    expect(verdicts).toEqual(unknown('unreadable_answer'))
  })
})

describe('a 200 that is none', () => {
  const answered = async (text: string, type = 'application/json') => {
    const port = await serveRaw((socket) =>
      socket.once('data', () =>
        socket.end(
          `HTTP/1.1 200 OK\r\ncontent-type: ${type}\r\ncontent-length: ${Buffer.byteLength(text)}\r\n\r\n${text}`,
        ),
      ),
    )
    return (await deliver(port, 20_000)).verdicts
  }

  it.each<[string, string]>([
    ['a page', '<html><body>Please sign in</body></html>'],
    ['half an answer', '{"message":"succ'],
    ['another service', '{"ok":true}'],
    ['a list that is too deep to walk', '['.repeat(200_000) + ']'.repeat(200_000)],
  ])('is not believed: %s', async (_, text) => {
    expect(await answered(text, 'text/html')).toEqual(unknown('unreadable_answer'))
  })

  it('refuses the user that it names', async () => {
    const errors = [{ type: "'email' field is not a valid email", input_array: 'attributes', index: 1 }]
    expect(await answered(JSON.stringify({ message: 'success', errors }))).toEqual([
      { kind: 'delivered' },
      { kind: 'refused', code: 'invalid_email' },
    ])
  })
})

it('an answer before the request was read is an answer', async () => {
  const port = await serveRaw((socket) => {
    socket.pause()
    socket.write('HTTP/1.1 413 Payload Too Large\r\ncontent-length: 0\r\n\r\n')
  })
  const large: RequestPlan = { ...plan, body: { kind: 'json', value: { filler: 'x'.repeat(8 * mebibyte) } } }
  const { results } = await deliver(port, 2_000, transport(), large)
  expect(results).toMatchObject([{ kind: 'answer', status: 413 }])
})

it('an answer that nobody asked for is not taken for the next one', async () => {
  const answer = (text: string) => `HTTP/1.1 200 OK\r\ncontent-length: ${text.length}\r\n\r\n${text}`
  const port = await serveRaw((socket) => {
    socket.on('data', () => socket.write(answer('{"message":"asked"}') + answer('{"message":"not asked"}')))
  })
  const send = transport()
  for (let times = 0; times < 5; times += 1) {
    const { results } = await deliver(port, 2_000, send)
    expect(results).toMatchObject([{ kind: 'answer', text: '{"message":"asked"}' }])
  }
})

// Words of the protocol, right and wrong, as a broken or hostile server may put them together.
const success = '{"message":"success"}'
const oddStartLine = fc.constantFrom(
  ...[
    'HTTP/1.1 200 OK',
    'HTTP/1.0 200 OK',
    'HTTP/1.1 200',
    'HTTP/1.1 201 Created',
    'HTTP/1.1 204 No Content',
  ],
  ...['HTTP/1.1 301 Moved', 'HTTP/1.1 302 Found', 'HTTP/1.1 307 Temporary Redirect', 'HTTP/1.1 400 Bad'],
  ...['HTTP/1.1 401 Unauthorized', 'HTTP/1.1 429 Slow', 'HTTP/1.1 503 Busy', 'HTTP/1.1 999 Odd'],
  ...['HTTP/1.1 099 Odd', 'HTTP/1.1 20 Odd', 'HTTP/1.1 101 Switching Protocols', 'HTTP/1.1 100 Continue'],
  ...['HTTP/1.1 103 Early Hints', 'HTTP/2.0 200 OK', 'HTTP/9.9 200 OK', 'ICY 200 OK', '<html>', ''],
)
const startLine = fc.oneof(fc.constant('HTTP/1.1 200 OK'), oddStartLine)
const headerLine = fc.oneof(
  fc.constantFrom(
    ...[
      'content-type: application/json',
      'content-type: text/html',
      'content-length: 2',
      'content-length: 9',
    ],
    ...['content-length: 1073741824', 'content-length: -1', 'content-length: 1e3', 'content-length: 2, 2'],
    ...['transfer-encoding: chunked', 'transfer-encoding: gzip, chunked', 'transfer-encoding: odd'],
    ...['connection: close', 'connection: keep-alive', 'connection: upgrade', 'upgrade: h2c'],
    ...['keep-alive: timeout=0', 'keep-alive: timeout=999999999999', 'content-encoding: gzip'],
    ...['retry-after: 1', 'retry-after: 1e400', 'x-ratelimit-reset: soon', 'x: \u0000', 'x: \u00ff\u00fe'],
    ...[': empty', 'no colon', ' folded', '__proto__: x', 'constructor: x', 'trailer: x', 'set-cookie: a=b'],
  ),
  fc.string({ unit: 'binary', maxLength: 20 }),
)
const body = fc.oneof(
  fc.constant(success),
  fc.constantFrom(
    ...['', '{}', '{"message":"succ', '<html>Bad Gateway</html>', 'null', '[1,'],
    ...[
      '15\r\n{"message":"success"}\r\n0\r\n\r\n',
      '15\r\n{"message":"success"}\r\n',
      '5\r\nhel',
      'zz\r\nhello',
    ],
    ...['ffffffffffffffff\r\nx', '-1\r\nx', '0\r\nx-trailer: 1\r\n\r\n', '5;a=b\r\nhello\r\n0\r\n\r\n'],
  ),
  fc.string({ unit: 'binary', maxLength: 60 }),
)
const text = fc
  .record({
    early: fc.array(
      fc.constantFrom('HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n', 'HTTP/1.1 100 Continue\r\n\r\n'),
      {
        maxLength: 2,
      },
    ),
    startLine,
    headers: fc.oneof(fc.constant([]), fc.array(headerLine, { maxLength: 5 })),
    hasLength: fc.boolean(),
    body,
    keptShare: fc.oneof({ weight: 4, arbitrary: fc.constant(1) }, fc.double({ min: 0, max: 1, noNaN: true })),
  })
  .map(({ early, startLine, headers, hasLength, body, keptShare }) => {
    const length = hasLength ? [`content-length: ${body.length}`] : []
    const whole = [...early, [startLine, ...length, ...headers, '', body].join('\r\n')].join('')
    return whole.slice(0, Math.ceil(whole.length * keptShare))
  })

const script = fc.record({
  when: fc.constantFrom('connected', 'asked'),
  text,
  pieceLength: fc.constantFrom(1, 7, 10_000),
  end: fc.constantFrom('close', 'reset', 'hang', 'drip', 'again'),
})
type Script = typeof script extends fc.Arbitrary<infer Value> ? Value : never

/** `trap` is where its redirects lead. */
async function play(socket: Socket, { when, text, pieceLength, end }: Script, trap: number): Promise<void> {
  socket.setNoDelay(true)
  if (when === 'asked') await once(socket, 'data')
  else socket.resume()
  const bytes = Buffer.from(text.replace('\r\n', `\r\nlocation: http://127.0.0.1:${trap}/\r\n`), 'latin1')
  const write = async (piece: Uint8Array) => {
    socket.write(piece)
    // Writing to a socket that takes it at once would let no timer of the same process run.
    await setImmediate()
  }
  for (let from = 0; from < bytes.length && !socket.destroyed; from += pieceLength) {
    await write(bytes.subarray(from, from + pieceLength))
  }
  switch (end) {
    case 'close':
      socket.end()
      return
    case 'reset':
      socket.resetAndDestroy()
      return
    case 'again':
      socket.end(bytes)
      return
    case 'drip':
      while (!socket.destroyed) await write(Buffer.from('x'))
      return
    case 'hang':
  }
}

const codes = new Set(['timed_out', 'connection_lost', 'answer_too_large', 'connection_failed'])

it('any bytes, in any pieces, with any end, are one result with a verdict for every part', async () => {
  let trapped = 0
  const trap = await serveRaw((socket) => {
    trapped += 1
    socket.destroy()
  })
  const seen = new Map<string, number>()
  const send = transport()
  const check = async (each: Script) => {
    const port = await serveRaw((socket) => void play(socket, each, trap).catch(() => {}))
    const { results, verdicts } = await deliver(port, 60, send)
    const result = results.at(-1)
    // Only what was never written is tried a second time.
    expect(results.slice(0, -1).every(({ kind }) => kind === 'not-sent')).toBe(true)
    expect(verdicts).toHaveLength(plan.parts.length)
    if (result?.kind === 'answer') {
      expect(result.status).toBeGreaterThanOrEqual(200)
      expect(Object.values(result.headers).every((value) => typeof value === 'string')).toBe(true)
    } else {
      expect(codes).toContain(result?.code)
    }
    if (verdicts.some(({ kind }) => kind === 'delivered')) {
      expect(result?.kind === 'answer' && JSON.parse(result.text)).toHaveProperty('message')
    }
    const ending = result?.kind === 'answer' ? (verdicts[0]?.kind ?? 'none') : (result?.code ?? 'none')
    seen.set(ending, (seen.get(ending) ?? 0) + 1)
  }
  // Side by side, since many end with their time only.
  const property = fc.asyncProperty(fc.array(script, { minLength: 12, maxLength: 12 }), async (scripts) => {
    await Promise.all(scripts.map(check))
  })
  await fc.assert(property, { numRuns: 30 })
  // Without these the property could hold for empty reasons.
  for (const ending of ['delivered', 'unknown', 'timed_out', 'connection_lost']) {
    expect(seen.get(ending) ?? 0, ending).toBeGreaterThan(0)
  }
  expect(trapped).toBe(0)
})
