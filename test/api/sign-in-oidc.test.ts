/** Signing in at an identity provider: only who is invited and whose address it vouches for, and without its tokens. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Listening } from '../../server/http/listen.ts'
import { createTestApp, type TestApp } from '../harness/app.ts'
import { type IdentityProvider, startIdentityProvider } from '../harness/identity-provider.ts'
import { type Browser, goodPassword, invite, openBrowser } from '../harness/people.ts'
import { type Seeded, seed } from '../harness/seed.ts'

let provider: IdentityProvider
let app: TestApp
let server: Listening
let workspace: Seeded

beforeAll(async () => {
  provider = await startIdentityProvider()
  app = await createTestApp({ oidc: provider })
  server = await app.listen()
  workspace = (await seed(app).workspace().create()).workspace
})
afterAll(async () => {
  await app.close()
  await provider.close()
})
beforeEach(() => app.db.rateLimit.deleteMany())

/** The provider says who it is; the answer to the browser that comes back. */
async function comeBack(browser: Browser, claims: Record<string, unknown>): Promise<Response> {
  const begun = await browser.post('/auth/sign-in/social', { provider: 'oidc', callbackURL: '/' })
  const { url } = (await begun.json()) as { readonly url: string }
  expect(url).toMatch(new RegExp(`^${provider.issuer}/authorize\\?`))
  expect(new URL(url).searchParams.get('redirect_uri')).toBe(`${server.url}/auth/callback/oidc`)
  return browser.get(`/auth/callback/oidc?${provider.signIn(url, claims)}`)
}

const viewer = '{ viewer { kind name email } workspaces { viewerRole } }'
const ann = { sub: 'ann-1', name: 'Ann', email: 'ann@example.com', email_verified: true }

test('who was invited becomes a member, and signs in again as the same person', async () => {
  await invite(app, workspace, ann.email, 'PUBLISHER')
  const browser = openBrowser(server.url)
  const answer = await comeBack(browser, ann)
  expect([answer.status, answer.headers.get('location')]).toEqual([302, '/'])
  const known = {
    viewer: { kind: 'USER', name: 'Ann', email: ann.email },
    workspaces: [{ viewerRole: 'PUBLISHER' }],
  }
  expect((await browser.ask(viewer)).data).toEqual(known)

  const again = openBrowser(server.url)
  await comeBack(again, ann)
  expect((await again.ask(viewer)).data).toEqual(known)
  const [method, ...others] = await app.db.signInMethod.findMany({ where: { user: { email: ann.email } } })
  expect(others).toEqual([])
  expect(method).toMatchObject({ accountId: 'ann-1', accessToken: null, refreshToken: null, idToken: null })
})

test.each([
  ['who was not invited', { sub: 'x-1', name: 'X', email: 'x@example.com', email_verified: true }, false],
  ['whose address nobody vouches for', { sub: 'y-1', name: 'Y', email: 'y@example.com' }, true],
  [
    'whose address is said not to be proven',
    { sub: 'z-1', name: 'Z', email: 'z@example.com', email_verified: false },
    true,
  ],
])('%s is not let in', async (_what, claims, isInvited) => {
  if (isInvited) await invite(app, workspace, claims.email, 'VIEWER')
  const browser = openBrowser(server.url)
  const answer = await comeBack(browser, claims)
  expect(answer.headers.get('location')).toContain('error=')
  expect((await browser.ask(viewer)).status).toBe(401)
  expect(await app.db.user.count({ where: { email: claims.email } })).toBe(0)
})

test('an account with a password is not taken over by whoever has its address at the provider', async () => {
  const email = 'bob@example.com'
  const invitation = await invite(app, workspace, email, 'EDITOR')
  const owner = openBrowser(server.url)
  const body = { email, name: 'Bob', password: goodPassword, invitation }
  expect((await owner.post('/auth/sign-up/email', body)).status).toBe(200)

  const browser = openBrowser(server.url)
  const answer = await comeBack(browser, { sub: 'bob-1', name: 'Bob', email, email_verified: true })
  expect(answer.headers.get('location')).toContain('account_not_linked')
  expect((await browser.ask(viewer)).status).toBe(401)
})

test('a state that another browser began is not taken', async () => {
  const begun = await openBrowser(server.url).post('/auth/sign-in/social', {
    provider: 'oidc',
    callbackURL: '/',
  })
  const { url } = (await begun.json()) as { readonly url: string }
  const victim = openBrowser(server.url)
  const answer = await victim.get(`/auth/callback/oidc?${provider.signIn(url, ann)}`)
  expect(answer.headers.get('location')).toContain('error=')
  expect((await victim.ask(viewer)).status).toBe(401)
})

test('nobody is sent on to another site', async () => {
  const browser = openBrowser(server.url)
  const body = { provider: 'oidc', callbackURL: 'https://evil.example/' }
  expect((await browser.post('/auth/sign-in/social', body)).status).toBe(403)
})
