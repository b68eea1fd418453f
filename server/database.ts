// The way to PostgreSQL: a Prisma client over a pool of bounded size.
import { createHash } from 'node:crypto'
import { PrismaPg } from '@prisma/adapter-pg'
import { PrismaClient } from '../prisma/generated/client/client.ts'

export interface DatabaseOptions {
  readonly url: string
  readonly maxConnections: number
}

export interface Database {
  readonly db: PrismaClient
  close(): Promise<void>
}

export function createDatabase({ url, maxConnections }: DatabaseOptions): Database {
  const pool = {
    connectionString: url,
    max: maxConnections,
    connectionTimeoutMillis: 10_000,
    application_name: 'sluice',
  }
  const adapter = new PrismaPg(pool, { statementNameGenerator: nameOf })
  // Minimal errors: the pretty ones print the arguments of the query.
  // A busy machine may make a short transaction wait.
  const transactionOptions = { maxWait: 10_000, timeout: 30_000 }
  const db = new PrismaClient({ adapter, errorFormat: 'minimal', transactionOptions })
  return { db, close: () => db.$disconnect() }
}

/**
 * A statement with a name is planned once in a connection, not each time: the commit of progress takes longer to plan
 * than to run. Only statements of our own, which begin so, are of fixed text: others differ by the length of a list.
 */
function nameOf({ sql }: { readonly sql: string }): string {
  return /^\s*WITH\b/.test(sql) ? createHash('sha256').update(sql).digest('base64url') : ''
}
