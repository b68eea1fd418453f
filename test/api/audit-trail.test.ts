/** The record of changes: who did what to what, newest first, found by any of it, and never altered. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { forgetOldChanges } from '../../server/audit/forget-old-changes.ts'
import { createTestApp, type TestApp } from '../harness/app.ts'
import { mutate } from '../harness/mutate.ts'
import { seed } from '../harness/seed.ts'

let app: TestApp
let made: Awaited<ReturnType<typeof configured>>
let token: string
let workspaceId: string
beforeAll(async () => {
  app = await createTestApp()
  made = await configured()
  workspaceId = made.workspace.id.replace('Workspace_', '')
  token = await app.tokenFor(workspaceId)
  const asToken = { ask: (document: string, variables?: object) => app.ask(document, variables, token) }
  await mutate(asToken, 'updateSegment', { id: made.segment.id, revision: 1, name: 'By a token' })
})
afterAll(() => app.close())

function configured() {
  return seed(app).workspace().csvSource().segment().connector().action().publish()
}

interface Entry {
  readonly verb: string
  readonly type: string
  readonly nodeId: string
  readonly at: string
  readonly actorKind: string
  readonly actorId: string | null
  readonly actorName: string
}

async function trail(
  filter: object | null = null,
  page = 'first: 50',
  as?: string,
): Promise<readonly Entry[]> {
  const { data, errors } = await app.ask(
    `query ($id: ID!, $filter: AuditFilter) {
      workspace(id: $id) {
        auditTrail(${page}, filter: $filter) {
          edges { node { verb type nodeId at actorKind actorId actorName } }
        }
      }
    }`,
    { id: made.workspace.id, filter },
    as,
  )
  expect(errors).toBeUndefined()
  return data.workspace.auditTrail.edges.map(({ node }: { readonly node: Entry }) => node)
}

const verbs = (entries: readonly Entry[]) => entries.map(({ verb }) => verb)

test('lists every change of the workspace, newest first, with who made it', async () => {
  const entries = await trail()
  expect(verbs(entries)).toEqual([
    'updateSegment',
    'publishVersion',
    'activateAction',
    'createAction',
    'activateConnector',
    'createConnector',
    'createSegment',
    'createDataSource',
    'createDataSourceConnection',
    'createWorkspace',
  ])
  expect(entries[0]).toMatchObject({
    type: 'Segment',
    nodeId: made.segment.id,
    actorKind: 'TOKEN',
    actorId: expect.any(String),
    actorName: 'test',
  })
  expect(entries[1]).toMatchObject({
    type: 'Version',
    nodeId: made.version.id,
    actorKind: 'INSTALLATION',
    actorId: null,
  })
})

describe('a filter', () => {
  test('finds by entity, type, verb, actor and time, and all of them together', async () => {
    const [newest] = await trail()
    const at = newest?.at ?? ''
    expect(verbs(await trail({ nodeId: made.connector.id }))).toEqual([
      'activateConnector',
      'createConnector',
    ])
    expect(verbs(await trail({ type: 'Segment' }))).toEqual(['updateSegment', 'createSegment'])
    expect(verbs(await trail({ verb: 'publishVersion' }))).toEqual(['publishVersion'])
    expect(verbs(await trail({ actorKind: 'TOKEN' }))).toEqual(['updateSegment'])
    expect(verbs(await trail({ actorId: newest?.actorId }))).toEqual(['updateSegment'])
    expect(verbs(await trail({ since: at }))).toEqual(['updateSegment'])
    expect(await trail({ until: at })).toEqual((await trail()).slice(1))
    expect(await trail({ type: 'Segment', actorKind: 'INSTALLATION', verb: 'updateSegment' })).toEqual([])
  })

  test('that is none is refused', async () => {
    const { errors } = await app.ask(
      'query ($id: ID!) { workspace(id: $id) { auditTrail(filter: { nodeId: "x" }) { edges { cursor } } } }',
      { id: made.workspace.id },
    )
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'invalid_input', issues: [{ code: 'bad_id' }] })
  })
})

test('is read in pages', async () => {
  expect(verbs(await trail(null, 'first: 2'))).toEqual(['updateSegment', 'publishVersion'])
  expect(verbs(await trail(null, 'last: 1'))).toEqual(['createWorkspace'])
})

test('is of its own workspace only', async () => {
  const other = await configured()
  const { data } = await app.ask(
    'query ($id: ID!) { workspace(id: $id) { auditTrail { edges { cursor } } } }',
    { id: other.workspace.id },
    token,
  )
  expect(data.workspace).toBeNull()
  expect(await trail(null, 'first: 50', token)).toEqual(await trail())
})

test('has nothing of a change that failed', async () => {
  const before = await app.db.auditEntry.count()
  await expect(
    mutate(app, 'updateSegment', { id: made.segment.id, revision: 1, name: 'Stale' }),
  ).rejects.toThrow('revision_conflict')
  expect(await app.db.auditEntry.count()).toBe(before)
})

describe('the database', () => {
  test('refuses to alter or delete an entry, one by one or all', async () => {
    const where = { workspaceId }
    const before = await trail()
    await expect(app.db.auditEntry.updateMany({ where, data: { actorName: 'x' } })).rejects.toThrow(
      /not altered/,
    )
    await expect(app.db.auditEntry.deleteMany({ where })).rejects.toThrow(/not altered/)
    await expect(app.db.$executeRaw`TRUNCATE audit_entry`).rejects.toThrow(/not altered/)
    await expect(app.db.workspace.delete({ where: { id: workspaceId } })).rejects.toThrow()
    expect(await trail()).toEqual(before)
  })

  test('lets go what is older than 13 months', async () => {
    const day = 86_400_000
    const entryOf = (daysAgo: number) => ({
      ...{ workspaceId, actorKind: 'INSTALLATION' as const, actorName: 'owner', verb: 'renameWorkspace' },
      ...{ entity: 'Workspace', entityId: workspaceId, at: new Date(Date.now() - daysAgo * day) },
    })
    await app.db.auditEntry.createMany({ data: [entryOf(398), entryOf(390)] })
    await forgetOldChanges(app.db)
    expect(await trail({ verb: 'renameWorkspace' })).toHaveLength(1)
  })
})
