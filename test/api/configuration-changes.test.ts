/** Changes of the configuration are told as they happen, to who may see them, and none is lost on the way. */
import { randomUUID } from 'node:crypto'
import { v7 as uuidv7 } from 'uuid'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ownerAccess } from '../../server/access/rules.ts'
import { hashToken } from '../../server/access/token.ts'
import { recordConsequences } from '../../server/audit/service.ts'
import type { Listening } from '../../server/http/listen.ts'
import { createTestApp, type TestApp } from '../harness/app.ts'
import { mutate } from '../harness/mutate.ts'
import { type Seeded, seed } from '../harness/seed.ts'
import { type Subscription, type Watched, watchOverEvents, watchOverWebSocket } from '../harness/subscribe.ts'
import { until } from '../harness/until.ts'
import { createWorkerCommits, type WorkerCommits } from '../harness/worker-commits.ts'

interface Changes {
  readonly changes: readonly { readonly id: string; readonly verb: string; readonly nodeId: string }[]
  readonly isIncomplete: boolean
  readonly latestId: string
}

let app: TestApp
let server: Listening
let other: WorkerCommits
let workspace: Seeded
let segment: Seeded
let action: Seeded
let connector: Seeded

beforeAll(async () => {
  app = await createTestApp({ recheckMs: 200 })
  server = await app.listen()
  other = await createWorkerCommits(app.databaseUrl)
})
afterAll(async () => {
  await other.close()
  await app.close()
})
beforeEach(async () => {
  const made = await seed(app).workspace().csvSource().segment().connector().action().create()
  ;({ workspace, segment, action, connector } = made)
})

const uuidOf = ({ id }: Pick<Seeded, 'id'>) => id.replace(/^.*_/, '')

const query = `subscription ($id: ID!, $after: ID) {
  configurationChanges(workspaceId: $id, after: $after) {
    changes { id verb type nodeId at actorKind actorName } isIncomplete latestId
  }
}`

const transports: readonly (readonly [
  string,
  (subscription: Subscription) => Watched<Changes> | Promise<Watched<Changes>>,
])[] = [
  ['WebSocket', watchOverWebSocket],
  ['server-sent events', watchOverEvents],
]

const start = async (
  watch: (typeof transports)[number][1],
  fields: Partial<Subscription> & { after?: string } = {},
) => {
  const { after, ...changed } = fields
  return watch({
    url: server.url,
    token: app.token,
    query,
    variables: { id: workspace.id, after },
    ...changed,
  })
}

/** So many changes, each told once, whether together or one by one. */
async function next(watched: Watched<Changes>, count: number): Promise<Changes['changes']> {
  const told: Changes['changes'][number][] = []
  while (told.length < count) {
    const { changes, isIncomplete } = await watched.next()
    expect(isIncomplete).toBe(false)
    told.push(...changes)
  }
  expect(new Set(told.map(({ id }) => id)).size).toBe(count)
  return told
}

const verbs = (changes: Changes['changes']) => changes.map(({ verb }) => verb)

async function change(verb: string, input: object, fields = '') {
  const type = `${verb.slice(0, 1).toUpperCase()}${verb.slice(1)}Input`
  const { data, errors } = await app.ask(
    `mutation ($input: ${type}!) { ${verb}(input: $input) { __typename ${fields} ... on Problem { code } } }`,
    { input },
  )
  expect(errors).toBeUndefined()
  expect(data[verb]).not.toHaveProperty('code')
  return data[verb]
}

async function rename(name: string): Promise<void> {
  const { data } = await app.ask('query ($id: ID!) { segment(id: $id) { revision } }', { id: segment.id })
  await mutate(app, 'updateSegment', { id: segment.id, revision: data.segment.revision, name })
}

/** As if recorded by another server, which may have no connection to this one. */
function record(count: number): Promise<void> {
  const change = { workspaceId: uuidOf(workspace), verb: 'updateSegment', entity: 'Segment' } as const
  const changes = Array.from({ length: count }, () => ({ ...change, entityId: randomUUID() }))
  return app.db.$transaction((tx) => recordConsequences(tx, { access: ownerAccess }, changes))
}

