/** Stands between a test and PostgreSQL: may speak TLS with a certificate of the test, and may cut or stop the line. */
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import { onTestFinished } from 'vitest'

export interface Proxy {
  readonly port: number
  /** Breaks every connection, as when a cable is pulled and the other side notices. */
  cut(): void
  /** Takes new connections and never answers, like a server that hangs. */
  silence(): void
}

export interface ProxyOptions {
  /** With it, the proxy asks for TLS as PostgreSQL does. */
  readonly certificate?: { readonly key: string; readonly cert: string }
}

const sslRequestLength = 8

export async function startProxy(targetPort: number, { certificate }: ProxyOptions = {}): Promise<Proxy> {
  const open = new Set<Socket>()
  let isSilent = false
  const server = createServer((socket) => {
    open.add(socket)
    socket.on('close', () => open.delete(socket))
    socket.on('error', () => undefined)
    if (isSilent) return
    if (certificate === undefined) join(socket, targetPort)
    else {
      socket.once('data', (request) => {
        if (request.length !== sslRequestLength) return socket.destroy()
        socket.write('S')
        return join(new TLSSocket(socket, { isServer: true, ...certificate }), targetPort)
      })
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const cut = (): void => {
    for (const socket of open) socket.destroy()
  }
  onTestFinished(() => {
    cut()
    server.close()
  })
  return {
    port: (server.address() as AddressInfo).port,
    cut,
    silence() {
      isSilent = true
    },
  }
}

function join(client: Socket, targetPort: number): void {
  const target = connect(targetPort, '127.0.0.1')
  for (const [one, other] of [
    [client, target],
    [target, client],
  ] as const) {
    one.pipe(other)
    one.on('error', () => other.destroy())
    one.on('close', () => other.destroy())
  }
}
