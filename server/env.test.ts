// The environment: what is taken, what is refused, and that .env.example names all of it.
import { readFileSync } from 'node:fs'
import { delimiter, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { childEnvironment, EnvError, readEnv, variableNames } from './env.ts'

function problemsOf(source: Record<string, string>) {
  try {
    readEnv(source)
  } catch (error) {
    if (error instanceof EnvError) return error
    throw error
  }
  throw new Error('The environment was taken.')
}

describe('an empty environment', () => {
  test('gives the documented defaults', () => {
    expect(readEnv({ XDG_CACHE_HOME: '/cache' })).toEqual({
      temporalNamespace: 'sluice',
      dataDir: '.sluice',
      allowPrivateHosts: [],
      demoRecords: 20_000,
      host: '127.0.0.1',
      trustedProxies: [],
      onlyPersistedOperations: false,
      logLevel: 'info',
      cacheDir: '/cache/sluice',
    })
  })

  test('is also one whose variables are empty', () => {
    const empty = Object.fromEntries(variableNames.map((name) => [name, ' ']))
    expect(readEnv({ ...empty, XDG_CACHE_HOME: '/cache' })).toEqual(readEnv({ XDG_CACHE_HOME: '/cache' }))
  })
})

test('every variable is taken in its own form', () => {
  const key = Buffer.alloc(32, 7)
  const env = readEnv({
    DATABASE_URL: 'postgres://sluice:pw@db.example:5432/sluice?sslmode=require',
    TEMPORAL_ADDRESS: 'temporal.example:7233',
    TEMPORAL_NAMESPACE: 'team.one',
    SLUICE_DATA_DIR: '/data',
    SLUICE_SECRET_KEY: key.toString('base64'),
    SLUICE_SOURCE_DIRS: `/a${delimiter}b`,
    SLUICE_ALLOW_PRIVATE_HOSTS: '127.0.0.1:8080, 10.0.0.0/8,localhost,[::1]:80,fd00::/8',
    SLUICE_DEMO_RECORDS: '100',
    SLUICE_CACHE_DIR: '/cache',
    PORT: '4000',
    HOST: '0.0.0.0',
    SLUICE_URL: 'https://Sluice.example/',
    SLUICE_OIDC_ISSUER: 'https://id.example/realms/one',
    SLUICE_OIDC_CLIENT_ID: 'sluice',
    SLUICE_OIDC_CLIENT_SECRET: 'a secret',
    SLUICE_TRUSTED_PROXIES: '10.0.0.5, 10.1.0.0/16,::1',
    SLUICE_PERSISTED_OPERATIONS: 'operations.json',
    SLUICE_ONLY_PERSISTED_OPERATIONS: 'true',
    LOG_LEVEL: 'debug',
  })
  expect(env).toEqual({
    databaseUrl: 'postgres://sluice:pw@db.example:5432/sluice?sslmode=require',
    temporalAddress: 'temporal.example:7233',
    temporalNamespace: 'team.one',
    dataDir: '/data',
    secretKey: key,
    sourceDirs: ['/a', resolve('b')],
    allowPrivateHosts: ['127.0.0.1:8080', '10.0.0.0/8', 'localhost', '[::1]:80', 'fd00::/8'],
    demoRecords: 100,
    cacheDir: '/cache',
    port: 4000,
    host: '0.0.0.0',
    url: 'https://sluice.example',
    oidc: { issuer: 'https://id.example/realms/one', clientId: 'sluice', clientSecret: 'a secret' },
    trustedProxies: ['10.0.0.5', '10.1.0.0/16', '::1'],
    persistedOperations: resolve('operations.json'),
    onlyPersistedOperations: true,
    logLevel: 'debug',
  })
})

test.each([
  ['hex', Buffer.alloc(32, 255).toString('hex')],
  ['base64', Buffer.alloc(32, 255).toString('base64')],
  ['base64 without padding', Buffer.alloc(32, 255).toString('base64').replace('=', '')],
  ['base64url', Buffer.alloc(32, 255).toString('base64url')],
])('a secret key may be written in %s', (_form, text) => {
  expect(readEnv({ SLUICE_SECRET_KEY: text }).secretKey).toEqual(Buffer.alloc(32, 255))
})

const wrong = {
  DATABASE_URL: 'mysql://user:hunter2@host/db',
  TEMPORAL_ADDRESS: 'http://hunter2:7233',
  TEMPORAL_NAMESPACE: 'hunter2 hunter2',
  SLUICE_DATA_DIR: 'hunter2\0',
  SLUICE_SECRET_KEY: 'hunter2',
  SLUICE_ALLOW_PRIVATE_HOSTS: '10.0.0.0/8,10.0.0.0/hunter2',
  SLUICE_DEMO_RECORDS: '1e3hunter2',
  SLUICE_CACHE_DIR: 'hunter2\0',
  PORT: '65536hunter2',
  HOST: 'hunter2!',
  SLUICE_URL: 'http://hunter2.example',
  SLUICE_OIDC_ISSUER: 'https://user:hunter2@id.example',
  SLUICE_TRUSTED_PROXIES: '10.0.0.1,hunter2',
  SLUICE_PERSISTED_OPERATIONS: 'hunter2\0',
  SLUICE_ONLY_PERSISTED_OPERATIONS: 'hunter2',
  LOG_LEVEL: 'hunter2',
}

test('every wrong variable is named at once, with what to do', () => {
  const error = problemsOf({ ...wrong, SLUICE_DATADIR: 'hunter2' })
  expect(error.code).toBe('bad_environment')
  expect(error.problems.map(({ name }) => name).sort()).toEqual(
    [...Object.keys(wrong), 'SLUICE_DATADIR'].sort(),
  )
  for (const { name, wrong: what, remedy } of error.problems) {
    expect(error.message).toContain(`${name} ${what}. ${remedy}`)
  }
})

test('no value is repeated, for it may be a secret', () => {
  const error = problemsOf({ ...wrong, SLUICE_DATADIR: 'hunter2' })
  expect(JSON.stringify([error.message, error.problems])).not.toContain('hunter2')
})

test.each([
  ['DATABASE_URL', 'postgresql://host'],
  ['DATABASE_URL', 'localhost:5432/db'],
  ['TEMPORAL_ADDRESS', 'localhost'],
  ['TEMPORAL_ADDRESS', 'localhost:0'],
  ['TEMPORAL_ADDRESS', 'localhost:70000'],
  ['SLUICE_SECRET_KEY', Buffer.alloc(31).toString('base64')],
  ['SLUICE_SECRET_KEY', Buffer.alloc(33).toString('hex')],
  ['SLUICE_ALLOW_PRIVATE_HOSTS', 'http://localhost'],
  ['SLUICE_ALLOW_PRIVATE_HOSTS', '10.0.0.0/33'],
  ['SLUICE_ALLOW_PRIVATE_HOSTS', '10.0.0.0.0'],
  ['SLUICE_DEMO_RECORDS', '99'],
  ['SLUICE_DEMO_RECORDS', '10000001'],
  ['SLUICE_DEMO_RECORDS', '1000.5'],
  ['SLUICE_DEMO_RECORDS', '-1000'],
  ['PORT', '0'],
  ['PORT', '65536'],
  ['SLUICE_URL', 'https://sluice.example/path'],
  ['SLUICE_URL', 'http://10.0.0.5:4000'],
  ['SLUICE_OIDC_ISSUER', 'id.example'],
  ['SLUICE_TRUSTED_PROXIES', '10.0.0.0/40'],
  ['LOG_LEVEL', 'INFO'],
])('%s=%s is refused', (name, value) => {
  expect(problemsOf({ [name]: value }).problems).toMatchObject([{ name }])
})

test('what makes sense only together is asked for together', () => {
  const { problems } = problemsOf({
    SLUICE_OIDC_CLIENT_ID: 'sluice',
    SLUICE_ONLY_PERSISTED_OPERATIONS: 'true',
  })
  expect(problems.map(({ name }) => name)).toEqual([
    'SLUICE_OIDC_ISSUER',
    'SLUICE_OIDC_CLIENT_SECRET',
    'SLUICE_PERSISTED_OPERATIONS',
  ])
})

test('a mistyped name of ours is refused, names of others are none of our business', () => {
  expect(problemsOf({ SLUICE_SECRETKEY: 'x' }).problems).toMatchObject([{ name: 'SLUICE_SECRETKEY' }])
  expect(() => readEnv({ SLUICEGATE: 'x', PORTS: 'x' })).not.toThrow()
})

test('a child process inherits the environment with changes', () => {
  expect(childEnvironment({ A: '1', B: undefined }, { B: '2', C: '3' })).toEqual({
    A: '1',
    B: undefined,
    C: '3',
  })
})

test('.env.example names every variable, each with a comment before it, and no other', () => {
  const lines = readFileSync(new URL('../.env.example', import.meta.url), 'utf8').split('\n')
  const named = lines.flatMap((line, index) => {
    const name = /^(\w+)=/.exec(line)?.[1]
    if (name === undefined) return []
    expect(lines[index - 1], name).toMatch(/^# \S/)
    return [name]
  })
  expect(named.sort()).toEqual([...variableNames].sort())
})
