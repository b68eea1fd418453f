/** Tokens of a process: one a credential, made once for all who ask meanwhile, and replaced before it expires. */
import { createHash } from 'node:crypto'
import { isFresh, type Token, type TokenResult } from './token.ts'

interface Entry {
  readonly token: Token
  readonly lifetimeMs: number
  readonly madeAt: number
  /** Whether it replaced a token that the vendor had refused. */
  readonly isReplacement: boolean
}

export interface TokenCache {
  /**
   * The token of a credential. One that is `refused` is replaced, unless it is a replacement itself, made a moment ago:
   * then null, and the vendor's token endpoint has its peace.
   */
  get(
    credential: unknown,
    refused: string | null,
    make: () => Promise<TokenResult>,
  ): Promise<TokenResult | null>
}

const mostTokens = 1_000
const replacedAtMostEveryMs = 10_000

export function createTokenCache({ now }: { readonly now: () => number }): TokenCache {
  const entries = new Map<string, Entry>()
  const underWay = new Map<string, Promise<TokenResult>>()

  async function replace(name: string, isReplacement: boolean, make: () => Promise<TokenResult>) {
    entries.delete(name)
    const result = await make()
    if (result.kind !== 'token') return result
    const madeAt = now()
    const { token } = result
    const lifetimeMs = token.expiresAt === null ? 0 : token.expiresAt - madeAt
    const oldest = entries.keys().next()
    if (entries.size >= mostTokens && !oldest.done) entries.delete(oldest.value)
    entries.set(name, { token, lifetimeMs, madeAt, isReplacement })
    return result
  }

  return {
    async get(credential, refused, make) {
      const name = createHash('sha256').update(JSON.stringify(credential)).digest('base64')
      const shared = underWay.get(name)
      if (shared !== undefined) return shared
      const entry = entries.get(name)
      const isRefused = entry !== undefined && entry.token.value === refused
      if (entry !== undefined && !isRefused && isFresh(entry.token, now(), entry.lifetimeMs)) {
        return { kind: 'token', token: entry.token }
      }
      const isRecent = entry !== undefined && now() - entry.madeAt < replacedAtMostEveryMs
      if (isRefused && isRecent && entry.isReplacement) return null
      const making = replace(name, isRefused, make).finally(() => underWay.delete(name))
      underWay.set(name, making)
      return making
    },
  }
}
