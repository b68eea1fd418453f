/** Connections: made by their form, tested for real, shared by data sources, and deleted only when nothing reads through them. */
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runIn } from '../../plugins/source-duckdb/testing/scratch.ts'
import { decodeGlobalId } from '../../server/graphql/global-id.ts'
import { loadVersion } from '../../server/versions/load-version.ts'
import { openSecrets } from '../../server/workspaces/secrets.ts'
import { createTestApp, type TestApp } from '../harness/app.ts'
import { fileConnection, seed } from '../harness/seed.ts'

let app: TestApp
let workspaceId: string
beforeAll(async () => {
  app = await createTestApp()
  workspaceId = (await seed(app).workspace().create()).workspace.id
})
afterAll(() => app.close())

const row = (globalId: string) => decodeGlobalId(globalId).id

const connection =
  '... on DataSourceConnection { id name type isInstalled settings secretsSet revision dataSources { name } }'
const conflict = '... on RevisionConflict { currentRevision }'
/** What each can answer with, beside the problems that all have. */
const selections = {
  createDataSourceConnection: connection,
  updateDataSourceConnection: `${connection} ${conflict}`,
  testDataSourceConnection: `
    ... on SourceTables { tables { name columns { name type } } }
    ... on SourceUnavailable { isTransient }`,
  deleteDataSourceConnection: `
    ... on Workspace { id dataSourceConnections { name } }
    ... on DataSourceConnectionInUse { uses { dataSourceId name isLive } }
    ${conflict}`,
} as const

async function ask(verb: keyof typeof selections, input: object) {
  const type = `${verb.slice(0, 1).toUpperCase()}${verb.slice(1)}Input`
  const { data, errors } = await app.ask(
    `mutation ($input: ${type}!) {
      ${verb}(input: $input) {
        __typename
        ... on Problem { code message }
        ... on InvalidInput { issues { path code message } }
        ${selections[verb]}
      }
    }`,
    { input },
  )
  expect(errors).toBeUndefined()
  return data[verb]
}

const create = (input: object) =>
  ask('createDataSourceConnection', { workspaceId, name: 'Files', type: 'duckdb', ...input })

const postgres = {
  type: 'postgres',
  settings: { host: 'db.example.com', database: 'shop', user: 'reader', password: 'canary-pw' },
}

test('a connection is made without connecting, and its secrets never come out', async () => {
  const made = await create({ name: ' Shop ', ...postgres })
  const { password: _password, ...settings } = postgres.settings
  expect(made).toMatchObject({
    __typename: 'DataSourceConnection',
    ...{ name: 'Shop', type: 'postgres', isInstalled: true, settings, secretsSet: ['password'], revision: 1 },
    dataSources: [],
  })
  const stored = await app.db.dataSourceConnection.findUniqueOrThrow({ where: { id: row(made.id) } })
  expect(Buffer.from(stored.secrets ?? []).toString()).not.toContain('canary-pw')
  expect(JSON.stringify(stored.settings)).not.toContain('canary-pw')
})

test('settings are checked by the form of the type, with the name: nothing missing, nothing misspelt', async () => {
  expect(await create({ name: '', settings: { pth: 'x.csv', memoryLimitMiB: 1 } })).toMatchObject({
    issues: [
      { path: ['name'], code: 'too_small' },
      {
        path: ['settings', 'pth'],
        code: 'unknown_setting',
        message: expect.stringContaining('Did you mean "path"?'),
      },
      { path: ['settings', 'path'], code: 'invalid_type' },
      { path: ['settings', 'memoryLimitMiB'], code: 'too_small' },
    ],
  })
  expect(await create({ settings: 'x.csv' })).toMatchObject({
    issues: [{ path: ['settings'], code: 'invalid_type' }],
  })
  expect(await create({ settings: { path: 'a\u0000b.csv' } })).toMatchObject({
    issues: [{ path: ['settings'], code: 'invalid_text' }],
  })
  expect(await create({ type: 'duckbd', settings: {} })).toMatchObject({
    issues: [{ path: ['type'], code: 'unknown_source_type', message: expect.stringContaining('"duckdb"?') }],
  })
})

test('a test connects for real and tells the tables, or why it cannot', async () => {
  const path = join(app.folder, 'two.duckdb')
  await runIn(path, 'CREATE TABLE a (id INTEGER)', 'CREATE VIEW b AS SELECT id, 1.5 AS x FROM a')
  const id = await fileConnection(app, workspaceId, path)
  const number = (name: string) => ({ name, type: 'NUMBER' })
  expect(await ask('testDataSourceConnection', { id })).toEqual({
    __typename: 'SourceTables',
    tables: [
      { name: 'a', columns: [number('id')] },
      { name: 'b', columns: [number('id'), number('x')] },
    ],
  })
  await rm(path)
  expect(await ask('testDataSourceConnection', { id })).toMatchObject({
    ...{ __typename: 'SourceUnavailable', code: 'not_found', isTransient: false },
  })
  const outside = await fileConnection(app, workspaceId, '/etc/hosts.csv')
  expect(await ask('testDataSourceConnection', { id: outside })).toMatchObject({ code: 'not_allowed' })
})

