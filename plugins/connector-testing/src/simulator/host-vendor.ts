/** A simulated vendor on loopback: real HTTP, timers that end with it, a page and orders for this machine only. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type ControlDeps, createControl, isControlPath } from './control.ts'
import { createExchanges, type ExchangeDeps, type Exchanges } from './exchange.ts'
import type { Fault } from './faults.ts'
import { readBody } from './read-body.ts'
import { sendControl } from './send-control.ts'

export interface HostedVendorOptions<AnyFault extends Fault> {
  /** 0: any free port. It listens on 127.0.0.1 only. */
  readonly port: number
  /** A longer body reaches the vendor as undefined. */
  readonly maxBodyBytes: number
  readonly control: ControlDeps<AnyFault>
  readonly exchange: Omit<ExchangeDeps, 'later'>
}

export interface HostedVendor {
  readonly url: string
  readonly exchanges: Exchanges
  /** Cuts what is open and stops listening. */
  close(): Promise<void>
}

/** Something after a while, unless the vendor is closed first. */
export type Later = (delayMs: number, run: () => void) => void

/** `make` is given the vendor's timer, for what takes effect late. */
export async function hostVendor<AnyFault extends Fault>(
  make: (later: Later) => HostedVendorOptions<AnyFault>,
): Promise<HostedVendor> {
  const timers = new Set<NodeJS.Timeout>()
  const later: Later = (delayMs, run) => {
    const timer = setTimeout(() => {
      timers.delete(timer)
      run()
    }, delayMs)
    timers.add(timer)
  }
  const { control: controlDeps, exchange, maxBodyBytes, port: wanted } = make(later)
  const exchanges = createExchanges({ ...exchange, later })
  const control = createControl(controlDeps)

  const server = createServer((request, response) => {
    const { headers, method = '', url = '/' } = request
    const [path = '/', query = ''] = url.split('?')
    readBody(request, maxBodyBytes, (text) => {
      const asked = { method, path, query: new URLSearchParams(query) }
      if (!isControlPath(path)) return exchanges.answer({ ...asked, headers, text }, response)
      sendControl(response, control({ ...asked, host: headers.host, text: text ?? '' }))
    })
  })
  // Longer than clients keep idle connections, so that none is cut just when it is used again.
  server.keepAliveTimeout = 60_000
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(wanted, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    exchanges,
    async close() {
      for (const timer of timers) clearTimeout(timer)
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await closed
    },
  }
}
