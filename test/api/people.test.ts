/** Members and invitations: whom an ADMIN invites, what becomes of them, and that one ADMIN stays. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { encodeGlobalId } from '../../server/graphql/global-id.ts'
import type { Listening } from '../../server/http/listen.ts'
import { createTestApp, type TestApp } from '../harness/app.ts'
import { addMember, type Browser, goodPassword, invite, openBrowser } from '../harness/people.ts'
import { type Seeded, seed } from '../harness/seed.ts'

let app: TestApp
let server: Listening
let workspace: Seeded

beforeAll(async () => {
  app = await createTestApp()
  server = await app.listen()
})
afterAll(() => app.close())
beforeEach(async () => {
  await app.db.rateLimit.deleteMany()
  workspace = (await seed(app).workspace().create()).workspace
})

/** What is read of the results of some. */
const results: Readonly<Record<string, string>> = {
  inviteMember: '... on CreatedInvitation { token invitation { id email role invitedBy } }',
  changeMemberRole: '... on Member { role }',
}

async function mutate(verb: string, input: object, token?: string) {
  const type = `${verb.slice(0, 1).toUpperCase()}${verb.slice(1)}Input`
  const { data, errors } = await app.ask(
    `mutation ($input: ${type}!) { found: ${verb}(input: $input) {
      __typename ... on Problem { code } ... on InvalidInput { issues { path code } } ${results[verb] ?? ''}
    } }`,
    { input },
    token,
  )
  expect(errors).toBeUndefined()
  return data.found
}

const memberId = (member: { readonly memberId: string }) => encodeGlobalId('Member', member.memberId)

async function signUp(email: string, invitation: string): Promise<Browser> {
  const browser = openBrowser(server.url)
  const body = { email, name: 'Ann', password: goodPassword, invitation }
  expect((await browser.post('/auth/sign-up/email', body)).status).toBe(200)
  return browser
}

const accept = `mutation ($token: String!) { found: acceptInvitation(input: { token: $token }) {
  __typename ... on Workspace { id viewerRole } ... on InvalidInput { issues { path code } } } }`

test('an invitation is listed for ADMINs, without its token, and can be withdrawn', async () => {
  const admin = await addMember(app, workspace, 'ADMIN')
  const input = { workspaceId: workspace.id, email: ' Bob@Example.com ', role: 'EDITOR' }
  const { token, invitation } = await mutate('inviteMember', input, admin.token)
  expect(invitation).toMatchObject({ email: 'bob@example.com', role: 'EDITOR', invitedBy: 'ADMIN' })
  const list = `query ($id: ID!) { workspace(id: $id) { invitations { ... on Invitations { invitations { id email } } } } }`
  const { data } = await app.ask(list, workspace, admin.token)
  expect(data.workspace.invitations.invitations).toEqual([{ id: invitation.id, email: 'bob@example.com' }])
  expect(JSON.stringify(await app.db.invitation.findMany())).not.toContain(token)

  await mutate('revokeInvitation', { id: invitation.id }, admin.token)
  const body = { email: 'bob@example.com', name: 'Bob', password: goodPassword, invitation: token }
  expect((await openBrowser(server.url).post('/auth/sign-up/email', body)).status).toBe(403)
})

test('a person who is signed in takes an invitation to a second workspace, once, and nobody else can', async () => {
  const email = 'carol@example.com'
  const carol = await signUp(email, await invite(app, workspace, email, 'VIEWER'))
  const dave = await signUp('dave@example.com', await invite(app, workspace, 'dave@example.com', 'VIEWER'))
  const second = (await seed(app).workspace().create()).workspace
  const token = await invite(app, second, email, 'PUBLISHER')

  const unknown = { __typename: 'InvalidInput', issues: [{ path: ['token'], code: 'unknown_invitation' }] }
  expect((await dave.ask(accept, { token })).data.found).toEqual(unknown)
  expect((await carol.ask(accept, { token })).data.found).toEqual({
    ...{ __typename: 'Workspace', id: second.id, viewerRole: 'PUBLISHER' },
  })
  expect((await carol.ask(accept, { token })).data.found).toEqual(unknown)
  const { data } = await carol.ask('{ workspaces { id viewerRole } }')
  expect(data.workspaces).toEqual(
    expect.arrayContaining([
      { id: workspace.id, viewerRole: 'VIEWER' },
      { id: second.id, viewerRole: 'PUBLISHER' },
    ]),
  )
})

