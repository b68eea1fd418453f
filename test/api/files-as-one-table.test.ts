/** A folder of files as one table: what comes later is seen by the next look, and read. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createCompiledLanes } from '../../server/deliveries/compiled-lanes.ts'
import { decodeGlobalId } from '../../server/graphql/global-id.ts'
import { createSourceChangeToken } from '../../server/sources/connect.ts'
import { liveSource } from '../../server/sources/live-source.ts'
import { lookOnce } from '../../server/sources/look-once.ts'
import { createTestApp, type TestApp } from '../harness/app.ts'
import { csv, seed } from '../harness/seed.ts'

let app: TestApp
beforeAll(async () => {
  app = await createTestApp()
})
afterAll(() => app.close())

test('a file that comes later changes the token, is announced, and is read with the others', async () => {
  const folder = join(app.folder, 'orders')
  await mkdir(folder)
  await writeFile(join(folder, 'monday.csv'), csv([{ id: 1, total: 10 }]))
  await writeFile(join(folder, 'tuesday.csv'), csv([{ id: 2, total: 20, note: 'gift' }]))
  const made = await seed(app)
    .workspace()
    .fileSource(join(folder, '*.csv'), {}, { oneTable: true })
    .segment()
    .connector()
    .action()
    .publish()
  const compiledLanes = createCompiledLanes({ db: app.db, registry: app.deps.registry })
  const deps = { ...app.deps, db: app.db, compiledLanes, now: Date.now, sharedNow: async () => Date.now() }
  const live = await liveSource(deps, decodeGlobalId(made.source.id).id)
  if (live === null) throw new Error('It does not run.')
  const changeToken = createSourceChangeToken({ ...app.deps, allowedDirectories: [app.folder] })
  const look = async () => ({ token: await changeToken(live.connection), looked: await lookOnce(deps, live) })

  const first = await look()
  expect(first.looked).toBe('news')
  expect(await look()).toEqual({ token: first.token, looked: 'nothing' })
  await writeFile(join(folder, 'wednesday.csv'), csv([{ id: 3, total: 30, note: null }]))
  const later = await look()
  expect(later.looked).toBe('news')
  expect(later.token).not.toBe(first.token)
  const { data } = await app.ask(
    `query ($id: ID!) {
      dataSource(id: $id) {
        query { ... on TableQuery { name } }
        preview { ... on SourceRows { rows } }
      }
    }`,
    { id: made.source.id },
  )
  expect(data.dataSource.query).toEqual({ name: 'orders' })
  expect(data.dataSource.preview.rows).toEqual([
    { id: 1, total: 10, note: null },
    { id: 2, total: 20, note: 'gift' },
    { id: 3, total: 30, note: null },
  ])
})
