/** The authentication that the settings choose. Secrets are named, never seen. */
import {
  type Auth,
  authorizationCode,
  basic,
  bearer,
  clientCredentials,
  header,
  hmacSignature,
  jwt,
  mutualTls,
  noAuth,
  type PublicSettings,
  passwordGrant,
  query,
  type SignedPart,
} from '@sluice/connector-sdk'
import { answerOf, placeOf, requestOf, secretTexts } from './token-settings.ts'

export function auth(settings: PublicSettings): Auth {
  if (settings['presentsCertificate'] !== true) return chosen(settings)
  return mutualTls({
    certificate: 'certificate',
    key: 'certificateKey',
    passphrase: 'certificatePassphrase',
    authority: 'certificateAuthority',
    auth: chosen(settings),
  })
}

function chosen(settings: PublicSettings): Auth {
  const { authentication, tokenName } = settings
  switch (authentication) {
    case 'basic':
      return basic('username', 'password')
    case 'bearer':
      return bearer('token')
    case 'header':
      return header(String(tokenName).toLowerCase(), 'token')
    case 'query':
      return query(String(tokenName), 'token')
    case 'hmac':
      return signature(settings)
    case 'jwt':
      return signedToken(settings)
    case 'client-credentials':
      return clientCredentials({ ...clientOf(settings), ...bodyOf(settings), clientSecret: 'clientSecret' })
    case 'password-grant':
      return passwordGrant({
        ...clientOf(settings),
        ...bodyOf(settings),
        ...secretOf(settings),
        username: 'username',
        password: 'password',
      })
    case 'authorization-code':
      return authorizationCode({
        ...clientOf(settings),
        ...secretOf(settings),
        authorizationUrl: String(settings['authorizationUrl']),
      })
    default:
      return noAuth
  }
}

const signedParts: Readonly<Record<string, readonly SignedPart[]>> = {
  body: ['body'],
  'timestamp.body': ['timestamp', { text: '.' }, 'body'],
  'method-path-body': ['method', { text: '\n' }, 'path', { text: '?' }, 'query', { text: '\n' }, 'body'],
}

function signature(settings: PublicSettings): Auth {
  const { signatureAlgorithm, signatureEncoding, signaturePrefix, signedContent } = settings
  const content = String(signedContent ?? 'body')
  return hmacSignature({
    secret: 'signingKey',
    algorithm:
      signatureAlgorithm === 'sha1' || signatureAlgorithm === 'sha512' ? signatureAlgorithm : 'sha256',
    parts: signedParts[content] ?? ['body'],
    encoding: signatureEncoding === 'base64' ? 'base64' : 'hex',
    header: headerOf(settings['signatureHeader'], 'x-signature'),
    ...(signaturePrefix === undefined ? {} : { prefix: String(signaturePrefix) }),
    ...(content === 'timestamp.body'
      ? {
          timestamp: {
            header: headerOf(settings['timestampHeader'], 'x-timestamp'),
            format: 'seconds',
          } as const,
        }
      : {}),
  })
}

function headerOf(setting: unknown, otherwise: string): string {
  return setting === undefined ? otherwise : String(setting).toLowerCase()
}

function signedToken(settings: PublicSettings): Auth {
  const { jwtAlgorithm, jwtAudience, jwtClaims, jwtIssuer, jwtKeyId, jwtLifetimeSeconds, jwtSubject } =
    settings
  return jwt({
    algorithm: jwtAlgorithm === 'RS256' || jwtAlgorithm === 'ES256' ? jwtAlgorithm : 'HS256',
    key: 'signingKey',
    ...given('keyId', jwtKeyId),
    ...given('issuer', jwtIssuer),
    ...given('subject', jwtSubject),
    ...given('audience', jwtAudience),
    lifetimeSeconds: Number(jwtLifetimeSeconds ?? 300),
    claims: textsOf(jwtClaims),
    place: placeOf(settings),
  })
}

function clientOf(settings: PublicSettings) {
  const { clientAuthentication, oauthParameters, scopes, tokenUrl } = settings
  return {
    tokenUrl: String(tokenUrl),
    clientId: 'clientId',
    clientAuthentication: clientAuthentication === 'body' ? ('body' as const) : ('basic' as const),
    ...(scopes === undefined ? {} : { scopes: String(scopes).split(/\s+/) }),
    parameters: textsOf(oauthParameters),
    tokenRequest: requestOf(settings),
    tokenAnswer: answerOf(settings),
    place: placeOf(settings),
  }
}

/** Public clients have none. */
function secretOf({ clientAuthentication }: PublicSettings): { readonly clientSecret?: string } {
  return clientAuthentication === 'none' ? {} : { clientSecret: 'clientSecret' }
}

function bodyOf(settings: PublicSettings) {
  const tokenBody = secretTexts(settings, settings['tokenBody'])
  return tokenBody === undefined ? {} : { tokenBody }
}

function given<Name extends string>(name: Name, value: unknown): { readonly [Key in Name]?: string } {
  return value === undefined ? {} : ({ [name]: String(value) } as { readonly [Key in Name]: string })
}

function textsOf(values: unknown): Readonly<Record<string, string>> {
  if (typeof values !== 'object' || values === null) return {}
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)]))
}
