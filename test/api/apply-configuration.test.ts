/** Configuration as code: what comes out goes in again, and nothing is done by halves. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestApp, type TestApp } from '../harness/app.ts'
import { seed } from '../harness/seed.ts'

let app: TestApp
beforeAll(async () => {
  app = await createTestApp()
})
afterAll(() => app.close())

const exportDocument = `query ($id: ID!, $of: ID) {
  workspace(id: $id) { configuration(of: $of) {
    ... on Configuration { document fingerprint }
    ... on Problem { code message }
  } }
}`
const compareDocument = `query ($workspaceId: ID!, $configuration: JSON!, $deleteOthers: Boolean! = false) {
  compareConfiguration(workspaceId: $workspaceId, configuration: $configuration, deleteOthers: $deleteOthers) {
    __typename
    ... on ConfigurationComparison {
      changes { part name change fields { path change before after } }
      others { part name }
      variables { name isSet }
      fingerprint
    }
    ... on Problem { code message }
    ... on InvalidInput { issues { path code message line column } }
  }
}`
const applyDocument = `mutation ($input: ApplyConfigurationInput!) {
  applyConfiguration(input: $input) {
    __typename
    ... on Workspace { fingerprint }
    ... on Problem { code message }
    ... on InvalidInput { issues { path code message line column } }
  }
}`

interface Input {
  readonly workspaceId: string
  // biome-ignore lint/suspicious/noExplicitAny: tests edit it
  readonly configuration: any
  readonly deleteOthers?: boolean
  readonly dryRun?: boolean
  readonly fingerprint?: string
  readonly secrets?: readonly { readonly variable: string; readonly value: string }[]
}

async function exported(id: string, of?: string) {
  const { data, errors } = await app.ask(exportDocument, { id, of })
  expect(errors).toBeUndefined()
  return data.workspace.configuration
}

async function compared(input: Input) {
  const { data, errors } = await app.ask(compareDocument, input)
  expect(errors).toBeUndefined()
  return data.compareConfiguration
}

async function applied(input: Input) {
  const { data, errors } = await app.ask(applyDocument, { input })
  expect(errors).toBeUndefined()
  return data.applyConfiguration
}

const mail = { name: 'Mail', kind: 'CUSTOM', format: 'TEXT', source: 'Dear {{email}},\nhello' }

async function configured() {
  const made = await seed(app)
    .workspace()
    .csvSource()
    .segment({ any: [{ all: [{ attribute: 'country', operator: 'equals', value: 'NL' }] }] }, { notes: 'Dutch' })
    .connector()
    .action(undefined, { templates: [mail] })
    .create()
  return { ...made, workspaceId: made.workspace.id }
}

test('what comes out goes into another workspace, and comes out of it the same', async () => {
  const { workspaceId } = await configured()
  const { document } = await exported(workspaceId)
  console.log(JSON.stringify(document, null, 1))
  const empty = await seed(app).workspace().create()
  const secrets = [{ variable: document.connectors[0].settings.apiKey.env, value: 'k' }]
  const input = { workspaceId: empty.workspace.id, configuration: document, secrets }
  expect(await compared({ workspaceId: input.workspaceId, configuration: document })).toMatchObject({ changes: [
      { part: 'CONNECTIONS', change: 'CREATED' },
      { part: 'DATA_SOURCES', change: 'CREATED' },
      { part: 'SEGMENTS', change: 'CREATED' },
      { part: 'CONNECTORS', change: 'CREATED' },
      { part: 'ACTIONS', change: 'CREATED' },
    ] })
  expect(await applied(input)).toMatchObject({ __typename: 'Workspace' })
  const there = await exported(input.workspaceId)
  expect(there.document).toEqual(document)
  // To itself it changes nothing.
  const before = await app.db.auditEntry.count()
  expect(await compared({ workspaceId: input.workspaceId, configuration: document })).toMatchObject({
    changes: [],
    others: [],
    variables: [{ isSet: true }],
  })
  expect(await applied(input)).toEqual({ __typename: 'Workspace', fingerprint: there.fingerprint })
  expect(await app.db.auditEntry.count()).toBe(before)
})