test('a member is not invited again, nor is an address that is none', async () => {
  const viewer = await addMember(app, workspace, 'VIEWER')
  const { email } = await app.db.user.findUniqueOrThrow({ where: { id: viewer.userId } })
  const again = await mutate('inviteMember', { workspaceId: workspace.id, email, role: 'ADMIN' })
  expect(again).toMatchObject({ issues: [{ path: ['email'], code: 'already_member' }] })
  const wrong = await mutate('inviteMember', { workspaceId: workspace.id, email: 'ann', role: 'ADMIN' })
  expect(wrong).toMatchObject({ issues: [{ path: ['email'], code: 'invalid_format' }] })
})

test('members are listed for every member, and not for others', async () => {
  const viewer = await addMember(app, workspace, 'VIEWER')
  await addMember(app, workspace, 'ADMIN')
  const stranger = await addMember(app, (await seed(app).workspace().create()).workspace, 'ADMIN')
  const list = 'query ($id: ID!) { workspace(id: $id) { members { name role } } }'
  expect((await app.ask(list, workspace, viewer.token)).data.workspace.members).toEqual(
    [
      { name: 'A VIEWER', role: 'VIEWER' },
      { name: 'A ADMIN', role: 'ADMIN' },
    ].toSorted((a, b) => a.name.localeCompare(b.name)),
  )
  expect((await app.ask(list, workspace, stranger.token)).data.workspace).toBeNull()
})

test('a role changes at once', async () => {
  const member = await addMember(app, workspace, 'VIEWER')
  const publish = () => mutate('publishVersion', { workspaceId: workspace.id, notes: 'x' }, member.token)
  expect(await publish()).toMatchObject({ __typename: 'Forbidden' })
  expect(await mutate('changeMemberRole', { id: memberId(member), role: 'PUBLISHER' })).toMatchObject({
    role: 'PUBLISHER',
  })
  expect(await publish()).not.toMatchObject({ __typename: 'Forbidden' })
})

test('the last ADMIN is neither taken out nor demoted, not even by two at once', async () => {
  const [one, two] = await Promise.all([
    addMember(app, workspace, 'ADMIN'),
    addMember(app, workspace, 'ADMIN'),
  ])
  const answers = await Promise.all([
    mutate('removeMember', { id: memberId(two) }, one.token),
    mutate('changeMemberRole', { id: memberId(one), role: 'VIEWER' }, two.token),
  ])
  const left = await app.db.member.findMany({
    where: { role: 'ADMIN', id: { in: [one.memberId, two.memberId] } },
  })
  expect(left).toHaveLength(1)
  expect(answers.filter(({ code }) => code === undefined)).toHaveLength(1)
  const [last] = left
  const id = encodeGlobalId('Member', last?.id ?? '')
  expect(await mutate('removeMember', { id })).toMatchObject({ code: 'last_admin' })
  expect(await mutate('changeMemberRole', { id, role: 'EDITOR' })).toMatchObject({ code: 'last_admin' })
  expect(await mutate('changeMemberRole', { id, role: 'ADMIN' })).toMatchObject({ role: 'ADMIN' })
})

test('who is taken out is out at once, with the tokens that they made', async () => {
  await addMember(app, workspace, 'ADMIN')
  const email = 'erin@example.com'
  const erin = await signUp(email, await invite(app, workspace, email, 'ADMIN'))
  const create = `mutation ($input: CreateApiTokenInput!) {
    createApiToken(input: $input) { ... on CreatedApiToken { token } } }`
  const input = { workspaceId: workspace.id, name: 'CI', scopes: ['PUBLISH'] }
  const { data } = await erin.ask(create, { input })
  const member = await app.db.member.findFirstOrThrow({ where: { user: { email } } })
  await mutate('removeMember', { id: encodeGlobalId('Member', member.id) })

  expect((await erin.ask('{ workspaces { id } }')).data).toEqual({ workspaces: [] })
  expect((await app.ask('{ workspaces { id } }', {}, data.createApiToken.token)).status).toBe(401)
})
