/** Signing in by e-mail and password: who may sign up, what the cookie is good for, and how often one may guess. */
import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createApp } from '../../server/app.ts'
import type { Listening } from '../../server/http/listen.ts'
import { publicAddress } from '../../server/sign-in/public-address.ts'
import { createSignIn } from '../../server/sign-in/sign-in.ts'
import { createTestApp, type TestApp } from '../harness/app.ts'
import { type Browser, goodPassword, invite, openBrowser } from '../harness/people.ts'
import { seed } from '../harness/seed.ts'

let app: TestApp
let server: Listening
let workspace: { readonly id: string }
let people = 0

beforeAll(async () => {
  app = await createTestApp()
  server = await app.listen()
  workspace = (await seed(app).workspace().create()).workspace
})
afterAll(() => app.close())
beforeEach(() => app.db.rateLimit.deleteMany())

function somebody(): string {
  people += 1
  return `person${people}@example.com`
}

async function signUp(email: string, browser = openBrowser(server.url)): Promise<Browser> {
  const invitation = await invite(app, workspace, email, 'EDITOR')
  const answer = await browser.post('/auth/sign-up/email', {
    ...{ email, name: 'Ann', password: goodPassword, invitation },
  })
  expect(answer.status).toBe(200)
  return browser
}

const viewer = '{ viewer { kind name email } workspaces { id viewerRole viewerRights } }'

describe('sign-up', () => {
  it('takes an invitation, and makes a member of its role', async () => {
    const email = somebody()
    const browser = await signUp(email)
    expect((await browser.ask(viewer)).data).toEqual({
      viewer: { kind: 'USER', name: 'Ann', email },
      workspaces: [
        { id: workspace.id, viewerRole: 'EDITOR', viewerRights: ['READ', 'PREVIEW', 'EDIT', 'OPERATE'] },
      ],
    })
  })

  it.each([
    ['without an invitation', async () => ({ email: somebody() })],
    [
      'with one that was made up',
      async () => ({ email: somebody(), invitation: `invitation_${'x'.repeat(43)}` }),
    ],
    [
      'with one for somebody else',
      async () => ({ email: somebody(), invitation: await invite(app, workspace, somebody(), 'ADMIN') }),
    ],
    [
      'with one that was replaced',
      async () => {
        const email = somebody()
        const invitation = await invite(app, workspace, email, 'ADMIN')
        await invite(app, workspace, email, 'VIEWER')
        return { email, invitation }
      },
    ],
    [
      'with one that has expired',
      async () => {
        const email = somebody()
        const invitation = await invite(app, workspace, email, 'ADMIN')
        await app.db.invitation.updateMany({ where: { email }, data: { expiresAt: new Date() } })
        return { email, invitation }
      },
    ],
  ])('is refused %s', async (_what, given) => {
    const input = await given()
    const answer = await openBrowser(server.url).post('/auth/sign-up/email', {
      ...{ name: 'Eve', password: goodPassword },
      ...input,
    })
    expect(answer.status).toBe(403)
    expect(await answer.json()).toMatchObject({ code: 'not_invited' })
    expect(await app.db.user.count({ where: { email: input.email } })).toBe(0)
  })

  it('takes an invitation once', async () => {
    const email = somebody()
    const invitation = await invite(app, workspace, email, 'EDITOR')
    const body = { email, name: 'Ann', password: goodPassword, invitation }
    expect((await openBrowser(server.url).post('/auth/sign-up/email', body)).status).toBe(200)
    expect((await openBrowser(server.url).post('/auth/sign-up/email', body)).ok).toBe(false)
    expect(await app.db.invitation.count({ where: { email } })).toBe(0)
  })

  it.each([
    ['a short password', { password: 'tooshort' }],
    ['a name of several lines', { name: 'Ann\nAdmin' }],
  ])('is refused with %s', async (_what, wrong) => {
    const email = somebody()
    const invitation = await invite(app, workspace, email, 'EDITOR')
    const body = { email, name: 'Ann', password: goodPassword, invitation, ...wrong }
    expect((await openBrowser(server.url).post('/auth/sign-up/email', body)).ok).toBe(false)
    expect(await app.db.user.count({ where: { email } })).toBe(0)
  })

  it('keeps the password as a slow hash only, and no network address', async () => {
    const email = somebody()
    await signUp(email)
    const [user] = await app.db.user.findMany({
      where: { email },
      include: { signInMethods: true, sessions: true },
    })
    expect(user?.signInMethods).toMatchObject([{ providerId: 'credential', accessToken: null }])
    expect(user?.sessions).toMatchObject([{ ipAddress: null, userAgent: null }])
    expect(JSON.stringify(user)).not.toContain(goodPassword)
    expect(app.log.join('')).not.toContain(goodPassword)
    expect(app.log.join('')).not.toContain(email)
  })
})

