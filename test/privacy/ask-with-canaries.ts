/** Requests that have canaries in their answers, or in what is wrong with them. */
import { basename, join } from 'node:path'
import { expect } from 'vitest'
import type { ApiClient } from '../harness/api-client.ts'
import type { Scene } from '../harness/scene.ts'
import type { Canaries } from './canaries.ts'

/** Previews answer with values; what is wrong in a request is said, and kept nowhere. */
export async function askWithCanaries(
  installation: ApiClient & { readonly folder: string },
  { text, unicode, number }: Canaries,
  { action, source, segment, workspaceId, connector }: Scene,
): Promise<void> {
  const previews = await installation.ask(
    `query ($source: ID!, $segment: ID!) {
      dataSource(id: $source) { preview(limit: 2) { ... on SourceRows { rows } } }
      segment(id: $segment) {
        preview(dataSourceId: $source) { ... on SourceRows { rows } }
        count(dataSourceId: $source) { ... on MatchCount { matched } }
      }
    }`,
    { source: source.id, segment: segment.id },
  )
  expect(JSON.stringify(previews.data.dataSource)).toContain(text)
  expect(JSON.stringify(previews.data.segment.preview)).toContain(unicode)

  const query = async (sql: string) =>
    installation.ask(
      `mutation ($input: TestQueryInput!) {
        testQuery(input: $input) {
          ... on TestedQuery { rows }
          ... on InvalidInput { message issues { message } }
        }
      }`,
      { input: { connectionId: source.connectionId, query: { sql }, limit: 100 } },
    )
  const table = basename(source.path).replace(/\.\w+$/, '')
  expect(JSON.stringify((await query(`FROM "${table}"`)).data.testQuery)).toContain(unicode)
  // What is wrong with a query that holds values is said without them.
  for (const sql of [`SELECT '${text}' ||| FROM "${table}"`, `SELECT CAST('${text}' AS INTEGER) AS a`]) {
    const answer = JSON.stringify((await query(sql)).data?.testQuery ?? null)
    expect(answer).not.toContain(text)
  }

  const tried = await installation.ask(
    `query ($action: ID!) {
      action(id: $action) { dryRun(limit: 8) { ... on ActionDryRun { records { attributes } requests { body } } } }
    }`,
    { action: action.id },
  )
  expect(JSON.stringify(tried.data.action)).toContain(unicode)
  const edited = await installation.ask(
    `query ($action: ID!, $template: TemplateDraftInput!) {
      action(id: $action) {
        templateDraft(template: $template) {
          problems { message }
          preview { ... on TemplatePreview { rows { text errorMessage place { line } } } }
        }
      }
    }`,
    { action: action.id, template: { name: 'Try', source: '{{first_name}}{{#if motto}}{{note}}{{/if}}' } },
  )
  expect(JSON.stringify(edited.data.action)).toContain(unicode)
  const failing = await installation.ask(
    `query ($action: ID!, $template: TemplateDraftInput!) {
      action(id: $action) {
        templateDraft(template: $template) {
          preview { ... on TemplatePreview { rows { errorCode errorMessage } } }
        }
      }
    }`,
    { action: action.id, template: { name: 'Try', source: '{{motto.toInteger}}' } },
  )
  expect(JSON.stringify(failing.data.action)).toContain('not_a_number')
  expect(JSON.stringify(failing.data.action)).not.toContain(text)
  const sample = await installation.ask(
    `mutation ($input: SendSampleInput!) {
      sendSample(input: $input) { ... on SentSample { verdict exchanges { request { body } answer } } }
    }`,
    { input: { id: action.id, key: [`${text}-key-7`] } },
  )
  // The vendor repeats what it was sent, and so does the answer: to who asked.
  expect(sample.data.sendSample.verdict).toBe('refused')
  expect(sample.data.sendSample.exchanges[0].answer).toContain(unicode)

  // Whom to forget is named, by a mutation with a key: neither is kept.
  const forgotten = await installation.ask(
    `mutation ($input: ForgetRecipientInput!, $key: String) {
      forgetRecipient(input: $input, idempotencyKey: $key) {
        __typename
        ... on ForgottenRecipient { deadLetters underWay }
        ... on Problem { message }
      }
    }`,
    {
      key: `${text}-key`,
      input: {
        workspaceId,
        identifiers: [{ externalId: `${text}-key-7` }, { email: `${text}-7@example.com` }],
        rows: [{ dataSourceId: source.id, key: [`${text}-key-12`] }],
      },
    },
  )
  expect(forgotten.data.forgetRecipient.__typename).toBe('ForgottenRecipient')

  const wrong = await Promise.all([
    installation.ask(`{ ${text} }`),
    installation.ask(`query { node(id: "${text}") { id } }`),
    installation.ask(
      `mutation { createWorkspace(input: { name: 1, ${text}: "${unicode}" }) { __typename } }`,
    ),
    installation.ask('query ($id: ID!) { segment(id: $id) { id } }', { id: { [text]: String(number) } }),
    installation.ask(
      `mutation ($input: CreateSegmentInput!) {
        createSegment(input: $input) { __typename ... on InvalidInput { issues { path code message } } }
      }`,
      {
        input: {
          workspaceId,
          name: 'Never made',
          dataSourceIds: [source.id],
          conditions: { any: [{ all: [{ attribute: 'account', operator: 'greaterThan', value: text }] }] },
        },
      },
    ),
    installation.ask(
      `mutation ($input: CreateDataSourceConnectionInput!) {
        createDataSourceConnection(input: $input) { __typename }
      }`,
      {
        input: {
          workspaceId,
          name: 'Never made',
          type: 'duckdb',
          settings: { path: join(installation.folder, `${text}.csv`), [text]: text },
        },
      },
    ),
    installation.ask(
      `mutation ($input: CreateDataSourceInput!) { createDataSource(input: $input) { __typename } }`,
      {
        input: {
          workspaceId,
          name: 'Never made',
          connectionId: source.connectionId,
          keyColumns: [text],
          cursorMode: 'INCREMENTING',
          incrementColumn: unicode,
        },
      },
    ),
    installation.ask(
      `mutation ($input: ForgetRecipientInput!) {
        forgetRecipient(input: $input) { __typename ... on InvalidInput { issues { path code message } } }
      }`,
      { input: { workspaceId, identifiers: [{ [text]: unicode }, { externalId: '1', [unicode]: text }] } },
    ),
    installation.ask(
      'mutation ($input: TestConnectionInput!) { testConnection(input: $input) { __typename } }',
      {
        input: { id: connector.id },
      },
    ),
  ])
  expect(wrong.slice(0, 4).every(({ errors }) => errors !== undefined)).toBe(true)
  expect(wrong[4]?.data.createSegment.__typename).toBe('InvalidInput')
  expect(wrong[5]?.data.createDataSourceConnection.__typename).toBe('InvalidInput')
  expect(wrong[6]?.data.createDataSource.__typename).toBe('InvalidInput')
  expect(wrong[7]?.data.forgetRecipient.__typename).toBe('InvalidInput')
}
