/** How often somebody may ask: counted in the database, so that it holds over all servers and restarts. */
import { createHmac } from 'node:crypto'
import type { PrismaClient } from '../../prisma/generated/client/client.ts'

export interface RateRule {
  /** Seconds. */
  readonly window: number
  readonly max: number
}

export interface RateAnswer {
  readonly allowed: boolean
  /** Seconds, where it is not allowed. */
  readonly retryAfter: number | null
}

export type ConsumeRate = (key: string, rule: RateRule) => Promise<RateAnswer>

interface Deps {
  readonly db: PrismaClient
  readonly secret: string
}

/** Counts in one statement: of many requests at once none slips through. */
export function createRateLimit({ db, secret }: Deps): ConsumeRate {
  return async (key, { window, max }) => {
    // What is kept names neither a network address nor a person.
    const hash = createHmac('sha256', secret).update(key).digest('base64url')
    const [row] = await db.$queryRaw<readonly { readonly count: number; readonly seconds: number }[]>`
      INSERT INTO rate_limit AS r (key, count, expires_at)
      VALUES (${hash}, 1, now() + make_interval(secs => ${window}))
      ON CONFLICT (key) DO UPDATE SET
        count = CASE WHEN r.expires_at <= now() THEN 1 ELSE least(r.count, ${max}) + 1 END,
        expires_at = CASE WHEN r.expires_at <= now() THEN excluded.expires_at ELSE r.expires_at END
      RETURNING count, ceil(extract(epoch FROM expires_at - now()))::int AS seconds`
    if (row === undefined) throw new Error('A count came back without a row')
    if (row.count === 1) await db.$executeRaw`DELETE FROM rate_limit WHERE expires_at <= now()`
    return row.count <= max
      ? { allowed: true, retryAfter: null }
      : { allowed: false, retryAfter: Math.max(row.seconds, 1) }
  }
}