describe('a session', () => {
  it('has a cookie that scripts and other sites do not get', async () => {
    const email = somebody()
    await signUp(email)
    const answer = await openBrowser(server.url).post('/auth/sign-in/email', {
      email,
      password: goodPassword,
    })
    expect(answer.status).toBe(200)
    const cookies = answer.headers.getSetCookie()
    expect(cookies).toHaveLength(1)
    expect(cookies[0]).toMatch(/^sluice_\d+\.session_token=.*; Path=\/; HttpOnly; SameSite=Lax$/)
    expect(answer.headers.get('cache-control')).toBe('no-store')
  })

  it('counts from pages of this server only', async () => {
    const browser = await signUp(somebody())
    const ask = (headers: Record<string, string>) =>
      fetch(`${server.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', cookie: browser.cookies(), ...headers },
        body: JSON.stringify({ query: viewer }),
      })
    expect((await ask({ origin: server.url })).status).toBe(200)
    for (const headers of [
      {},
      { origin: 'https://evil.example' },
      { origin: 'http://localhost:1' },
      { origin: 'null' },
    ]) {
      const answer = await ask(headers as Record<string, string>)
      expect([answer.status, await answer.json()]).toMatchObject([
        403,
        { errors: [{ extensions: { code: 'foreign_origin' } }] },
      ])
    }
  })

  it('ends when the person signs out, or the session is deleted', async () => {
    const browser = await signUp(somebody())
    const cookie = browser.cookies()
    expect((await browser.post('/auth/sign-out', {})).status).toBe(200)
    const answer = await fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: server.url, cookie },
      body: JSON.stringify({ query: viewer }),
    })
    expect(answer.status).toBe(401)
  })

  it('whose cookie was changed is none', async () => {
    const browser = await signUp(somebody())
    const answer = await fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        origin: server.url,
        cookie: browser.cookies().replace(/=./, '=x'),
      },
      body: JSON.stringify({ query: viewer }),
    })
    expect(answer.status).toBe(401)
  })

  it('cannot be used or begun by another site', async () => {
    const browser = await signUp(somebody())
    const foreign = await fetch(`${server.url}/auth/sign-out`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        origin: 'https://evil.example',
        cookie: browser.cookies(),
      },
      body: '{}',
    })
    expect(foreign.status).toBe(403)
    const evil = openBrowser(server.url, 'https://evil.example')
    const body = { email: somebody(), password: goodPassword }
    expect((await evil.post('/auth/sign-in/email', body)).status).toBe(403)
    expect((await browser.ask(viewer)).data.viewer).toMatchObject({ kind: 'USER' })
  })
})

describe('beyond this machine', () => {
  const url = 'https://sluice.example'

  it('cookies go over TLS only, and count from pages of the address that was given', async () => {
    const email = somebody()
    await signUp(email)
    const secret = randomBytes(32).toString('base64')
    const address = () => publicAddress(url, 4000)
    const signIn = createSignIn({ db: app.db, secret, address, oidc: undefined, log: app.deps.log })
    const answer = await signIn.answer(
      new Request(`${url}/auth/sign-in/email`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', origin: url },
        body: JSON.stringify({ email, password: goodPassword }),
      }),
      '192.0.2.1',
    )
    const [cookie = ''] = answer.headers.getSetCookie()
    expect(cookie).toMatch(/^__Secure-sluice\.session_token=.*; HttpOnly; Secure; SameSite=Lax$/)
    const [pair = ''] = cookie.split(';')
    const marks = { method: 'POST', host: 'sluice.example', secFetchSite: null, authorization: null }
    expect(signIn.isClaimed({ ...marks, cookie: pair, origin: url })).toBe(true)
    expect(signIn.isFromOwnPage({ ...marks, cookie: pair, origin: url })).toBe(true)
    expect(signIn.isFromOwnPage({ ...marks, cookie: pair, origin: 'http://sluice.example' })).toBe(false)
    expect(await signIn.findUser(pair)).toMatchObject({ name: 'Ann' })
  })

  it('nobody signs in where no address was given', async () => {
    const { db, deps } = app
    const answer = await createApp({ db, deps }).signIn(new Request(`${url}/auth/get-session`), '192.0.2.1')
    expect([answer.status, await answer.json()]).toMatchObject([503, { code: 'sign_in_unavailable' }])
  })
})

describe('guessing', () => {
  const guess = (email: string, password = 'a wrong password') =>
    openBrowser(server.url).post('/auth/sign-in/email', { email, password })

  it('is answered alike for people who exist and who do not', async () => {
    const email = somebody()
    await signUp(email)
    const answers = await Promise.all([guess(email), guess(somebody())])
    const told = await Promise.all(answers.map(async (answer) => [answer.status, await answer.json()]))
    expect(told[0]).toEqual(told[1])
    expect(told[0]?.[0]).toBe(401)
  })

  it('from one address ends after ten times a minute, whoever is guessed at, and is told how long', async () => {
    const answers: Response[] = []
    for (let time = 0; time < 11; time += 1) answers.push(await guess(somebody()))
    expect(answers.map(({ status }) => status)).toEqual([...Array(10).fill(401), 429])
    expect(Number(answers[10]?.headers.get('retry-after'))).toBeGreaterThan(0)
  })

  it('cannot be hidden by a header that names another address', async () => {
    const statuses: number[] = []
    for (let time = 0; time < 11; time += 1) {
      const answer = await fetch(`${server.url}/auth/sign-in/email`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'x-forwarded-for': `10.0.0.${time}`,
          'x-sluice-client-address': `10.0.0.${time}`,
        },
        body: JSON.stringify({ email: somebody(), password: 'a wrong password' }),
      })
      statuses.push(answer.status)
    }
    expect(statuses[10]).toBe(429)
  })

  it('at one person ends after ten times, from however many addresses, and even the right password waits', async () => {
    const email = somebody()
    await signUp(email)
    const from = (address: string, password: string) =>
      app.signIn(
        new Request(`${server.url}/auth/sign-in/email`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ email, password }),
        }),
        address,
      )
    for (let time = 0; time < 10; time += 1) {
      expect((await from(`10.0.0.${time}`, 'a wrong password')).status).toBe(401)
    }
    expect((await from('10.0.1.1', goodPassword)).status).toBe(429)
    // It is over when its time is: not when the server is started anew.
    await app.db.rateLimit.updateMany({ data: { expiresAt: new Date(Date.now() - 1) } })
    expect((await from('10.0.1.1', goodPassword)).status).toBe(200)
  })

  it('leaves neither an address nor a person in the table', async () => {
    const email = somebody()
    await guess(email)
    const kept = JSON.stringify(await app.db.rateLimit.findMany())
    expect(kept).not.toContain(email)
    expect(kept).not.toContain('127.0.0.1')
  })

  it('is counted right when many guess at once', async () => {
    const email = somebody()
    const answers = await Promise.all(Array.from({ length: 20 }, () => guess(email)))
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(10)
  })
})

describe('the door', () => {
  it.each([
    '/auth/update-user',
    '/auth/delete-user/callback',
    '/auth/request-password-reset',
    '/auth/reset-password/a-token',
    '/auth/callback/google',
    '/auth/',
  ])('does not open %s', async (path) => {
    const answer = await openBrowser(server.url).post(path, {})
    expect(answer.status).toBe(404)
    expect(await answer.json()).toMatchObject({ code: 'no_such_path' })
  })

  it('takes no large bodies', async () => {
    const answer = await openBrowser(server.url).post('/auth/sign-in/email', { email: 'x'.repeat(20_000) })
    expect(answer.status).toBe(413)
  })
})
