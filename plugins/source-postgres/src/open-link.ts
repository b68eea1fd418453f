/** Opens a connection to the server: addresses are found first, so that whoever wires this may refuse some. */
import { Socket } from 'node:net'
import { Client } from 'pg'
import { toSourceError } from './driver-error.ts'
import { createLink, type Link } from './link.ts'
import type { ServerAddress } from './settings.ts'
import { tlsOptions } from './tls-options.ts'

const connectTimeoutMs = 10_000
/** What the server is given beyond its own time-out, before it counts as gone. */
const graceMs = 30_000

export interface OpenLinkDeps {
  /** The IP addresses of a host, those to try first in front; an address is its own. */
  readonly resolveHost: (host: string) => Promise<readonly string[]>
}

/** @param address the one to use of those that the host has */
export type OpenLink = (server: ServerAddress, address?: string) => Promise<Link>

export function createOpenLink({ resolveHost }: OpenLinkDeps): OpenLink {
  return async (server, address) => {
    try {
      const addresses = address === undefined ? await resolveHost(server.host) : [address]
      return await connectToFirst(server, addresses)
    } catch (error) {
      throw toSourceError(error, { server, phase: 'connecting' })
    }
  }
}

async function connectToFirst(server: ServerAddress, addresses: readonly string[]): Promise<Link> {
  for (const [index, address] of addresses.entries()) {
    try {
      return await connect(server, address)
    } catch (error) {
      const isLast = index === addresses.length - 1
      if (isLast || !isUnanswered(error)) throw error
    }
  }
  throw Object.assign(new Error('no address'), { code: 'ENOTFOUND' })
}

async function connect(server: ServerAddress, address: string): Promise<Link> {
  const { port, database, user, password, statementTimeoutMs } = server
  const socket = new Socket()
  const client = new Client({
    stream: () => socket,
    host: address,
    port,
    database,
    user,
    password,
    ssl: tlsOptions(server),
    application_name: 'sluice',
    connectionTimeoutMillis: connectTimeoutMs,
    // The server ends a statement by itself; this is for one that has gone without a word.
    query_timeout: statementTimeoutMs + graceMs,
    keepAlive: true,
    keepAliveInitialDelayMillis: 30_000,
  })
  // A connection that breaks while it is idle fails its next query.
  client.on('error', () => undefined)
  const link = createLink(client, socket, address)
  try {
    await client.connect()
    return link
  } catch (error) {
    socket.destroy()
    throw error
  }
}

/** Whether another address of the same name may do better. */
function isUnanswered(error: unknown): boolean {
  return (
    error instanceof Error &&
    'code' in error &&
    ['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'EADDRNOTAVAIL', 'ETIMEDOUT'].includes(String(error.code))
  )
}
