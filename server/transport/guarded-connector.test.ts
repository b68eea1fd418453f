/** Which hosts may be called: private addresses only by exception, in whichever form they are written. */
import { describe, expect, it } from 'vitest'
import type { HttpRequest } from '../../engine/sending/transport.ts'
import { useLocalServers } from '../../test/harness/local-server.ts'
import { createHttpTransport, type HttpTransport } from './http-transport.ts'

const { serve, closeAfterwards } = useLocalServers()

function transport(...allowPrivateHosts: readonly string[]): HttpTransport {
  const made = createHttpTransport({ allowPrivateHosts })
  closeAfterwards(made)
  return made
}

function request(url: string): HttpRequest {
  return { method: 'POST', url, headers: {}, body: '{}', timeoutMs: 5_000 }
}

describe('a private address', () => {
  it.each([
    '127.0.0.1',
    '[::1]',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '2130706433',
    '0x7f000001',
    '0177.0.0.1',
    'localhost',
    '0.0.0.0',
    '127.1',
  ])('is not called by default: %s', async (host) => {
    let called = 0
    const port = await serve((_, response) => {
      called += 1
      response.end()
    }, '::')
    const result = await transport().send(request(`http://${host}:${port}/`))
    expect(result).toEqual({ kind: 'not-allowed', code: 'private_address' })
    expect(called).toBe(0)
  })

  it.each<[string, (port: number) => string, string]>([
    ['host', () => '127.0.0.1', '127.0.0.1'],
    ['host, for any way of writing it', () => '127.0.0.1', '0x7f000001'],
    ['name', () => 'localhost', 'localhost'],
    ['host and port', (port) => `127.0.0.1:${port}`, '127.0.0.1'],
    ['name and port', (port) => `localhost:${port}`, 'localhost'],
    ['range', () => '127.0.0.0/8', '127.0.0.1'],
    ['range, under a name', () => '127.0.0.0/8', 'ip4.localhost'],
    ['IPv6 address', () => '::1', '[::1]'],
    ['IPv6 address and port', (port) => `[::1]:${port}`, '[::1]'],
    ['IPv6 range', () => '::1/128', '[::1]'],
  ])('is called when it is allowed by %s', async (_, entry, host) => {
    const port = await serve(
      (__, response) => void response.end('in'),
      host === '[::1]' ? '::1' : '127.0.0.1',
    )
    const result = await transport(entry(port)).send(request(`http://${host}:${port}/`))
    // Not every machine knows names below localhost, or resolves localhost to both addresses.
    if (host === 'ip4.localhost' && result.kind === 'not-sent') return
    expect(result).toMatchObject({ kind: 'answer', text: 'in' })
  })

  it.each<[string, (port: number) => string]>([
    ['another port', (port) => `127.0.0.1:${port + 1}`],
    ['another host', () => 'localhost'],
    ['another range', () => '10.0.0.0/8'],
  ])('is not called when only %s is allowed', async (_, entry) => {
    const port = await serve((__, response) => void response.end())
    const result = await transport(entry(port)).send(request(`http://127.0.0.1:${port}/`))
    expect(result).toEqual({ kind: 'not-allowed', code: 'private_address' })
  })

  it.each(['ftp://127.0.0.1/', 'file:///etc/passwd', 'data:text/plain,x', 'ws://127.0.0.1/'])(
    'is not called over a protocol other than HTTP: %s',
    async (url) => {
      const result = await transport('127.0.0.1').send(request(url))
      expect(result).toEqual({ kind: 'not-allowed', code: 'host_not_allowed' })
    },
  )
})
