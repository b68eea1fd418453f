// The one reader of process.env: every variable with its check, its default and what to do when it is wrong.
import { homedir } from 'node:os'
import { delimiter, join, resolve } from 'node:path'
import process from 'node:process'
import { z } from 'zod'
import { secretVariablePrefix, tokenVariable } from './configuration/secret-variables.ts'
import {
  isAddressRange,
  isDatabaseUrl,
  isHostPort,
  isIssuer,
  isPrivateHostRule,
  isPublicUrl,
  parseSecretKey,
} from './env-values.ts'

export type LogLevel = 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent'

export interface Env {
  /** A PostgreSQL that is run elsewhere; without it one is started. */
  readonly databaseUrl?: string
  /** A Temporal server that is run elsewhere, host:port; without it one is started. */
  readonly temporalAddress?: string
  readonly temporalNamespace: string
  /** As it was given; `resolveDataFolder` makes a folder of it. */
  readonly dataDir: string
  /** 32 bytes. Without it a key file in the data folder is used. */
  readonly secretKey?: Buffer
  /** Absolute folders that file sources may read; absent when not given. */
  readonly sourceDirs?: readonly string[]
  /** Hosts, host:port pairs and CIDR ranges that may be reached although they are private. */
  readonly allowPrivateHosts: readonly string[]
  readonly demoRecords: number
  readonly port?: number
  readonly host: string
  /** How browsers reach the API: scheme, host and port. */
  readonly url?: string
  /** The identity provider that people may sign in at. */
  readonly oidc?: {
    readonly issuer: string
    readonly clientId: string
    readonly clientSecret: string
  }
  /** Addresses and ranges of proxies whose X-Forwarded-For is believed. */
  readonly trustedProxies: readonly string[]
  /** The path of a file of persisted operations. */
  readonly persistedOperations?: string
  /** Whether no other operation is answered. */
  readonly onlyPersistedOperations: boolean
  readonly logLevel: LogLevel
  /** Where programs that were fetched or built are kept. */
  readonly cacheDir: string
}

/** Something wrong with one variable. Never its value: it may be a secret. */
export interface EnvProblem {
  readonly name: string
  readonly wrong: string
  readonly remedy: string
}

export class EnvError extends Error {
  override readonly name = 'EnvError'
  readonly code = 'bad_environment'
  readonly problems: readonly EnvProblem[]
  constructor(problems: readonly EnvProblem[]) {
    const lines = problems.map(({ name, wrong, remedy }) => `  ${name} ${wrong}. ${remedy}`)
    super(`The environment has ${problems.length} wrong variable(s):\n${lines.join('\n')}`)
    this.problems = problems
  }
}

const logLevels: readonly LogLevel[] = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']
const defaultDemoRecords = 20_000

/** An unsigned whole number within bounds, written in digits only. */
function whole(min: number, max: number) {
  return z
    .string()
    .regex(/^\d{1,15}$/)
    .transform(Number)
    .refine((value) => value >= min && value <= max)
}

function list(separator: string) {
  return z.string().transform((text) =>
    text
      .split(separator)
      .map((entry) => entry.trim())
      .filter((entry) => entry !== ''),
  )
}