test('an edit keeps secrets that are left out, but never sends them to another address', async () => {
  const { id } = await create({ name: 'Kept', ...postgres })
  const secretsOf = async () => {
    const { secrets, workspaceId: owner } = await app.db.dataSourceConnection.findUniqueOrThrow({
      where: { id: row(id) },
    })
    return openSecrets(await app.deps.workspaceKeys.of(owner), secrets)
  }
  const { password: _password, ...settings } = postgres.settings
  const listed = { ...settings, schemas: ['marts'] }
  expect(
    await ask('updateDataSourceConnection', { id, revision: 1, name: 'Marts', settings: listed }),
  ).toMatchObject({ name: 'Marts', settings: listed, secretsSet: ['password'], revision: 2 })
  expect(await secretsOf()).toEqual({ password: 'canary-pw' })
  for (const moved of [{ host: 'evil.example.com' }, { port: 5433 }, { tls: 'disable' }]) {
    const input = { id, revision: 2, settings: { ...settings, ...moved } }
    expect(await ask('updateDataSourceConnection', input)).toMatchObject({
      issues: [{ path: ['settings', 'password'], code: 'secret_required' }],
    })
  }
  const elsewhere = { ...settings, host: 'db2.example.com', password: 'another' }
  expect(await ask('updateDataSourceConnection', { id, revision: 2, settings: elsewhere })).toMatchObject({
    revision: 3,
  })
  expect(await secretsOf()).toEqual({ password: 'another' })
  expect(await ask('updateDataSourceConnection', { id, revision: 2, name: 'Late' })).toMatchObject({
    ...{ __typename: 'RevisionConflict', currentRevision: 3 },
  })
})

test('one connection serves several data sources, and is not deleted while one is edited or runs', async () => {
  const made = await seed(app).workspace().csvSource().segment().connector().action().publish()
  const { connectionId } = made.source
  const second = await ask('createDataSourceConnection', {
    ...{ workspaceId: made.workspace.id, name: 'Other', type: 'duckdb' },
    settings: { path: made.source.path },
  })
  const deleted = () => ask('deleteDataSourceConnection', { id: connectionId, revision: 1 })
  const { name } = await app.db.dataSource.findUniqueOrThrow({ where: { id: row(made.source.id) } })
  const use = { dataSourceId: made.source.id, name }
  expect(await deleted()).toMatchObject({
    ...{ __typename: 'DataSourceConnectionInUse', code: 'connection_in_use' },
    message: expect.stringContaining(`"${name}"`),
    uses: [
      { ...use, isLive: false },
      { ...use, isLive: true },
    ],
  })
  const { data } = await app.ask(
    `mutation ($input: UpdateDataSourceInput!) {
      updateDataSource(input: $input) { ... on DataSource { connection { id dataSources { id } } } }
    }`,
    { input: { id: made.source.id, revision: 1, connectionId: second.id } },
  )
  expect(data.updateDataSource).toEqual({
    connection: { id: second.id, dataSources: [{ id: made.source.id }] },
  })
  expect(await deleted()).toMatchObject({ uses: [{ ...use, isLive: true }] })
  const published = await app.ask(
    `mutation ($input: PublishVersionInput!) { publishVersion(input: $input) { ... on Version { number } } }`,
    { input: { workspaceId: made.workspace.id, notes: 'test' } },
  )
  expect(published.data.publishVersion).toEqual({ number: 2 })
  expect(await ask('deleteDataSourceConnection', { id: connectionId, revision: 7 })).toMatchObject({
    __typename: 'RevisionConflict',
  })
  expect(await deleted()).toEqual({
    ...{ __typename: 'Workspace', id: made.workspace.id },
    dataSourceConnections: [{ name: 'Other' }],
  })
  expect(await deleted()).toMatchObject({ __typename: 'NotFound' })
})

test('a version of before connections is read with the one that its data source got', async () => {
  const made = await seed(app).workspace().csvSource().segment().connector().action().publish()
  const owner = row(made.workspace.id)
  const now = await loadVersion({ db: app.db }, owner, 1)
  const [connection] = now.connections
  const version = await app.db.version.findFirstOrThrow({ where: { workspaceId: owner } })
  const manifest = version.manifest as { readonly kind: string; readonly hash: string }[]
  await app.db.version.update({
    where: { id: version.id },
    data: { manifest: manifest.filter(({ kind }) => kind !== 'connection') },
  })
  const hash = manifest.find(({ kind }) => kind === 'source')?.hash ?? ''
  const where = { workspaceId_hash: { workspaceId: owner, hash } }
  const { body } = await app.db.document.findUniqueOrThrow({ where })
  const { connectionId: _connectionId, query, ...rest } = body as Record<string, Record<string, unknown>>
  const { kind: _kind, ...table } = query ?? {}
  const source = { ...rest, table }
  const { type, settings } = { type: connection?.type, settings: connection?.settings }
  await app.db.document.update({
    where,
    data: { body: JSON.parse(JSON.stringify({ ...source, type, settings })) },
  })
  expect(await loadVersion({ db: app.db }, owner, 1)).toEqual({
    ...now,
    connections: [{ id: rest['id'], name: rest['name'], type, settings }],
    sources: now.sources.map((each) => ({ ...each, connectionId: each.id })),
  })
})
