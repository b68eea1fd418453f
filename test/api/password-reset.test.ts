/** A forgotten password: the owner of the installation hands over a token, which sets a new one, once. And changing one's own. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Listening } from '../../server/http/listen.ts'
import { answerOf } from '../harness/answer-of.ts'
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

const newPassword = 'another good password'

async function somebody(): Promise<{ readonly email: string; readonly browser: Browser }> {
  people += 1
  const email = `forgetful${people}@example.com`
  const browser = openBrowser(server.url)
  const invitation = await invite(app, workspace, email, 'ADMIN')
  const answer = await browser.post('/auth/sign-up/email', {
    ...{ email, name: 'Ann', password: goodPassword, invitation },
  })
  expect(answer.status).toBe(200)
  return { email, browser }
}

const issue = (email: string) =>
  answerOf(app, 'issuePasswordReset', { email }, '... on IssuedPasswordReset { token expiresAt }')
const reset = (token: string, password = newPassword) =>
  openBrowser(server.url).post('/auth/reset-password', { token, newPassword: password })
const signIn = async (email: string, password: string) =>
  (await openBrowser(server.url).post('/auth/sign-in/email', { email, password })).status

test('the token sets a new password once, ends all sessions, and stands in the record without a value', async () => {
  const { email, browser } = await somebody()
  const { token, expiresAt } = await issue(email.toUpperCase())
  const left = new Date(expiresAt).getTime() - app.deps.clock().getTime()
  expect(left).toBeLessThanOrEqual(3_600_000)
  expect(await signIn(email, goodPassword)).toBe(200)
  expect((await browser.ask('{ viewer { name } }')).status).toBe(200)

  expect((await reset(token)).status).toBe(200)
  expect((await browser.ask('{ viewer { name } }')).status).toBe(401)
  expect(await signIn(email, goodPassword)).toBe(401)
  expect(await signIn(email, newPassword)).toBe(200)
  const again = await reset(token, 'a third good password')
  expect([again.status, await again.json()]).toMatchObject([400, { code: 'INVALID_TOKEN' }])

  const entries = await app.db.auditEntry.findMany({
    where: { verb: { in: ['issuePasswordReset', 'resetPassword'] } },
    orderBy: { id: 'asc' },
    select: { actorKind: true, actorName: true, verb: true, entity: true },
  })
  expect(entries).toEqual([
    { actorKind: 'INSTALLATION', actorName: 'owner', verb: 'issuePasswordReset', entity: 'Member' },
    { actorKind: 'USER', actorName: 'Ann', verb: 'resetPassword', entity: 'Member' },
  ])
  for (const secret of [token, newPassword, email]) expect(app.log.join('')).not.toContain(secret)
})

test('what is kept of the token is no token', async () => {
  const { email } = await somebody()
  const { token } = await issue(email)
  const kept = await app.db.signInState.findMany()
  expect(JSON.stringify(kept)).not.toContain(token)
  for (const { identifier } of kept) {
    for (const guess of [identifier, identifier.replace('sha256:', '')]) {
      expect((await reset(guess)).status).toBe(400)
    }
  }
  expect((await reset(token)).status).toBe(200)
})

test('it counts no more after an hour, or when another one was issued', async () => {
  const { email } = await somebody()
  const first = await issue(email)
  const second = await issue(email)
  expect((await reset(first.token)).status).toBe(400)
  await app.db.signInState.updateMany({ data: { expiresAt: new Date(Date.now() - 1) } })
  expect((await reset(second.token)).status).toBe(400)
  expect(await signIn(email, goodPassword)).toBe(200)
})

test('of several that are issued at once one counts', async () => {
  const { email } = await somebody()
  const issued = await Promise.all(Array.from({ length: 4 }, () => issue(email)))
  const statuses: number[] = []
  for (const { token } of issued) statuses.push((await reset(token)).status)
  expect(statuses.toSorted()).toEqual([200, 400, 400, 400])
})

test('a bad password is refused, and the token can still be used', async () => {
  const { email } = await somebody()
  const { token } = await issue(email)
  const answer = await reset(token, 'tooshort')
  expect([answer.status, await answer.json()]).toMatchObject([400, { code: 'PASSWORD_TOO_SHORT' }])
  expect((await reset(token)).status).toBe(200)
})

test('an unknown address is told to the owner; ADMINs can reset nobody', async () => {
  expect(await issue('nobody@example.com')).toMatchObject({
    issues: [{ path: ['email'], code: 'unknown_person' }],
  })
  const { email, browser } = await somebody()
  const { data } = await browser.ask(
    'mutation ($input: IssuePasswordResetInput!) { issuePasswordReset(input: $input) { __typename } }',
    { input: { email } },
  )
  expect(data.issuePasswordReset).toEqual({ __typename: 'NotPermitted' })
})

test('guessing tokens from one address ends after ten times a minute', async () => {
  const statuses: number[] = []
  for (let time = 0; time < 11; time += 1) statuses.push((await reset(`guess-${time}`)).status)
  expect(statuses).toEqual([...Array(10).fill(400), 429])
})

test('people change their own password, which ends their other sessions', async () => {
  const { email, browser } = await somebody()
  const elsewhere = openBrowser(server.url)
  await elsewhere.post('/auth/sign-in/email', { email, password: goodPassword })
  const change = (currentPassword: string) =>
    browser.post('/auth/change-password', { currentPassword, newPassword, revokeOtherSessions: false })
  expect((await change('a wrong password')).status).toBe(400)
  expect((await elsewhere.ask('{ viewer { name } }')).status).toBe(200)
  expect((await change(goodPassword)).status).toBe(200)
  expect((await elsewhere.ask('{ viewer { name } }')).status).toBe(401)
  expect((await browser.ask('{ viewer { name } }')).status).toBe(200)
  expect(await signIn(email, newPassword)).toBe(200)
})
