/** Servers on loopback that answer as told, HTTP or bare sockets; all are closed after each test. */
import { createServer, type RequestListener, type Server } from 'node:http'
import {
  type AddressInfo,
  createServer as createTcpServer,
  type Socket,
  type Server as TcpServer,
} from 'node:net'
import { afterEach } from 'vitest'

export interface LocalServers {
  /** An HTTP server; returns its port. */
  serve(listener: RequestListener, host?: string): Promise<number>
  /** A server that gives each socket to the test; returns its port. */
  serveRaw(onSocket: (socket: Socket) => void): Promise<number>
  /** A port on which nobody listens. */
  unusedPort(): Promise<number>
  /** Has something closed after the test, before its servers. */
  closeAfterwards(closing: { close(): Promise<void> }): void
}

export function useLocalServers(): LocalServers {
  const running: { close(): Promise<void> }[] = []
  afterEach(async () => {
    for (const each of running.splice(0).reverse()) await each.close()
  })

  async function listen(server: Server | TcpServer, host: string): Promise<number> {
    const sockets = new Set<Socket>()
    server.on('connection', (socket: Socket) => {
      sockets.add(socket)
      socket.on('error', () => {})
      socket.on('close', () => sockets.delete(socket))
    })
    await new Promise<void>((resolve) => server.listen(0, host, resolve))
    running.push({
      close: () =>
        new Promise((resolve) => {
          server.close(() => resolve())
          for (const socket of sockets) socket.destroy()
        }),
    })
    return (server.address() as AddressInfo).port
  }

  return {
    serve: (listener, host = '127.0.0.1') => listen(createServer(listener), host),
    serveRaw: (onSocket) => listen(createTcpServer(onSocket), '127.0.0.1'),
    async unusedPort() {
      const server = createTcpServer()
      const port = await listen(server, '127.0.0.1')
      await new Promise((resolve) => server.close(resolve))
      return port
    },
    closeAfterwards: (closing) => running.push(closing),
  }
}
