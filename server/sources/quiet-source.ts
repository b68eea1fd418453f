/** Remembers that a source was looked at and has not changed since: then looking again finds nothing new. */
import { SourceError } from '@sluice/connector-sdk'
import type { SourceDocument } from '../../engine/documents.ts'
import type { SourceChangeToken } from './connect.ts'

interface Deps {
  readonly changeToken: SourceChangeToken
  readonly now: () => number
}

export interface QuietSource {
  /** Whether a look is worth its while. */
  mayHaveNews(): Promise<boolean>
  /** A look has been taken: a failed one does not count. */
  looked(): void
}

/** For one long poll: the next one looks in any case, since rows may also come due by the clock. */
export function createQuietSource({ changeToken, now }: Deps, source: SourceDocument): QuietSource {
  const { settleMs } = source
  let token: string | null = null
  /** When the first look since the last change was over. */
  let seenAt: number | null = null
  let askedAt = 0
  let lookedAt = 0
  return {
    async mayHaveNews() {
      askedAt = now()
      const current = await tokenOf(changeToken, source)
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

async function tokenOf(changeToken: SourceChangeToken, source: SourceDocument): Promise<string | null> {
  try {
    return await changeToken(source)
  } catch (error) {
    // The look itself fails in the same way, and says so.
    if (error instanceof SourceError) return null
    throw error
  }
}
