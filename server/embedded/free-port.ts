// A port of loopback that nobody listens on.
import { once } from 'node:events'
import { createServer } from 'node:net'

/** Free when it is returned; who uses it must be ready to find it taken, and ask again. */
export async function findFreePort(host = '127.0.0.1'): Promise<number> {
  const server = createServer()
  server.listen(0, host)
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new TypeError('A TCP server has a port.')
  return address.port
}
