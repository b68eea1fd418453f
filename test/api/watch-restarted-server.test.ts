/** Clients that come back to a server that was killed and started again get the full totals at once. */
import { randomBytes, randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import { ownerAccess } from '../../server/access/rules.ts'
import { recordConsequences } from '../../server/audit/service.ts'
import { createDatabase, type Database } from '../../server/database.ts'
import { createApiClient } from '../harness/api-client.ts'
import { createTestDatabase, type TestDatabase } from '../harness/database.ts'
import { createPassingFolder } from '../harness/passing-folder.ts'
import { type RoleProcess, startRoleProcess } from '../harness/role-process.ts'
import { nextWhere, watchOverWebSocket } from '../harness/subscribe.ts'
import { progressSubscriptions, seedProgress, type Totals } from '../harness/watched-progress.ts'
import { createWorkerCommits, type WorkerCommits } from '../harness/worker-commits.ts'

type Folder = Awaited<ReturnType<typeof createPassingFolder>>

const secretKey = randomBytes(32).toString('base64')
/** Nobody works in it: what publishing starts stays where it is. */
const namespace = `restarted-${randomUUID()}`

let testDatabase: TestDatabase
let database: Database
let folder: Folder
let worker: WorkerCommits
let server: RoleProcess

beforeAll(async () => {
  testDatabase = await createTestDatabase()
  database = createDatabase({ url: testDatabase.url, maxConnections: 2 })
  folder = await createPassingFolder({ prefix: 'restarted-', within: inject('suiteFolder') })
  worker = await createWorkerCommits(testDatabase.url)
  server = await start()
})
afterAll(async () => {
  await server.stop()
  await worker.close()
  await database.close()
  await testDatabase.drop()
  await folder.remove()
})

function start(port?: string): Promise<RoleProcess> {
  return startRoleProcess({
    role: 'main',
    args: ['--json'],
    env: {
      DATABASE_URL: testDatabase.url,
      TEMPORAL_ADDRESS: inject('temporal').address,
      TEMPORAL_NAMESPACE: namespace,
      SLUICE_SECRET_KEY: secretKey,
      SLUICE_DATA_DIR: folder.path,
      SLUICE_SOURCE_DIRS: folder.path,
      HOST: undefined,
      PORT: port,
    },
  })
}

it('gives each subscription of progress what was committed meanwhile, and goes on from there', async () => {
  const url = String(server.ready['url'])
  const token = (await readFile(join(folder.path, 'token'), 'utf8')).trim()
  const { ask } = createApiClient({ url, token })
  const place = await seedProgress({ ask, db: database.db, folder: folder.path })
  const all = progressSubscriptions.map(({ query, idOf }) =>
    watchOverWebSocket<Totals>({ url, token, query, variables: { id: idOf(place) }, reconnects: true }),
  )
  await worker.commit(place, { matched: 5, delivered: 2 })
  for (const watched of all) await nextWhere(watched, ({ matched }) => matched === 5)

  await server.kill()
  await worker.commit(place, { matched: 9, delivered: 8 })
  server = await start(new URL(url).port)

  // The very next value of each is complete: nothing is added up from pieces.
  for (const watched of all) expect(await watched.next()).toEqual({ matched: 9, delivered: 8, waiting: 1 })
  await worker.commit(place, { matched: 9, delivered: 9 })
  for (const watched of all) expect(await watched.next()).toMatchObject({ delivered: 9, waiting: 0 })
  for (const watched of all) await watched.stop()
})

it('tells who comes back and says what it saw last which changes of the configuration it has missed', async () => {
  const url = String(server.ready['url'])
  const token = (await readFile(join(folder.path, 'token'), 'utf8')).trim()
  const { ask } = createApiClient({ url, token })
  const { workspaceId, ids } = await seedProgress({ ask, db: database.db, folder: folder.path })
  const query = `subscription ($id: ID!, $after: ID) {
    configurationChanges(workspaceId: $id, after: $after) { changes { verb } latestId isIncomplete }
  }`
  const watch = (after?: string) =>
    watchOverWebSocket<Changes>({ url, token, query, variables: { id: ids.workspace, after } })
  const watched = watch()
  const { latestId } = await watched.next()

  await server.kill()
  await expect(watched.next()).rejects.toBeDefined()
  const change = { workspaceId, verb: 'renameWorkspace', entity: 'Workspace', entityId: workspaceId } as const
  await database.db.$transaction((tx) => recordConsequences(tx, { access: ownerAccess }, [change]))
  server = await start(new URL(url).port)

  const again = watch(latestId)
  const missed = await again.next()
  expect(missed.changes.at(-1)).toEqual({ verb: 'renameWorkspace' })
  expect(missed.isIncomplete).toBe(false)
  await database.db.$transaction((tx) => recordConsequences(tx, { access: ownerAccess }, [change]))
  expect((await again.next()).changes).toEqual([{ verb: 'renameWorkspace' }])
  for (const each of [watched, again]) await each.stop()
})

interface Changes {
  readonly changes: readonly { readonly verb: string }[]
  readonly latestId: string
  readonly isIncomplete: boolean
}
