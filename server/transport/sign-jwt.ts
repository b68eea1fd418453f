/** JSON Web Tokens signed with a secret setting. */
import { createPrivateKey, createSecretKey, type KeyObject } from 'node:crypto'
import { SignJWT } from 'jose'
import type { Credential } from '../../engine/sending/credential.ts'
import type { TokenResult } from './token.ts'

type Jwt = Extract<Credential, { readonly kind: 'jwt' }>

/** Not allowed where the key is none, or one of another kind. */
export async function signJwt(jwt: Jwt, now: number): Promise<TokenResult> {
  const { algorithm: alg, claims, keyId, lifetimeSeconds } = jwt
  const issuedAt = Math.floor(now / 1000)
  try {
    const value = await new SignJWT({ ...claims })
      .setProtectedHeader({ alg, typ: 'JWT', ...(keyId === null ? {} : { kid: keyId }) })
      .setIssuedAt(issuedAt)
      .setExpirationTime(issuedAt + lifetimeSeconds)
      .sign(keyOf(jwt))
    return { kind: 'token', token: { value, expiresAt: (issuedAt + lifetimeSeconds) * 1000 } }
  } catch {
    // What OpenSSL and jose say may quote the key.
    return { kind: 'not-allowed', code: 'key_unusable' }
  }
}

/** A key that went through a form of one line has its line breaks written out. */
function keyOf({ algorithm, key }: Jwt): KeyObject {
  if (algorithm === 'HS256') return createSecretKey(key, 'utf8')
  return createPrivateKey(key.replaceAll('\\n', '\n'))
}
