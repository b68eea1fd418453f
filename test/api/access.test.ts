/** Who is let in over HTTP: by a token, or by GraphiQL's cookie on loopback, and nobody else. */
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ensureOwnerToken } from '../../server/access/service.ts'
import { createToken } from '../../server/access/token.ts'
import { createTestApp, type TestApp, testPort } from '../harness/app.ts'

let app: TestApp
beforeAll(async () => {
  app = await createTestApp()
})
afterAll(() => app.close())

const endpoint = `http://localhost:${testPort}/graphql`
const own = `http://localhost:${testPort}`

function post(headers: Record<string, string>, body = '{"query":"{ __typename }"}') {
  const host = { host: `localhost:${testPort}`, 'content-type': 'application/json' }
  return app.fetch(new Request(endpoint, { method: 'POST', headers: { ...host, ...headers }, body }))
}

function openGraphiql(headers: Record<string, string> = {}) {
  const page = { host: `localhost:${testPort}`, accept: 'text/html,application/xhtml+xml' }
  return app.fetch(new Request(endpoint, { headers: { ...page, ...headers } }))
}

async function signIn(): Promise<string> {
  const [cookie = ''] = ((await openGraphiql()).headers.get('set-cookie') ?? '').split(';')
  return cookie
}

async function refusalOf(response: Response) {
  const body = (await response.json()) as {
    readonly errors: readonly [{ readonly message: string; readonly extensions: { readonly code: string } }]
  }
  return { status: response.status, code: body.errors[0].extensions.code, message: body.errors[0].message }
}

describe('a token', () => {
  it('is asked for, in words that say where it is', async () => {
    const response = await post({})
    expect(response.headers.get('www-authenticate')).toContain('Bearer')
    const refusal = await refusalOf(response)
    expect(refusal).toMatchObject({ status: 401, code: 'unauthenticated' })
    expect(refusal.message).toContain('Authorization: Bearer')
    expect(refusal.message).toContain('data folder')
  })

  it.each([
    ['another one', () => `Bearer ${createToken()}`],
    ['no token at all', () => 'Bearer letmein'],
    ['another scheme', () => `Basic ${app.token}`],
    ['a longer one', () => `Bearer ${app.token}x`],
    ['an empty one', () => 'Bearer'],
  ])('is refused when it is %s', async (_what, authorization) => {
    const response = await post({ authorization: authorization() })
    expect(await refusalOf(response)).toMatchObject({ status: 401, code: 'unauthenticated' })
  })

  it('lets in, from whatever host and page it comes', async () => {
    const response = await post({
      authorization: `bearer ${app.token}`,
      host: 'sluice.example',
      origin: 'https://elsewhere.example',
    })
    expect(response.status).toBe(200)
    expect(await response.json()).toEqual({ data: { __typename: 'Query' } })
  })

  it('is kept as its hash only', async () => {
    const rows = await app.db.$queryRaw<readonly object[]>`SELECT * FROM api_token`
    expect(rows.length).toBeGreaterThan(0)
    const bytes = JSON.stringify(rows, (_name, value) =>
      value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : value,
    )
    expect(bytes).not.toContain(app.token)
    expect(bytes).not.toContain(app.token.slice('sluice_'.length))
  })

  it('stands in no log line', () => {
    expect(app.log.join('')).not.toContain(app.token)
  })
})

describe("the owner's token file", () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sluice-token-'))
  })
  afterAll(() => rm(folder, { recursive: true }))

  it('is written for its owner only, and kept at the next start', async () => {
    const made = await ensureOwnerToken({ db: app.db, dataFolder: folder })
    expect((await stat(made.path)).mode & 0o777).toBe(0o600)
    expect((await readFile(made.path, 'utf8')).trim()).toBe(made.token)
    expect(await ensureOwnerToken({ db: app.db, dataFolder: folder })).toEqual({ ...made, origin: 'kept' })
  })

  it('is closed again when its mode was lost', async () => {
    const { path, token } = await ensureOwnerToken({ db: app.db, dataFolder: folder })
    await rm(path)
    await writeFile(path, token, { mode: 0o644 })
    await ensureOwnerToken({ db: app.db, dataFolder: folder })
    expect((await stat(path)).mode & 0o777).toBe(0o600)
  })

  it('is made anew when it was lost or spoilt, while the former token goes on working', async () => {
    const former = await ensureOwnerToken({ db: app.db, dataFolder: folder })
    await writeFile(former.path, 'spoilt')
    const next = await ensureOwnerToken({ db: app.db, dataFolder: folder })
    expect(next.origin).toBe('lost')
    expect(next.token).not.toBe(former.token)
    for (const token of [former.token, next.token]) {
      expect((await post({ authorization: `Bearer ${token}` })).status).toBe(200)
    }
  })
})

