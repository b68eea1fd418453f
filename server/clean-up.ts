/** Deletes what is kept for a time only: at a worker's start, then every minute. Any number of workers may do it. */
import type { PrismaClient } from '../prisma/generated/client/client.ts'
import { forgetOldChanges } from './audit/forget-old-changes.ts'
import { forgetKeyedRequests } from './idempotency/forget-keyed-requests.ts'
import type { Logger } from './logger.ts'
import { forgetOldBuckets } from './metrics/forget-old-buckets.ts'
import { purgeDeletedWorkspaces } from './workspaces/purge-deleted.ts'

interface Deps {
  readonly db: PrismaClient
  readonly log: Logger
  readonly everyMs?: number
}

export interface CleanUp {
  stop(): void
}

export function startCleanUp({ db, log, everyMs = 60_000 }: Deps): CleanUp {
  let isCleaning = false

  async function cleanUp(): Promise<void> {
    if (isCleaning) return
    isCleaning = true
    try {
      await purgeDeletedWorkspaces(db)
      await forgetKeyedRequests(db)
      await forgetOldChanges(db)
      await forgetOldBuckets(db)
    } catch (error) {
      log.warn({ err: error }, 'What is no longer kept could not be deleted; it is tried again in a minute')
    }
    isCleaning = false
  }

  void cleanUp()
  const timer = setInterval(() => void cleanUp(), everyMs)
  return { stop: () => clearInterval(timer) }
}
