// The way to PostgreSQL: a Prisma client over a pool of bounded size.
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
  const adapter = new PrismaPg({
    connectionString: url,
    max: maxConnections,
    connectionTimeoutMillis: 10_000,
    application_name: 'sluice',
  })
  // Minimal errors: the pretty ones print the arguments of the query.
  // A busy machine may make a short transaction wait.
  const transactionOptions = { maxWait: 10_000, timeout: 30_000 }
  const db = new PrismaClient({ adapter, errorFormat: 'minimal', transactionOptions })
  return { db, close: () => db.$disconnect() }
}
