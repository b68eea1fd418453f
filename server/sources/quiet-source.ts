/** Remembers that a source was looked at and has not changed since: then looking again finds nothing new. */
import { SourceError } from '@sluice/connector-sdk'
import type { SourceChangeToken } from './connect.ts'
import type { LiveSource } from './live-source.ts'

interface Deps {
  readonly changeToken: SourceChangeToken
  readonly now: () => number
}

/** What it needs to know of a live source. */
interface QuietSourceOf extends Pick<LiveSource, 'connection'> {
  readonly source: Pick<LiveSource['source'], 'settleMs'>
}

export interface QuietSource {
  /** Whether a look is worth its while. */
  mayHaveNews(): Promise<boolean>
  /** A look has been taken: a failed one does not count. */
  looked(): void
}

/** For one long poll: the next one looks in any case, since rows may also come due by the clock. */
export function createQuietSource(
  { changeToken, now }: Deps,
  { source: { settleMs }, connection }: QuietSourceOf,
): QuietSource {
  let token: string | null = null
  /** When the first look since the last change was over. */
  let seenAt: number | null = null
  let askedAt = 0
  let lookedAt = 0
  return {
    async mayHaveNews() {
      askedAt = now()
      const current = await tokenOf(changeToken, connection)
      if (current === null || current !== token) {
        token = current
        seenAt = null
      }
      if (seenAt === null) return true
      // A row, or an id that the look has noted at its very end, becomes old enough without another change.
      return settleMs > 0 && lookedAt < seenAt + settleMs
    },
    looked() {
      // What was written after the question may have been missed.
      lookedAt = askedAt
      seenAt ??= now()
    },
  }
}

async function tokenOf(
  changeToken: SourceChangeToken,
  connection: LiveSource['connection'],
): Promise<string | null> {
  try {
    return await changeToken(connection)
  } catch (error) {
    // The look itself fails in the same way, and says so.
    if (error instanceof SourceError) return null
    throw error
  }
}
