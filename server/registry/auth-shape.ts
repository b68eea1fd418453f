/** What an authentication must consist of, and which settings it names. */
import type { Auth, Connector, OAuth2Client, PublicSettings, SecretText } from '@sluice/connector-sdk'
import { referredSecret, secretNames } from '@sluice/connector-sdk'
import { z } from 'zod'
import { exampleVariants } from './example-settings.ts'
import { problemsOf } from './problems-of.ts'

const text = z.string().trim().min(1, 'must be a text')
const fromSettings = z.union(
  [text, z.custom((value) => typeof value === 'function')],
  'must be a text or a function',
)
const headerName = z.string().regex(/^[\w!#$%&'*+.^`|~-]+$/, 'must be the name of a header')
const parameters = z.record(text, fromSettings).optional()

const secretText = z.custom(isSecretText, 'must be a text, a secret reference or a list of them')
const secretTexts = z.record(text, secretText)

const place = z
  .discriminatedUnion('in', [
    z.object({ in: z.literal('header'), name: headerName, prefix: z.string().optional() }),
    z.object({ in: z.literal('query'), name: text }),
    z.object({ in: z.literal('templates') }),
  ])
  .optional()

const client = {
  tokenUrl: fromSettings,
  clientId: text,
  clientAuthentication: z.enum(['basic', 'body']).optional(),
  scopes: z.array(text).optional(),
  parameters,
  tokenRequest: z
    .object({
      headers: z.record(headerName, secretText).optional(),
      contentType: z.enum(['form', 'json']).optional(),
    })
    .optional(),
  tokenAnswer: z
    .object({ accessToken: text.optional(), expiresIn: text.optional(), refreshToken: text.optional() })
    .optional(),
  place,
}

const plain = [
  z.object({ kind: z.literal('none') }),
  z.object({ kind: z.literal('bearer'), secret: text }),
  z.object({ kind: z.literal('basic'), username: text, password: text }),
  z.object({ kind: z.literal('header'), name: text, secret: text }),
  z.object({ kind: z.literal('query'), name: text, secret: text }),
  z.object({
    kind: z.literal('hmac'),
    secret: text,
    secretEncoding: z.enum(['text', 'hex', 'base64']).optional(),
    algorithm: z.enum(['sha1', 'sha256', 'sha512']),
    parts: z
      .array(
        z.union([
          z.enum(['method', 'host', 'path', 'query', 'body', 'bodyHash', 'timestamp']),
          z.object({ text: z.string() }),
        ]),
      )
      .min(1, 'must name what is signed'),
    encoding: z.enum(['hex', 'base64']),
    header: headerName,
    prefix: z.string().optional(),
    timestamp: z
      .object({ header: headerName, format: z.enum(['seconds', 'milliseconds', 'iso']) })
      .optional(),
  }),
  z.object({
    kind: z.literal('jwt'),
    algorithm: z.enum(['HS256', 'RS256', 'ES256']),
    key: text,
    keyId: fromSettings.optional(),
    issuer: fromSettings.optional(),
    subject: fromSettings.optional(),
    audience: fromSettings.optional(),
    lifetimeSeconds: z.int('must be a whole number').positive('must be at least 1'),
    claims: parameters,
    place,
  }),
  z.object({
    kind: z.literal('client-credentials'),
    ...client,
    clientSecret: text,
    tokenBody: secretTexts.optional(),
  }),
  z.object({
    kind: z.literal('password-grant'),
    ...client,
    clientSecret: text.optional(),
    username: text,
    password: text,
    tokenBody: secretTexts.optional(),
  }),
  z.object({
    kind: z.literal('authorization-code'),
    ...client,
    clientSecret: text.optional(),
    authorizationUrl: fromSettings,
  }),
] as const

export const authShape = z.discriminatedUnion('kind', [
  ...plain,
  z.object({
    kind: z.literal('mutual-tls'),
    certificate: text,
    key: text,
    passphrase: text.optional(),
    authority: text.optional(),
    auth: z.discriminatedUnion('kind', plain).optional(),
  }),
])

/**
 * Every name stands for a setting that there is, and what must be secret is. A function is asked with the settings'
 * own examples: the first of each, then with one setting at a time as each other example has it.
 */
export function checkAuth({ auth, settings }: Connector): readonly string[] {
  if (typeof auth !== 'function') return unknownNames(auth, settings)
  const problems = exampleVariants(settings).flatMap((example) => {
    const made = madeOf(auth, example)
    if (made === null) return ['"auth" fails for the examples of the settings.']
    const shape = problemsOf(authShape, made).map((problem) => `"auth" for an example: ${problem}`)
    return shape.length > 0 ? shape : unknownNames(made, settings)
  })
  return [...new Set(problems)]
}

function madeOf(auth: (settings: PublicSettings) => Auth, settings: PublicSettings): Auth | null {
  try {
    return auth(settings)
  } catch {
    // That it throws is the finding.
    return null
  }
}

function unknownNames(auth: Auth, settings: Connector['settings']): readonly string[] {
  const secrets = new Set(secretNames(settings))
  const unknown = (name: string) =>
    Object.hasOwn(settings.shape, name) ? [] : [`"auth" names the setting "${name}", which does not exist.`]
  const open = (name: string) =>
    secrets.has(name) ? [] : [`"auth" names the secret "${name}", which is no secret setting.`]
  const { plainly, secretly } = namesIn(auth)
  return [...plainly.flatMap(unknown), ...secretly.flatMap(open)]
}

interface Names {
  /** May be any setting. */
  readonly plainly: readonly string[]
  /** Must be secret settings. */
  readonly secretly: readonly string[]
}

function namesIn(auth: Auth): Names {
  switch (auth.kind) {
    case 'none':
      return { plainly: [], secretly: [] }
    case 'bearer':
    case 'header':
    case 'query':
    case 'hmac':
      return { plainly: [], secretly: [auth.secret] }
    case 'basic':
      return { plainly: [auth.username], secretly: [auth.password] }
    case 'jwt':
      return { plainly: [], secretly: [auth.key] }
    case 'client-credentials':
      return ofClient(auth, auth.tokenBody)
    case 'password-grant': {
      const { plainly, secretly } = ofClient(auth, auth.tokenBody)
      return { plainly: [...plainly, auth.username], secretly: [...secretly, auth.password] }
    }
    case 'authorization-code':
      return ofClient(auth)
    case 'mutual-tls': {
      const { plainly, secretly } = namesIn(auth.auth ?? { kind: 'none' })
      return {
        plainly: [...plainly, ...given(auth.authority)],
        secretly: [...secretly, auth.certificate, auth.key, ...given(auth.passphrase)],
      }
    }
  }
}

function ofClient(
  { clientId, clientSecret, tokenRequest }: OAuth2Client,
  tokenBody: Readonly<Record<string, SecretText>> = {},
): Names {
  const texts = [...Object.values(tokenRequest?.headers ?? {}), ...Object.values(tokenBody)]
  return { plainly: [clientId], secretly: [...given(clientSecret), ...texts.flatMap(referredIn)] }
}

function referredIn(text: SecretText): readonly string[] {
  if (typeof text === 'string') return []
  return Array.isArray(text) ? text.flatMap(referredIn) : given(referredSecret(text))
}

function isSecretText(value: unknown): boolean {
  const isPiece = (each: unknown) => typeof each === 'string' || referredSecret(each) !== undefined
  return Array.isArray(value) ? value.every(isPiece) : isPiece(value)
}

function given(name: string | undefined): readonly string[] {
  return name === undefined ? [] : [name]
}
