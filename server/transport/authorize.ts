/** Makes what a request needs when it is sent: signatures, and tokens that the vendor or we ourselves give out. */
import type { Authorize, Authorized } from '../../engine/sending/authorize.ts'
import type { ClientCertificate, Credential } from '../../engine/sending/credential.ts'
import { placeToken, type TokenCredential } from '../../engine/sending/place-token.ts'
import type { HttpRequest, Transport } from '../../engine/sending/transport.ts'
import { signHmac } from './sign-hmac.ts'
import { signJwt } from './sign-jwt.ts'
import type { TokenResult } from './token.ts'
import { createTokenCache } from './token-cache.ts'
import { requestToken, type TokenAnswer } from './token-endpoint.ts'

type Granted = Extract<Credential, { readonly kind: 'authorization-code' }>

/** Tokens that people have allowed: kept encrypted, shared by all processes. */
export interface Grants {
  /** `refresh` is asked by one process at a time. `refused` is a token that the vendor no longer takes. */
  token(
    credential: Granted,
    refused: string | null,
    refresh: (refreshToken: string) => Promise<TokenAnswer>,
  ): Promise<TokenResult>
}

interface Deps {
  readonly transport: Transport
  readonly grants: Grants
  readonly now: () => number
}

export function createAuthorize(deps: Deps): Authorize {
  const { grants, now } = deps
  const tokens = createTokenCache({ now })

  async function fetchToken(
    { body, client, parameters }: Extract<Credential, { readonly kind: 'client-credentials' }>,
    certificate: ClientCertificate | undefined,
  ): Promise<TokenResult> {
    const asked = body === undefined ? { parameters } : { body }
    const answer = await requestToken(deps, client, asked, certificate)
    if (answer.kind === 'tokens') return { kind: 'token', token: answer.access }
    return answer.kind === 'refused' ? { kind: 'not-allowed', code: 'token_refused' } : answer
  }

  function grantedToken(
    credential: Granted,
    refused: string | null,
    certificate: ClientCertificate | undefined,
  ): Promise<TokenResult> {
    return grants.token(credential, refused, (refreshToken) => {
      const parameters = { grant_type: 'refresh_token', refresh_token: refreshToken }
      return requestToken(deps, credential.client, { parameters }, certificate)
    })
  }

  function makeToken(
    credential: TokenCredential,
    refused: string | null,
    certificate: ClientCertificate | undefined,
  ): Promise<TokenResult> {
    switch (credential.kind) {
      case 'jwt':
        return signJwt(credential, now())
      case 'client-credentials':
        return fetchToken(credential, certificate)
      case 'authorization-code':
        return grantedToken(credential, refused, certificate)
    }
  }

  return async (request, credential, refused) => {
    if (credential.kind === 'hmac') {
      const { proof, request: signed } = signHmac(request, credential, now())
      return proof === refused ? { kind: 'nothing-new' } : { kind: 'ready', request: signed, proof }
    }
    const make = () => makeToken(credential, refused, request.certificate)
    return bearing(request, credential, await tokens.get(credential, refused, make), refused)
  }
}

function bearing(
  request: HttpRequest,
  credential: TokenCredential,
  result: TokenResult | null,
  refused: string | null,
): Authorized {
  if (result === null) return { kind: 'nothing-new' }
  if (result.kind !== 'token') return result
  const { value: proof } = result.token
  if (proof === refused) return { kind: 'nothing-new' }
  return { kind: 'ready', request: placeToken(request, credential, proof), proof }
}
