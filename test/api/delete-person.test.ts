/** Deleting people: by the owner of the installation, or by themselves; what stays is the name of who did what. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { Prisma } from '../../prisma/generated/client/client.ts'
import { decodeGlobalId } from '../../server/graphql/global-id.ts'
import type { Listening } from '../../server/http/listen.ts'
import { answerOf } from '../harness/answer-of.ts'
import { createTestApp, type TestApp } from '../harness/app.ts'
import { addMember, type Browser, goodPassword, invite, openBrowser } from '../harness/people.ts'
import { seed } from '../harness/seed.ts'

let app: TestApp
let server: Listening
let people = 0

beforeAll(async () => {
  app = await createTestApp()
  server = await app.listen()
})
afterAll(() => app.close())
beforeEach(() => app.db.rateLimit.deleteMany())

interface Somebody {
  readonly email: string
  readonly name: string
  readonly browser: Browser
  readonly workspace: { readonly id: string }
}

/** An ADMIN. */
async function somebody(): Promise<Somebody> {
  people += 1
  const { workspace } = await seed(app).workspace().create()
  const [email, name] = [`leaving${people}@example.com`, `Leaving Person ${people}`]
  const browser = openBrowser(server.url)
  const invitation = await invite(app, workspace, email, 'ADMIN')
  const answer = await browser.post('/auth/sign-up/email', {
    ...{ email, name, password: goodPassword, invitation },
  })
  expect(answer.status).toBe(200)
  return { email, name, browser, workspace }
}

/** Leaves all kinds of traces; the token that was made. */
async function act({ browser, email, workspace }: Somebody): Promise<string> {
  const elsewhere = await seed(app).workspace().create()
  await invite(app, elsewhere.workspace, email, 'VIEWER')
  await answerOf(app, 'issuePasswordReset', { email })
  const { data } = await browser.ask(
    `mutation ($token: CreateApiTokenInput!, $draft: SaveDraftInput!, $version: PublishVersionInput!) {
      createApiToken(input: $token) { ... on CreatedApiToken { token } }
      saveDraft(input: $draft) { __typename }
      publishVersion(input: $version) { __typename }
    }`,
    {
      token: { workspaceId: workspace.id, name: 'script', scopes: ['READ'] },
      draft: { workspaceId: workspace.id },
      version: { workspaceId: workspace.id, notes: 'mine' },
    },
  )
  expect(data).toMatchObject({
    saveDraft: { __typename: 'Draft' },
    publishVersion: { __typename: 'Version' },
  })
  return data.createApiToken.token
}

/** The tables with a row that has this text anywhere. */
async function tablesWith(text: string): Promise<readonly string[]> {
  const tables = await app.db.$queryRaw<readonly { readonly name: string }[]>`
    SELECT table_name AS name FROM information_schema.tables
    WHERE table_schema = current_schema() AND table_type = 'BASE TABLE' ORDER BY table_name`
  const found: string[] = []
  for (const { name } of tables) {
    const rows = await app.db.$queryRaw<readonly unknown[]>(
      Prisma.sql`SELECT 1 FROM ${Prisma.raw(`"${name}"`)} AS t WHERE strpos(lower(t::text), ${text.toLowerCase()}) > 0`,
    )
    if (rows.length > 0) found.push(name)
  }
  return found
}

const deletePerson = (email: string) =>
  answerOf(app, 'deletePerson', { email }, '... on DeletedPerson { workspaces { id } }')
const deleteOneself = ({ browser }: Somebody, password?: string) =>
  browser.post('/auth/delete-user', { ...(password !== undefined && { password }) })
const statusOf = async (token: string) =>
  (
    await fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: '{"query":"{ viewer { kind } }"}',
    })
  ).status

test.each([
  ['the owner of the installation', ({ email }: Somebody) => deletePerson(email)],
  [
    'the person',
    async (person: Somebody) => ({ status: (await deleteOneself(person, goodPassword)).status }),
  ],
])('%s deletes one: nothing is left of the person but the name in the record', async (who, remove) => {
  const person = await somebody()
  const { browser, email, name, workspace } = person
  await addMember(app, workspace, 'ADMIN')
  const token = await act(person)
  expect(await statusOf(token)).toBe(200)
  expect(await tablesWith(email)).toEqual(['invitation', 'person'])
  const { id } = await app.db.user.findUniqueOrThrow({ where: { email } })

  expect(await remove(person)).toMatchObject(
    who === 'the person' ? { status: 200 } : { workspaces: [{ id: workspace.id }] },
  )
  expect(await tablesWith(email)).toEqual([])
  expect(await tablesWith(name)).toEqual(['audit_entry', 'draft', 'version'])
  expect(await tablesWith(id)).toEqual(['audit_entry', 'draft', 'version'])
  expect(await statusOf(token)).toBe(401)
  expect((await browser.ask('{ viewer { name } }')).status).toBe(401)
  const signIn = await openBrowser(server.url).post('/auth/sign-in/email', { email, password: goodPassword })
  expect(signIn.status).toBe(401)
  const entry = await app.db.auditEntry.findFirstOrThrow({
    where: { verb: 'deletePerson', workspaceId: decodeGlobalId(workspace.id).id },
  })
  expect(entry.actorName).toBe(who === 'the person' ? name : 'owner')
  expect(await app.db.member.count({ where: { workspaceId: entry.workspaceId } })).toBe(1)
})

test('the last ADMIN of a workspace stays, and is told of which', async () => {
  const person = await somebody()
  const { workspace } = await app.db.member.findFirstOrThrow({
    where: { user: { email: person.email } },
    include: { workspace: true },
  })
  expect(await deletePerson(person.email)).toMatchObject({
    code: 'last_admin',
    message: expect.stringContaining(workspace.name),
  })
  const answer = await deleteOneself(person, goodPassword)
  expect([answer.status, await answer.json()]).toMatchObject([
    409,
    { code: 'last_admin', message: expect.stringContaining(workspace.name) },
  ])
  expect((await person.browser.ask('{ viewer { email } }')).data.viewer.email).toBe(person.email)
  await addMember(app, person.workspace, 'ADMIN')
  expect((await deleteOneself(person, goodPassword)).status).toBe(200)
})

test('who deletes himself gives the password, or has just signed in', async () => {
  const person = await somebody()
  await addMember(app, person.workspace, 'ADMIN')
  expect((await deleteOneself(person, 'a wrong password')).status).toBe(400)
  const createdAt = new Date(Date.now() - 25 * 3_600_000)
  await app.db.session.updateMany({ where: { user: { email: person.email } }, data: { createdAt } })
  const answer = await deleteOneself(person)
  expect([answer.status, await answer.json()]).toMatchObject([400, { code: 'SESSION_EXPIRED' }])
  expect(await app.db.user.count({ where: { email: person.email } })).toBe(1)
  await app.db.session.updateMany({
    where: { user: { email: person.email } },
    data: { createdAt: new Date() },
  })
  expect((await deleteOneself(person)).status).toBe(200)
  expect((await openBrowser(server.url).post('/auth/delete-user', {})).status).toBe(401)
})

test('an address that nobody has is told to the owner', async () => {
  expect(await deletePerson('nobody@example.com')).toMatchObject({
    issues: [{ path: ['email'], code: 'unknown_person' }],
  })
})
