/** The settings about authentication: which kind, and what each kind needs. Secrets stay empty where they are not needed. */
import { type FieldMeta, secret, z } from '@sluice/connector-sdk'
import { checkTokenHeaders } from './check-token-headers.ts'

export const kinds = [
  'none',
  'basic',
  'bearer',
  'header',
  'query',
  'hmac',
  'jwt',
  'client-credentials',
  'password-grant',
  'authorization-code',
] as const

const group = {
  key: 'Key or token',
  basic: 'User and password',
  signature: 'Signature',
  jwt: 'JSON Web Token',
  oauth: 'OAuth 2',
  token: 'Access token',
  tls: 'Client certificate',
} as const

/** What makes a field secret is said again, since an optional one is a field of its own. */
function optionalSecret(meta: Omit<FieldMeta, 'secret'>) {
  return secret(meta)
    .optional()
    .meta({ ...meta, secret: true })
}

function optionalText(meta: FieldMeta) {
  return z
    .string()
    .trim()
    .min(1)
    .max(2048)
    .optional()
    .meta({ ...meta })
}

function optionalUrl(meta: FieldMeta) {
  return z
    .url({ protocol: /^https?$/, error: 'Give a URL, such as https://login.example.com/oauth/token' })
    .optional()
    .meta({ ...meta })
}

type Texts = Readonly<Record<string, string>>

function texts(meta: FieldMeta, check: (payload: z.core.ParsePayload<Texts>) => void = () => {}) {
  return z
    .record(z.string().min(1), z.string())
    .check(check)
    .optional()
    .meta({ ...meta })
}

const naming = 'Settings may stand in the values: {{clientId}}, {{clientSecret}}, {{username}}, {{password}}.'

const answerField = (title: string, otherwise: string, example: string) =>
  optionalText({
    title: `${title} in the answer`,
    description: `Of the token URL: names with dots between, from the outermost. Default: ${otherwise}.`,
    group: group.oauth,
    examples: [otherwise, example],
  })

