/** Repeats a statement that the database gave up because two wanted the same rows in another order. */
import { setTimeout as pause } from 'node:timers/promises'
import { Prisma } from '../../prisma/generated/client/client.ts'

const attempts = 5

/** Nothing of a statement that was given up is committed, so that it may be repeated. */
export async function againWhenInterlocked<Result>(work: () => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work()
    } catch (error) {
      if (attempt >= attempts || !isInterlocked(error)) throw error
      await pause(20 * 2 ** attempt)
    }
  }
}

function isInterlocked(error: unknown): boolean {
  return (
    error instanceof Prisma.PrismaClientKnownRequestError && /40P01|P2034/.test(error.message + error.code)
  )
}