const variables = {
  DATABASE_URL: {
    schema: z.string().refine(isDatabaseUrl),
    wrong: 'is not the address of a PostgreSQL database',
    remedy: 'Write postgresql://user:password@host:5432/database, or leave it out to use an embedded one.',
  },
  TEMPORAL_ADDRESS: {
    schema: z.string().refine(isHostPort),
    wrong: 'is not a host with a port',
    remedy: 'Write host:7233 without a scheme, or leave it out to use an embedded server.',
  },
  TEMPORAL_NAMESPACE: {
    schema: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,254}$/),
    wrong: 'is not the name of a namespace',
    remedy: 'Use letters, digits, dots, dashes and underscores, or leave it out for sluice.',
  },
  SLUICE_DATA_DIR: {
    schema: z.string().refine((path) => !path.includes('\0')),
    wrong: 'is not the path of a folder',
    remedy: 'Write a path, or leave it out for .sluice in the working folder.',
  },
  SLUICE_SECRET_KEY: {
    schema: z.string().transform((text, context) => {
      const key = parseSecretKey(text)
      if (key === undefined) context.addIssue({ code: 'custom', message: 'not a key' })
      return key ?? z.NEVER
    }),
    wrong: 'is not a key of 32 bytes in base64 or hex',
    remedy: 'Make one with `openssl rand -base64 32`, or leave it out to use a generated key file.',
  },
  SLUICE_SOURCE_DIRS: {
    schema: list(delimiter).transform((paths) => paths.map((path) => resolve(path))),
    wrong: 'is not a list of folders',
    remedy: `Separate paths by '${delimiter}'.`,
  },
  SLUICE_ALLOW_PRIVATE_HOSTS: {
    schema: list(',').refine((rules) => rules.every(isPrivateHostRule)),
    wrong: 'has an entry that is neither a host, nor a host with a port, nor a CIDR range',
    remedy: 'Separate entries by commas, for example 127.0.0.1:8080,10.0.0.0/8,[::1]:8080.',
  },
  SLUICE_DEMO_RECORDS: {
    schema: whole(100, 10_000_000),
    wrong: 'is not a whole number from 100 to 10000000',
    remedy: `Write digits only, or leave it out for ${defaultDemoRecords}.`,
  },
  SLUICE_CACHE_DIR: {
    schema: z.string().refine((path) => !path.includes('\0')),
    wrong: 'is not the path of a folder',
    remedy: 'Write a path, or leave it out for the cache of your user.',
  },
  PORT: {
    schema: whole(1, 65_535),
    wrong: 'is not a port from 1 to 65535',
    remedy: 'Write a port, or leave it out for a free one.',
  },
  HOST: {
    schema: z.string().regex(/^[A-Za-z0-9:.%_-]+$/),
    wrong: 'is not a host name or address',
    remedy: 'Write the address to listen on, or leave it out for 127.0.0.1.',
  },
  SLUICE_URL: {
    schema: z
      .string()
      .refine(isPublicUrl)
      .transform((text) => new URL(text).origin),
    wrong: 'is not an address that browsers can use safely',
    remedy: 'Write https://host or https://host:port without a path; http only for localhost.',
  },
  SLUICE_OIDC_ISSUER: {
    schema: z.string().refine(isIssuer),
    wrong: 'is not the address of an identity provider',
    remedy: 'Write its issuer, for example https://id.example.com; http only for localhost.',
  },
  SLUICE_OIDC_CLIENT_ID: {
    schema: z.string().max(500),
    wrong: 'is too long',
    remedy: 'Write the client id that the identity provider gave.',
  },
  SLUICE_OIDC_CLIENT_SECRET: {
    schema: z.string().max(5_000),
    wrong: 'is too long',
    remedy: 'Write the client secret that the identity provider gave.',
  },
  SLUICE_TRUSTED_PROXIES: {
    schema: list(',').refine((ranges) => ranges.every(isAddressRange)),
    wrong: 'has an entry that is neither an address nor a CIDR range',
    remedy: 'Separate entries by commas, for example 10.0.0.5,10.1.0.0/16,::1.',
  },
  SLUICE_PERSISTED_OPERATIONS: {
    schema: z.string().refine((path) => !path.includes('\0')),
    wrong: 'is not the path of a file',
    remedy: 'Write a path, or leave it out where clients send their documents.',
  },
  SLUICE_ONLY_PERSISTED_OPERATIONS: {
    schema: z.enum(['true', 'false']),
    wrong: 'is neither true nor false',
    remedy: 'Write true to answer nothing but persisted operations.',
  },
  LOG_LEVEL: {
    schema: z.enum(logLevels),
    wrong: 'is not a level',
    remedy: `Use one of ${logLevels.join(', ')}.`,
  },
} as const

type Name = keyof typeof variables
type Values = { readonly [K in Name]?: z.output<(typeof variables)[K]['schema']> }

export const variableNames = Object.keys(variables) as readonly Name[]

/** Parses the environment, or throws one `EnvError` with all its problems. Empty means not set. */
export function readEnv(source: Readonly<NodeJS.ProcessEnv> = process.env): Env {
  const problems: EnvProblem[] = []
  const values: Record<string, unknown> = {}
  for (const name of variableNames) {
    const text = source[name]?.trim()
    if (text === undefined || text === '') continue
    const { schema, wrong, remedy } = variables[name]
    const parsed = schema.safeParse(text)
    if (parsed.success) values[name] = parsed.data
    else problems.push({ name, wrong, remedy })
  }
  problems.push(...unknownVariables(source), ...incomplete(values, problems))
  if (problems.length > 0) throw new EnvError(problems)
  return toEnv(values as Values, source['XDG_CACHE_HOME'])
}