describe('GraphiQL on loopback', () => {
  it('is served from this machine with all it needs, and signs the browser in', async () => {
    const response = await openGraphiql()
    expect(response.status).toBe(200)
    const cookie = response.headers.get('set-cookie') ?? ''
    expect(cookie).toContain('HttpOnly')
    expect(cookie).toContain('SameSite=Strict')
    const page = await response.text()
    expect(page).not.toMatch(/<(script|link)[^>]+(src|href)=["']?https?:/)
    expect(page).not.toContain(app.token)
  })

  it('works with the cookie from its own page', async () => {
    const response = await post({ cookie: await signIn(), origin: own })
    expect(response.status).toBe(200)
  })

  it.each([
    'evil.example',
    `evil.example:${testPort}`,
    'localhost',
    'localhost:1',
    `127.0.0.1.nip.io:${testPort}`,
  ])('is not served to the host name %s', async (host) => {
    const response = await openGraphiql({ host })
    expect(response.headers.get('set-cookie')).toBeNull()
    expect(await refusalOf(response)).toMatchObject({ status: 403, code: 'foreign_host' })
  })

  it.each(['127.0.0.1', '[::1]', 'LOCALHOST'])('is served under the name %s', async (name) => {
    expect((await openGraphiql({ host: `${name}:${testPort}` })).status).toBe(200)
  })

  it('does not take its cookie from a page that rebinds its name to this machine', async () => {
    const host = `evil.example:${testPort}`
    const response = await post({ cookie: await signIn(), host, origin: `http://${host}` })
    expect(await refusalOf(response)).toMatchObject({ status: 403, code: 'foreign_host' })
  })

  it.each([
    ['of another site', { origin: 'https://evil.example' }],
    ['of another port of this machine', { origin: 'http://localhost:3000' }],
    ['that hides its origin', { origin: 'null' }],
    ['that names none', {}],
    ['that names none but says it is the same site', { 'sec-fetch-site': 'same-site' }],
  ])('does not take its cookie from a page %s', async (_what, headers: Record<string, string>) => {
    const response = await post({ cookie: await signIn(), ...headers })
    expect(await refusalOf(response)).toMatchObject({ status: 403, code: 'foreign_origin' })
  })

  it('does not take a cookie of another process', async () => {
    const cookie = (await signIn()).replace(/=.*/, '=c3Vycm91bmRlZA')
    const response = await post({ cookie, origin: own })
    expect(await refusalOf(response)).toMatchObject({ status: 401, code: 'unauthenticated' })
  })

  it('gives a wrong token no help from a right cookie', async () => {
    const response = await post({ cookie: await signIn(), origin: own, authorization: 'Bearer wrong' })
    expect(response.status).toBe(401)
  })
})

describe('while the database is away', () => {
  it('nobody is let in, and nobody is told that the token is wrong', async () => {
    await app.db.$executeRaw`ALTER TABLE api_token RENAME TO api_token_away`
    const response = await post({ authorization: `Bearer ${app.token}` })
    await app.db.$executeRaw`ALTER TABLE api_token_away RENAME TO api_token`
    const refusal = await refusalOf(response)
    expect(refusal).toMatchObject({ status: 503, code: 'unavailable' })
    expect(refusal.message).not.toMatch(/prisma|relation|api_token/i)
  })
})

describe('the form of a request', () => {
  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/graphql',
  ])('is not %s, which any page may send without asking', async (type) => {
    const response = await post({ authorization: `Bearer ${app.token}`, 'content-type': type })
    expect(await refusalOf(response)).toMatchObject({ status: 415, code: 'not_json' })
  })

  it('cannot change anything by GET', async () => {
    const url = `${endpoint}?query=${encodeURIComponent('mutation { __typename }')}`
    const response = await app.fetch(
      new Request(url, { headers: { authorization: `Bearer ${app.token}`, accept: 'application/json' } }),
    )
    expect(response.status).toBe(405)
  })
})
