/** A database over a line that goes down: one call runs, and nobody hears of it. */
import type { PrismaClient } from '../../prisma/generated/client/client.ts'

/** Loses the next call of this kind. What happens `meanwhile` has happened when the line is up again. */
export function losingNext(
  db: PrismaClient,
  call: '$queryRaw' | '$transaction',
  meanwhile?: () => Promise<unknown>,
): PrismaClient {
  let isLost = false
  return new Proxy(db, {
    get(target, property) {
      const value: unknown = Reflect.get(target, property)
      if (property !== call || isLost || typeof value !== 'function') return value
      isLost = true
      return async (...args: readonly unknown[]) => {
        await Reflect.apply(value, target, args)
        await meanwhile?.()
        throw new Error('Connection terminated unexpectedly')
      }
    },
  })
}