/** What a child process inherits, with changes; `undefined` takes a variable away. */
export function childEnvironment(
  changes: Readonly<Record<string, string | undefined>>,
  source: Readonly<NodeJS.ProcessEnv> = process.env,
): NodeJS.ProcessEnv {
  return { ...source, ...changes }
}

function unknownVariables(source: Readonly<NodeJS.ProcessEnv>): EnvProblem[] {
  const known = variableNames.filter((name) => name.startsWith('SLUICE_'))
  return (
    Object.keys(source)
      .filter((name) => name.startsWith('SLUICE_') && !known.some((one) => one === name))
      // Those of the command `sluice`, which may be run in the same shell.
      .filter((name) => name !== tokenVariable && !name.startsWith(secretVariablePrefix))
      .map((name) => ({
        name,
        wrong: 'is not a variable of Sluice',
        remedy: `Correct or remove it; there are ${known.join(', ')}.`,
      }))
  )
}

/** What makes sense only together. */
function incomplete(values: Readonly<Record<string, unknown>>, found: readonly EnvProblem[]): EnvProblem[] {
  const oidc = ['SLUICE_OIDC_ISSUER', 'SLUICE_OIDC_CLIENT_ID', 'SLUICE_OIDC_CLIENT_SECRET']
  const missing = oidc.filter((name) => values[name] === undefined)
  const isWrong = (name: string) => found.some((problem) => problem.name === name)
  const partly = missing.length < oidc.length ? missing.filter((name) => !isWrong(name)) : []
  const isOnly = values['SLUICE_ONLY_PERSISTED_OPERATIONS'] === 'true'
  const operations = 'SLUICE_PERSISTED_OPERATIONS'
  return [
    ...partly.map((name) => ({
      name,
      wrong: 'is missing',
      remedy: `Set all of ${oidc.join(', ')}, or none.`,
    })),
    ...(isOnly && values[operations] === undefined
      ? [
          {
            name: operations,
            wrong: 'is missing',
            remedy: 'Name the file of the operations that are answered.',
          },
        ]
      : []),
  ]
}

function oidcOf(values: Values): Pick<Env, 'oidc'> {
  const { SLUICE_OIDC_ISSUER: issuer, SLUICE_OIDC_CLIENT_ID: clientId } = values
  const { SLUICE_OIDC_CLIENT_SECRET: clientSecret } = values
  if (issuer === undefined || clientId === undefined || clientSecret === undefined) return {}
  return { oidc: { issuer, clientId, clientSecret } }
}

function toEnv(values: Values, cacheHome: string | undefined): Env {
  return {
    ...(values.DATABASE_URL !== undefined && { databaseUrl: values.DATABASE_URL }),
    ...(values.TEMPORAL_ADDRESS !== undefined && { temporalAddress: values.TEMPORAL_ADDRESS }),
    temporalNamespace: values.TEMPORAL_NAMESPACE ?? 'sluice',
    dataDir: values.SLUICE_DATA_DIR ?? '.sluice',
    ...(values.SLUICE_SECRET_KEY !== undefined && { secretKey: values.SLUICE_SECRET_KEY }),
    ...(values.SLUICE_SOURCE_DIRS !== undefined && { sourceDirs: values.SLUICE_SOURCE_DIRS }),
    allowPrivateHosts: values.SLUICE_ALLOW_PRIVATE_HOSTS ?? [],
    demoRecords: values.SLUICE_DEMO_RECORDS ?? defaultDemoRecords,
    ...(values.PORT !== undefined && { port: values.PORT }),
    host: values.HOST ?? '127.0.0.1',
    ...(values.SLUICE_URL !== undefined && { url: values.SLUICE_URL }),
    ...oidcOf(values),
    trustedProxies: values.SLUICE_TRUSTED_PROXIES ?? [],
    ...(values.SLUICE_PERSISTED_OPERATIONS !== undefined && {
      persistedOperations: resolve(values.SLUICE_PERSISTED_OPERATIONS),
    }),
    onlyPersistedOperations: values.SLUICE_ONLY_PERSISTED_OPERATIONS === 'true',
    logLevel: values.LOG_LEVEL ?? 'info',
    cacheDir: resolve(values.SLUICE_CACHE_DIR ?? join(cacheHome || join(homedir(), '.cache'), 'sluice')),
  }
}
