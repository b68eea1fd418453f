/** A driver's client together with its socket, so that it can be closed also when nobody answers any more. */
import type { Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Client } from 'pg'

export interface Link {
  readonly client: Client
  /** The IP address at the other end. */
  readonly address: string
  /** With a query under way it fails that query. Repeatable. */
  close(): Promise<void>
}

const farewellMs = 2_000

export function createLink(client: Client, socket: Socket, address: string): Link {
  let closing: Promise<void> | undefined
  async function close(): Promise<void> {
    const inTime = new AbortController()
    const ended = client.end().finally(() => inTime.abort())
    const late = sleep(farewellMs, undefined, { signal: inTime.signal }).then(
      () => socket.destroy(),
      () => undefined,
    )
    await Promise.race([ended, late])
  }
  return {
    client,
    address,
    close() {
      closing ??= close()
      return closing
    },
  }
}
