/** Workspaces: each with a key of its own, named once, renamed by revision. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createKeyring } from '../../server/workspaces/keys.ts'
import { createWorkspaceKeys } from '../../server/workspaces/workspace-keys.ts'
import { createTestApp, type TestApp } from '../harness/app.ts'

let app: TestApp
beforeAll(async () => {
  app = await createTestApp()
})
afterAll(() => app.close())

const fields = `
  __typename
  ... on Workspace { id name revision liveVersion { number } }
  ... on Problem { code message }
  ... on InvalidInput { issues { path code } }
`

async function create(name: string) {
  const { data, errors } = await app.ask(
    `mutation ($input: CreateWorkspaceInput!) { createWorkspace(input: $input) { ${fields} } }`,
    { input: { name } },
  )
  expect(errors).toBeUndefined()
  return data.createWorkspace
}

async function renameTo(input: object) {
  const { data, errors } = await app.ask(
    `mutation ($input: RenameWorkspaceInput!) {
      renameWorkspace(input: $input) {
        ${fields}
        ... on RevisionConflict { currentRevision current { ... on Workspace { name } } }
      }
    }`,
    { input },
  )
  expect(errors).toBeUndefined()
  return data.renameWorkspace
}

test('a workspace is created, read by its id and listed by name', async () => {
  const b = await create('  B shop ')
  const a = await create('A shop')
  expect(b).toEqual({
    __typename: 'Workspace',
    id: expect.stringMatching(/^Workspace_/),
    name: 'B shop',
    revision: 1,
    liveVersion: null,
  })
  const { data } = await app.ask(
    'query ($id: ID!) { workspace(id: $id) { name } node(id: $id) { ... on Workspace { name } } workspaces { id } }',
    { id: b.id },
  )
  expect(data).toEqual({
    workspace: { name: 'B shop' },
    node: { name: 'B shop' },
    workspaces: [{ id: a.id }, { id: b.id }],
  })
})

test('its data key is stored wrapped, and another master key does not open it', async () => {
  const { id } = await create('Keys')
  const rowId = id.replace('Workspace_', '')
  const key = await app.deps.workspaceKeys.of(rowId)
  const sealed = key.seal('secrets', 'canary')
  expect(await app.deps.workspaceKeys.of(rowId)).toBe(key)
  const restarted = createWorkspaceKeys({ db: app.db, keyring: app.deps.keyring })
  expect((await restarted.of(rowId)).open('secrets', sealed)).toBe('canary')
  const keyring = createKeyring({ masterKey: new Uint8Array(32) })
  await expect(createWorkspaceKeys({ db: app.db, keyring }).of(rowId)).rejects.toMatchObject({
    code: 'seal_broken',
  })
})

test.each([
  ['empty', '   ', 'too_small'],
  ['long', 'x'.repeat(201), 'too_big'],
  ['of two lines', 'a\nb', 'invalid_text'],
  ['with NUL', 'a\u0000b', 'invalid_text'],
])('a name that is %s is refused', async (_kind, name, code) => {
  expect(await create(name)).toMatchObject({ __typename: 'InvalidInput', issues: [{ path: ['name'], code }] })
})

test('a name is taken once on an installation', async () => {
  await create('Once')
  expect(await create('Once')).toMatchObject({ __typename: 'NameTaken', code: 'name_taken' })
  const other = await create('Twice')
  expect(await renameTo({ id: other.id, revision: 1, name: 'Once' })).toMatchObject({
    __typename: 'NameTaken',
  })
})

test('renaming grows the revision, and a stale one is a conflict', async () => {
  const { id } = await create('Before')
  expect(await renameTo({ id, revision: 1, name: 'After' })).toMatchObject({ name: 'After', revision: 2 })
  expect(await renameTo({ id, revision: 1, name: 'Late' })).toMatchObject({
    __typename: 'RevisionConflict',
    currentRevision: 2,
    current: { name: 'After' },
  })
  const missing = 'Workspace_00000000-0000-7000-8000-000000000000'
  expect(await renameTo({ id: missing, revision: 1, name: 'x' })).toMatchObject({ __typename: 'NotFound' })
})