describe.each(transports)('over %s', (_name, watch) => {
  it('a reader gets a value at once, and then each change: what, of what kind, by whom and when', async () => {
    const watched = await start(watch)
    expect(await watched.next()).toEqual({
      changes: [],
      isIncomplete: false,
      latestId: expect.stringMatching(/^AuditEntry_/),
    })
    await rename('Renamed')
    const { changes, latestId } = await watched.next()
    expect(changes).toEqual([
      {
        id: latestId,
        verb: 'updateSegment',
        type: 'Segment',
        nodeId: segment.id,
        at: expect.any(String),
        actorKind: 'INSTALLATION',
        actorName: 'owner',
      },
    ])
    await watched.stop()
  })

  it('labels, pausing and publishing are told as edits are', async () => {
    const watched = await start(watch)
    await watched.next()
    const workspaceId = workspace.id
    const named = { workspaceId, name: 'x', colour: '#000000' }
    const label = await change('createLabel', named, '... on Label { id }')
    await change('labelSegments', { segmentIds: [segment.id], labelIds: [label.id] })
    await mutate(app, 'publishVersion', { workspaceId, notes: 'First' })
    await mutate(app, 'pauseAction', { id: action.id })
    const { data } = await app.ask('query ($id: ID!) { connector(id: $id) { revision } }', {
      id: connector.id,
    })
    await mutate(app, 'deactivateConnector', { id: connector.id, revision: data.connector.revision })
    await mutate(app, 'stopAll', { id: workspaceId })
    expect(verbs(await next(watched, 6))).toEqual([
      'createLabel',
      'labelSegments',
      'publishVersion',
      'pauseAction',
      'deactivateConnector',
      'stopAll',
    ])
    await watched.stop()
  })

  it('nothing is told of another workspace', async () => {
    const watched = await start(watch)
    await watched.next()
    await seed(app).workspace().csvSource().segment().create()
    await rename('Own')
    expect((await next(watched, 1))[0]?.nodeId).toBe(segment.id)
    await watched.stop()
  })

  it('who comes back and says what it saw last is told what it has missed', async () => {
    const watched = await start(watch)
    await watched.next()
    await rename('Seen')
    const { latestId: after } = await watched.next()
    await watched.stop()
    await rename('Missed')
    await mutate(app, 'pauseAction', { id: action.id })
    const again = await start(watch, { after })
    const { changes, isIncomplete } = await again.next()
    expect(isIncomplete).toBe(false)
    expect(verbs(changes.slice(-2))).toEqual(['updateSegment', 'pauseAction'])
    // Recorded shortly before, they may have appeared late; the one that was seen is known.
    expect(verbs(changes)).toContain('createSegment')
    expect(changes.map(({ id }) => id)).not.toContain(after)
    await rename('Later')
    expect(verbs(await next(again, 1))).toEqual(['updateSegment'])
    await again.stop()
  })

  it('who has missed more than can be told is told so', async () => {
    const watched = await start(watch)
    const { latestId: after } = await watched.next()
    await record(600)
    const live = await watched.next()
    expect(live).toMatchObject({ isIncomplete: true })
    expect(live.changes).toHaveLength(500)
    await watched.stop()
    const again = await start(watch, { after })
    expect(await again.next()).toMatchObject({ isIncomplete: true, latestId: live.latestId })
    await record(2)
    await next(again, 2)
    await again.stop()
  })

  it('a change whose transaction took long is told although a later one was told before', async () => {
    const id = uuidv7({ msecs: Date.now() - 20_000 })
    const watched = await start(watch)
    const { latestId: after } = await watched.next()
    await app.db.auditEntry.create({
      data: {
        ...{ id, workspaceId: uuidOf(workspace), actorKind: 'INSTALLATION', actorName: 'owner' },
        ...{ verb: 'late', entity: 'Segment', entityId: uuidOf(segment) },
      },
    })
    await rename('After it')
    expect(verbs(await next(watched, 2))).toEqual(['late', 'updateSegment'])
    await watched.stop()
    const again = await start(watch, { after })
    expect(verbs((await again.next()).changes)).toContain('late')
    await again.stop()
  })

  it('what was changed while the listening connection was lost is told', async () => {
    const watched = await start(watch)
    await watched.next()
    await until('somebody listened', async () => (await other.cutListeners()) > 0)
    await rename('Unheard')
    expect(verbs(await next(watched, 1))).toEqual(['updateSegment'])
    await rename('Heard')
    expect(verbs(await next(watched, 1))).toEqual(['updateSegment'])
    await watched.stop()
  })

  it('ends with the rights of who watches', async () => {
    const token = await app.tokenFor(uuidOf(workspace))
    const watched = await start(watch, { token })
    await watched.next()
    await app.db.apiToken.delete({ where: { hash: hashToken(token) } })
    await expect(watched.next()).rejects.toBeDefined()
    await watched.stop()
  })

  it('ends when the workspace is deleted', async () => {
    const watched = await start(watch)
    await watched.next()
    const { name } = await app.db.workspace.findUniqueOrThrow({ where: { id: uuidOf(workspace) } })
    await change('deleteWorkspace', { id: workspace.id, name })
    await expect(watched.next()).rejects.toBeDefined()
    await watched.stop()
  })

  it.each(['nonsense', 'Segment_01900000-0000-7000-8000-000000000000'])(
    'refuses %s as what was seen',
    async (after) => {
      const refused = await start(watch, { after })
      await expect(refused.next()).rejects.toThrow('bad_id')
      await refused.stop()
    },
  )
})

it('a missed notice is made up for by looking again now and then', async () => {
  const looking = await createTestApp({ safetyMs: 200 })
  try {
    const made = await seed(looking).workspace().create()
    const { url } = await looking.listen()
    const variables = { id: made.workspace.id }
    const watched = watchOverWebSocket<Changes>({ url, token: looking.token, query, variables })
    await watched.next()
    await looking.db.auditEntry.create({
      data: {
        ...{ workspaceId: uuidOf(made.workspace), actorKind: 'INSTALLATION', actorName: 'owner' },
        ...{ verb: 'renameWorkspace', entity: 'Workspace', entityId: uuidOf(made.workspace) },
      },
    })
    expect(verbs((await watched.next()).changes)).toEqual(['renameWorkspace'])
    await watched.stop()
  } finally {
    await looking.close()
  }
})
