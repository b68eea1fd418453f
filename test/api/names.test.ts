/** Names are unique within a workspace, for every noun, by creation and by edit. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestApp, type TestApp } from '../harness/app.ts'
import { externalId, seed } from '../harness/seed.ts'

let app: TestApp
beforeAll(async () => {
  app = await createTestApp()
})
afterAll(() => app.close())

async function ask(verb: string, input: object) {
  const type = `${verb.slice(0, 1).toUpperCase()}${verb.slice(1)}Input`
  const { data, errors } = await app.ask(
    `mutation ($input: ${type}!) {
      ${verb}(input: $input) { __typename ... on Node { id } ... on NameTaken { code name } }
    }`,
    { input },
  )
  expect(errors).toBeUndefined()
  return data[verb]
}

test('the second of a name is refused for every noun, and so is an edit to a name that is taken', async () => {
  const made = await seed(app).workspace().csvSource().segment().connector().create()
  const workspaceId = made.workspace.id
  const settings = { path: made.source.path }
  const inputs = {
    DataSourceConnection: { type: 'duckdb', settings },
    DataSource: {
      connectionId: made.source.connectionId,
      keyColumns: ['id'],
      cursorMode: 'INCREMENTING',
      incrementColumn: 'id',
    },
    Segment: { dataSourceIds: [made.source.id], conditions: { any: [] } },
    Connector: { type: 'braze', settings: { endpoint: 'http://127.0.0.1:9', apiKey: 'k' } },
    Action: {
      connectorId: made.connector.id,
      dataSourceId: made.source.id,
      segmentId: made.segment.id,
      type: 'track-user',
      mappings: [externalId],
    },
  }
  const taken = { __typename: 'NameTaken', code: 'name_taken', name: 'Same' }
  for (const [noun, input] of Object.entries(inputs)) {
    expect(await ask(`create${noun}`, { workspaceId, name: 'Same', ...input })).toMatchObject({
      __typename: noun,
    })
    expect(await ask(`create${noun}`, { workspaceId, name: 'Same', ...input })).toEqual(taken)
    const { id } = await ask(`create${noun}`, { workspaceId, name: 'Other', ...input })
    expect(await ask(`update${noun}`, { id, revision: 1, name: 'Same' })).toEqual(taken)
  }
})