export const authenticationFields = {
  authentication: z
    .enum(kinds)
    .default('none')
    .meta({
      title: 'Authentication',
      description:
        'How requests prove themselves: not at all, by user and password (basic), by a token in the Authorization header (bearer), in another header or in a URL parameter (query), by an HMAC signature, by a JSON Web Token that is signed here, or by OAuth 2 for the account itself (client-credentials, or with a user and a password: password-grant) or for a user who allows it (authorization-code).',
      examples: [...kinds],
    }),
  token: optionalSecret({
    title: 'Key or token',
    description: 'What is sent with bearer, header and query.',
    group: group.key,
  }),
  tokenName: optionalText({
    title: 'Name of header or parameter',
    description:
      'Of the header, or of the URL parameter, that carries the key, or the token where it goes to one. Tokens go to the header Authorization if it is empty.',
    group: group.key,
    examples: ['x-api-key'],
  }),
  username: optionalText({
    title: 'User',
    description: 'For basic and password-grant.',
    group: group.basic,
    examples: ['sluice'],
  }),
  password: optionalSecret({
    title: 'Password',
    description: 'For basic and password-grant.',
    group: group.basic,
  }),
  signingKey: optionalSecret({
    title: 'Signing key',
    description: 'For hmac and jwt: a text, or for RS256 and ES256 a private key (PEM).',
    group: group.signature,
  }),
  signatureAlgorithm: z
    .enum(['sha1', 'sha256', 'sha512'])
    .default('sha256')
    .meta({
      title: 'Hash',
      description: 'The hash function of the HMAC.',
      group: group.signature,
      examples: ['sha256', 'sha1', 'sha512'],
    }),
  signedContent: z
    .enum(['body', 'timestamp.body', 'method-path-body'])
    .default('body')
    .meta({
      title: 'What is signed',
      description:
        'The body, the time and the body with a full stop between, or method, path with its parameters, and body, each on a line of its own.',
      group: group.signature,
      examples: ['body', 'timestamp.body', 'method-path-body'],
    }),
  signatureEncoding: z
    .enum(['hex', 'base64'])
    .default('hex')
    .meta({
      title: 'Encoding',
      description: 'How the signature is written.',
      group: group.signature,
      examples: ['hex', 'base64'],
    }),
  signatureHeader: optionalText({
    title: 'Signature header',
    description: 'The header that gets the signature. Default: x-signature.',
    group: group.signature,
    examples: ['x-hub-signature-256'],
  }),
  signaturePrefix: optionalText({
    title: 'Signature prefix',
    description: 'A text before the signature.',
    group: group.signature,
    examples: ['sha256='],
  }),
  timestampHeader: optionalText({
    title: 'Timestamp header',
    description: 'The header that tells the time in seconds, where the time is signed. Default: x-timestamp.',
    group: group.signature,
    examples: ['x-timestamp'],
  }),
  jwtAlgorithm: z
    .enum(['HS256', 'RS256', 'ES256'])
    .default('HS256')
    .meta({
      title: 'Algorithm',
      description: 'How the token is signed: with a text (HS256), an RSA key or an elliptic one (P-256).',
      group: group.jwt,
      examples: ['HS256', 'RS256', 'ES256'],
    }),
  jwtIssuer: optionalText({
    title: 'Issuer',
    description: 'The claim iss.',
    group: group.jwt,
    examples: ['sluice'],
  }),
  jwtSubject: optionalText({
    title: 'Subject',
    description: 'The claim sub.',
    group: group.jwt,
    examples: ['account-7'],
  }),
  jwtAudience: optionalText({
    title: 'Audience',
    description: 'The claim aud.',
    group: group.jwt,
    examples: ['https://hooks.example.com'],
  }),
  jwtKeyId: optionalText({
    title: 'Key id',
    description: 'kid of the header.',
    group: group.jwt,
    examples: ['key-1'],
  }),
  jwtClaims: texts({
    title: 'Further claims',
    description: 'By their names.',
    group: group.jwt,
    examples: [{ scope: 'write' }],
  }),
  jwtLifetimeSeconds: z
    .int()
    .min(10)
    .max(86_400)
    .default(300)
    .meta({
      title: 'Lifetime in seconds',
      description: 'How long a token is valid; a new one is made shortly before it ends.',
      group: group.jwt,
      examples: [300],
    }),
  tokenUrl: optionalUrl({
    title: 'Token URL',
    description: 'Where tokens are fetched. The client secret goes there and nowhere else.',
    group: group.oauth,
    examples: ['https://login.example.com/oauth/token'],
  }),
  authorizationUrl: optionalUrl({
    title: 'Authorization URL',
    description: 'For authorization-code: the page on which a user allows the access.',
    group: group.oauth,
    examples: ['https://login.example.com/oauth/authorize'],
  }),
  clientId: optionalText({
    title: 'Client id',
    description: 'The id of the OAuth client.',
    group: group.oauth,
    examples: ['sluice'],
  }),
  clientSecret: optionalSecret({
    title: 'Client secret',
    description: 'The secret of the OAuth client; public clients have none.',
    group: group.oauth,
  }),
  clientAuthentication: z
    .enum(['basic', 'body', 'none'])
    .default('basic')
    .meta({
      title: 'Where the client secret goes',
      description:
        'In a header (basic) or in the body of the token request; none for public clients, which have no secret.',
      group: group.oauth,
      examples: ['basic', 'body', 'none'],
    }),
  scopes: optionalText({
    title: 'Scopes',
    description: 'Separated by spaces.',
    group: group.oauth,
    examples: ['contacts.write offline_access'],
  }),
  oauthParameters: texts({
    title: 'Further parameters',
    description:
      'Parameters that the vendor wants beside: of the page for authorization-code, else of the token request.',
    group: group.oauth,
    examples: [{ audience: 'https://hooks.example.com' }],
  }),
  tokenContentType: z
    .enum(['form', 'json'])
    .default('form')
    .meta({
      title: 'Content type of the token request',
      description: 'How its parameters are written: as a form, as OAuth 2 says, or as one JSON object.',
      group: group.oauth,
      examples: ['form', 'json'],
    }),
  tokenHeaders: texts(
    {
      title: 'Headers of the token request',
      description: `By their names, beside those that it has anyway. ${naming}`,
      group: group.oauth,
      examples: [{ 'x-client': '{{clientId}}' }],
    },
    checkTokenHeaders,
  ),
  tokenBody: texts({
    title: 'Body of the token request',
    description: `For client-credentials and password-grant: names and values that are sent instead of all parameters. ${naming}`,
    group: group.oauth,
    examples: [{ key: '{{clientId}}', secret: '{{clientSecret}}' }],
  }),
  accessTokenField: answerField('Place of the token', 'access_token', 'data.token'),
  expiresInField: answerField('Place of its life in seconds', 'expires_in', 'data.expires_in'),
  refreshTokenField: answerField('Place of the refresh token', 'refresh_token', 'data.refresh_token'),
  tokenPlace: z
    .enum(['header', 'query', 'templates'])
    .default('header')
    .meta({
      title: 'Where the token goes',
      description:
        'For jwt and OAuth 2: to a header, to a URL parameter, or only where templates write {{webhook_access_token}}, which they may do in any case.',
      group: group.token,
      examples: ['header', 'query', 'templates'],
    }),
  tokenPrefix: z
    .string()
    .trim()
    .max(200)
    .optional()
    .meta({
      title: 'Prefix of the token',
      description:
        'What stands before it in the header, with a blank between. Default: Bearer. Empty: nothing.',
      group: group.token,
      examples: ['Bearer', 'Token'],
    }),
  presentsCertificate: z
    .boolean()
    .default(false)
    .meta({
      title: 'Present a client certificate',
      description: 'Mutual TLS, beside the authentication above: to the API and to the token URL.',
      group: group.tls,
      examples: [false, true],
    }),
  certificate: optionalSecret({
    title: 'Certificate',
    description: 'In PEM, with its chain where the API wants it.',
    group: group.tls,
  }),
  certificateKey: optionalSecret({
    title: 'Private key',
    description: 'Of the certificate, in PEM.',
    group: group.tls,
  }),
  certificatePassphrase: optionalSecret({
    title: 'Passphrase',
    description: 'Of the private key, where it has one.',
    group: group.tls,
  }),
  certificateAuthority: z.string().min(1).max(65_536).optional().meta({
    title: 'Private authority',
    description:
      "Certificates (PEM) of the authority that the API's own certificate is from, where it is a private one.",
    group: group.tls,
  }),
}
