/** What a person fills in to connect a PostgreSQL database. */
import { type FieldMeta, type PublicSettings, SourceError, secret, z } from '@sluice/connector-sdk'

export const defaultPort = 5432
export const defaultStatementTimeoutSeconds = 600

export const tlsModes = ['disable', 'require', 'verify-full'] as const
export type TlsMode = (typeof tlsModes)[number]

export const settings = z.object({
  host: z
    .string()
    .max(253)
    // No path: a host that begins with a slash would be a socket in the file system of the machine that asks.
    .regex(/^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9.])?$|^[0-9A-Fa-f:.]+$/, 'A name or an IP address.')
    .meta({
      title: 'Host',
      description: 'The name or IP address of the server. A replica does as well as the primary.',
      examples: ['warehouse.example.com', '10.0.0.12'],
    } satisfies FieldMeta),
  port: z
    .int()
    .min(1)
    .max(65_535)
    .optional()
    .meta({
      title: 'Port',
      description: `The port of the server. Default ${defaultPort}.`,
      examples: [defaultPort],
    } satisfies FieldMeta),
  database: z
    .string()
    .min(1)
    .max(63)
    .meta({
      title: 'Database',
      description: 'The name of the database.',
      examples: ['analytics'],
    } satisfies FieldMeta),
  user: z
    .string()
    .min(1)
    .max(63)
    .meta({
      title: 'User',
      description: 'A role that may only read: it needs CONNECT, USAGE on schemas and SELECT on tables.',
      examples: ['sluice_reader'],
    } satisfies FieldMeta),
  password: secret({
    title: 'Password',
    description: "The role's password.",
    examples: ['a long random text'],
  }),
  tls: z
    .enum(tlsModes)
    .optional()
    .meta({
      title: 'TLS',
      description:
        'verify-full (the default) encrypts and checks the certificate and the name of the server; require encrypts and checks nothing; disable sends all in clear: for a server on the same machine or network only.',
      examples: ['verify-full'],
    } satisfies FieldMeta),
  caCertificate: z
    .string()
    .max(262_144)
    .optional()
    .meta({
      title: 'CA certificate',
      description:
        'For verify-full: the certificates, in PEM, of the authority that signed that of the server. Without it, those that Node trusts.',
      examples: ['-----BEGIN CERTIFICATE-----\n…\n-----END CERTIFICATE-----'],
    } satisfies FieldMeta),
  schemas: z
    .array(z.string().min(1).max(63))
    .max(100)
    .optional()
    .meta({
      title: 'Schemas',
      description: 'The schemas whose tables are listed. Without any: all that the role may use.',
      examples: [['public', 'marts']],
    } satisfies FieldMeta),
  statementTimeoutSeconds: z
    .int()
    .min(1)
    .max(86_400)
    .optional()
    .meta({
      title: 'Statement time-out (s)',
      description: `How long the server may work on one query, or on one batch of a long one. Default ${defaultStatementTimeoutSeconds}.`,
      examples: [defaultStatementTimeoutSeconds],
    } satisfies FieldMeta),
})

/** Where and how to connect, with nothing left open. */
export interface ServerAddress {
  readonly host: string
  readonly port: number
  readonly database: string
  readonly user: string
  readonly password: string
  readonly tls: TlsMode
  readonly caCertificate: string | undefined
  readonly schemas: readonly string[]
  readonly statementTimeoutMs: number
}

export function parseSettings(
  given: Readonly<Record<string, unknown>>,
  secrets: Readonly<Record<string, string>>,
): ServerAddress {
  const parsed = settings.safeParse({ ...given, ...secrets })
  if (!parsed.success) {
    const names = parsed.error.issues.map((issue) => issue.path.join('.')).join(', ')
    throw new SourceError('bad_settings', `These settings are missing or out of range: ${names}.`)
  }
  const { port, tls, caCertificate, schemas, statementTimeoutSeconds, ...rest } = parsed.data
  return {
    ...rest,
    port: port ?? defaultPort,
    tls: tls ?? 'verify-full',
    caCertificate: caCertificate?.trim() ? caCertificate : undefined,
    schemas: schemas ?? [],
    statementTimeoutMs: (statementTimeoutSeconds ?? defaultStatementTimeoutSeconds) * 1000,
  }
}

/** A password is meant for one role of one server, as safely encrypted as it was. */
export function addressOf({ host, port, user, tls, caCertificate }: PublicSettings): string {
  return JSON.stringify([host, port ?? defaultPort, user, tls ?? 'verify-full', caCertificate ?? null])
}
