/** Hears of what other processes commit: LISTEN on a connection of its own, which is renewed when it breaks. */
import { Client } from 'pg'
import { z } from 'zod'
import type { Logger } from '../logger.ts'
import { progressChannel } from './progress-channel.ts'

const firstDelayMs = 100
const longestDelayMs = 5_000

/** Ids only: what changed is read from the database. */
const noticeSchema = z
  .object({ w: z.uuid(), a: z.uuid().optional(), d: z.uuid().optional() })
  .transform(
    ({ w, a, d }): Notice =>
      a === undefined
        ? { kind: 'configuration', workspaceId: w }
        : { kind: 'progress', workspaceId: w, actionId: a, deliveryId: d },
  )

/** What changed. */
type Notice = ProgressNotice | { readonly kind: 'configuration'; readonly workspaceId: string }

export interface ProgressNotice {
  readonly kind: 'progress'
  readonly workspaceId: string
  readonly actionId: string
  /** Undefined when it was not a single delivery's. */
  readonly deliveryId: string | undefined
}

interface Options {
  readonly databaseUrl: string
  readonly log: Logger
  onNotice(notice: Notice): void
  /** Notices may have been missed: after every connect, the first one included. */
  onGap(): void
}

export interface ProgressListener {
  close(): Promise<void>
}

export function createProgressListener({ databaseUrl, log, onNotice, onGap }: Options): ProgressListener {
  let isClosed = false
  let client: Client | undefined
  let timer: NodeJS.Timeout | undefined

  async function connect(delayMs: number): Promise<void> {
    const next = new Client({
      connectionString: databaseUrl,
      application_name: 'sluice-listen',
      connectionTimeoutMillis: longestDelayMs,
      keepAlive: true,
    })
    let isLost = false
    let nextDelayMs = Math.min(delayMs * 2, longestDelayMs)
    const lose = (error: unknown) => {
      if (isLost || isClosed) return
      isLost = true
      log.warn({ err: error }, 'The connection that hears of commits broke off; it is renewed')
      // Ending a broken connection can fail again, which says nothing new.
      next.end().catch(() => undefined)
      timer = setTimeout(() => void connect(nextDelayMs), delayMs)
    }
    next.on('error', lose)
    next.on('end', () => lose(undefined))
    next.on('notification', ({ payload }) => {
      const notice = noticeOf(payload)
      if (notice !== undefined) onNotice(notice)
    })
    client = next
    try {
      await next.connect()
      await next.query(`LISTEN ${progressChannel}`)
    } catch (error) {
      lose(error)
      return
    }
    if (isClosed) return
    // It worked: the next break is no repetition of the last one.
    nextDelayMs = firstDelayMs
    onGap()
  }

  void connect(firstDelayMs)

  return {
    async close() {
      isClosed = true
      clearTimeout(timer)
      // It may be broken already.
      await client?.end().catch(() => undefined)
    },
  }
}

function noticeOf(payload: string | undefined): Notice | undefined {
  try {
    return noticeSchema.safeParse(JSON.parse(payload ?? '')).data
  } catch {
    // Somebody else's notice on our channel: there is nothing to read in it.
    return undefined
  }
}
