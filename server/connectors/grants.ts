/** What users have allowed at vendors: access and refresh tokens, encrypted, renewed by one process at a time. */
import { z } from 'zod'
import type { PrismaClient } from '../../prisma/generated/client/client.ts'
import type { Grants } from '../transport/authorize.ts'
import { isFresh, type TokenResult } from '../transport/token.ts'
import type { TokenAnswer } from '../transport/token-endpoint.ts'
import type { WorkspaceKey } from '../workspaces/keys.ts'
import type { WorkspaceKeys } from '../workspaces/workspace-keys.ts'

interface Deps {
  readonly db: PrismaClient
  readonly workspaceKeys: WorkspaceKeys
  readonly now: () => number
}

const grantSchema = z.object({
  accessToken: z.string(),
  expiresAt: z.number().nullable(),
  lifetimeMs: z.number(),
  refreshToken: z.string().nullable(),
  /** Where its tokens may go. */
  audience: z.string(),
})
type Grant = z.output<typeof grantSchema>
type Tokens = Extract<TokenAnswer, { readonly kind: 'tokens' }>

/** Longer than a token endpoint may take: the row is held while it is asked. */
const transactionMs = 30_000

/**
 * A refresh token may work once: whoever renews holds the row meanwhile, so that the others wait, and then find the
 * new token. What a renewal brings is written only over the grant that it was made from.
 */
export function createGrants({ db, now, workspaceKeys }: Deps): Grants {
  /** What vendors gave and the database did not take: the refresh token before it may be worth nothing. */
  const unwritten = new Map<string, { readonly version: number; readonly sealed: Uint8Array<ArrayBuffer> }>()

  return {
    async token({ audience, owner }, refused, refresh) {
      if (owner === null || owner === undefined) return missing
      const { connectorId, workspaceId } = owner
      const key = await workspaceKeys.of(workspaceId)
      const result = await db.$transaction(
        async (tx): Promise<TokenResult> => {
          const [row] = await tx.$queryRaw<{ sealed: Uint8Array; version: number }[]>`
            SELECT sealed, version FROM connector_grant
            WHERE connector_id = ${connectorId}::uuid AND workspace_id = ${workspaceId}::uuid
            FOR UPDATE`
          if (row === undefined) return missing
          let { version } = row
          const write = async (sealed: Uint8Array<ArrayBuffer>) => {
            await tx.connectorGrant.updateMany({
              where: { connectorId, workspaceId, version },
              data: { sealed, version: { increment: 1 } },
            })
            version += 1
          }
          const kept = unwritten.get(connectorId)
          const leftOver = kept?.version === version ? kept.sealed : null
          if (leftOver !== null) await write(leftOver)
          const grant = openGrant(key, leftOver ?? row.sealed)
          if (grant.audience !== audience) return missing
          if (grant.accessToken !== refused && isFresh(tokenOf(grant), now(), grant.lifetimeMs)) {
            return { kind: 'token', token: tokenOf(grant) }
          }
          if (grant.refreshToken === null) return expired
          const answer = await refresh(grant.refreshToken)
          if (answer.kind === 'refused') return answer.isGrant ? expired : refusedClient
          if (answer.kind !== 'tokens') return answer
          const refreshToken = answer.refreshToken ?? grant.refreshToken
          const sealed = sealGrant(key, { ...answer, refreshToken }, audience, now())
          unwritten.set(connectorId, { version: row.version, sealed })
          await write(sealed)
          return { kind: 'token', token: answer.access }
        },
        { maxWait: transactionMs, timeout: transactionMs },
      )
      unwritten.delete(connectorId)
      return result
    },
  }
}

const missing: TokenResult = { kind: 'not-allowed', code: 'authorization_missing' }
const expired: TokenResult = { kind: 'not-allowed', code: 'authorization_expired' }
const refusedClient: TokenResult = { kind: 'not-allowed', code: 'token_refused' }

export function sealGrant(
  key: WorkspaceKey,
  { access, refreshToken }: Tokens,
  audience: string,
  now: number,
): Uint8Array<ArrayBuffer> {
  const { expiresAt, value: accessToken } = access
  const lifetimeMs = expiresAt === null ? 0 : expiresAt - now
  const grant: Grant = { accessToken, expiresAt, lifetimeMs, refreshToken, audience }
  return key.seal('grant', JSON.stringify(grant))
}

function openGrant(key: WorkspaceKey, sealed: Uint8Array): Grant {
  return grantSchema.parse(JSON.parse(key.open('grant', sealed)))
}

function tokenOf({ accessToken, expiresAt }: Grant) {
  return { value: accessToken, expiresAt }
}
