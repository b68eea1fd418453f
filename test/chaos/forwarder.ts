/** A port that stays while what stands behind it is killed and comes back on another one; connections can be cut. */
import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'

export interface Forwarder {
  readonly port: number
  /** Where new connections go. */
  aim(port: number): void
  /** Ends all connections, in the middle of whatever they carry. */
  cut(): void
  close(): Promise<void>
}

export async function createForwarder(targetPort: number): Promise<Forwarder> {
  let target = targetPort
  const open = new Set<Socket>()

  const server = createServer({ noDelay: true }, (near) => {
    const far = connect({ port: target, host: '127.0.0.1', noDelay: true })
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(from)
      from.pipe(to)
      // Whatever happens at one end, a crash or a refusal, happens at the other.
      from.on('error', () => to.destroy())
      from.on('close', () => {
        open.delete(from)
        to.destroy()
      })
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new TypeError('A TCP server has a port.')

  const cut = () => {
    for (const socket of open) socket.resetAndDestroy()
  }
  return {
    port: address.port,
    aim(port) {
      target = port
    },
    cut,
    async close() {
      const closed = once(server, 'close')
      server.close()
      cut()
      await closed
    },
  }
}
