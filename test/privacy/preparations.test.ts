/** What a preparation keeps: no id of the vendor's in clear, nothing of its words, no secret. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestApp, type TestApp } from '../harness/app.ts'
import { pluginsWithLists, prepareAction, seedListAction } from '../harness/list-scene.ts'
import { refusal, serveLists } from '../harness/list-vendor.ts'
import { useLocalServers } from '../harness/local-server.ts'
import { formsOfText } from './forms.ts'
import { searchBytes, searchTables } from './search.ts'

const servers = useLocalServers()
let app: TestApp
beforeAll(async () => {
  app = await createTestApp({ registry: pluginsWithLists })
})
afterAll(() => app.close())

test('outputs are sealed, and what the vendor says is kept nowhere', async () => {
  const vendor = await serveLists(servers)
  vendor.troubles.push('refused')
  const { action } = await seedListAction(app, vendor.url)
  expect(await prepareAction(app, action.id)).toMatchObject({ code: 'preparation_failed' })
  const other = await seedListAction(app, vendor.url)
  expect(await prepareAction(app, other.action.id)).toMatchObject({ preparation: { state: 'DONE' } })
  expect(vendor.lists).toEqual(['list-canary-1'])

  const forms = [
    ...formsOfText('output', 'list-canary-1'),
    ...formsOfText('refusal', refusal),
    ...formsOfText('secret', 'canary-list-key-31f0'),
  ]
  expect(searchBytes(Buffer.from(`{"id":"${vendor.lists[0]}"}`), forms)).toEqual(['output as UTF-8'])
  expect(await searchTables(app.databaseUrl, forms)).toEqual([])
  expect(searchBytes(Buffer.from(app.log.join('\n')), forms)).toEqual([])
})
