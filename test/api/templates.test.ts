/** Templates: written, checked, tried on rows, mapped, published, and kept while something uses them. */
import { type BrazeSimulator, createBrazeSimulator } from '@sluice/connector-braze/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestApp, type TestApp } from '../harness/app.ts'
import { mutate } from '../harness/mutate.ts'
import { externalId, type Row, seed } from '../harness/seed.ts'

let app: TestApp
let braze: BrazeSimulator
beforeAll(async () => {
  app = await createTestApp()
  braze = await createBrazeSimulator({ apiKey: 'canary-api-key-77ab' })
})
afterAll(async () => {
  await braze.close()
  await app.close()
})

const rows: readonly Row[] = [
  { id: 1, email: 'ann@example.com', 'last order': 'pen', uuid: 'u-1' },
  { id: 2, email: 'b"ob@example.com', 'last order': null, uuid: 'u-2' },
]
const problems = `
  ... on Problem { code message }
  ... on InvalidInput { issues { path code message line column } }
`
const fromTemplate = (template: string) => ({ kind: 'template', template })
const purchases = {
  name: 'Purchases',
  kind: 'CUSTOM',
  format: 'JSON',
  source: `{{#if order}}[{"productId": {{order.toJson}}, "currency": "EUR", "price": 1,
  "properties": {"id": "{{uuid}}"}}]{{/if}}{{#unless order}}null{{/unless}}`,
}
const events = {
  name: 'Events',
  format: 'JSON',
  source: '{"name": "ordered", "properties": {"what": {{order.toJson}}}}',
}
const name = { name: 'Name', source: 'Dear {{email}}' }
const variables = [{ name: 'order', attribute: 'last order' }]

function prepare(fields: object, mappings: readonly object[] = [externalId]) {
  return seed(app)
    .workspace()
    .csvSource(rows)
    .segment()
    .connector({ endpoint: braze.url, apiKey: braze.apiKey })
    .action(mappings, fields)
}

async function ask(document: string, given: object) {
  const { data, errors } = await app.ask(document, given)
  expect(errors).toBeUndefined()
  return data
}

async function change(verb: string, input: object, result: string) {
  const type = `${verb[0]?.toUpperCase()}${verb.slice(1)}Input`
  const data = await ask(
    `mutation ($input: ${type}!) { ${verb}(input: $input) { __typename ${problems} ${result} } }`,
    { input },
  )
  return data[verb]
}

const inUse = '... on TemplateInUse { uses { parameter template } }'

test('what templates render goes to the vendor: texts, and JSON in place of the mappings of a group', async () => {
  const { action, version } = await prepare(
    { templates: [purchases, events, name], templateVariables: variables },
    [
      externalId,
      { parameter: 'attributes', key: 'greeting', from: fromTemplate('Name') },
      { parameter: 'purchases', key: 'productId', from: { kind: 'constant', value: 'never' } },
      { parameter: 'purchases', from: fromTemplate('Purchases') },
      { parameter: 'events', key: 'name', from: { kind: 'constant', value: 'never' } },
      { parameter: 'events', from: fromTemplate('Events') },
    ],
  ).publish()
  const { action: tried } = await ask(
    `query ($id: ID!) { action(id: $id) { notRunnable templates { name kind format uses { parameter } } dryRun { ... on ActionDryRun {
      records { attributes errorCode parameterPath } requests { body }
    } } } }`,
    { id: action.id },
  )
  expect(tried.templates).toEqual([
    { name: 'Events', kind: 'CUSTOM', format: 'JSON', uses: [{ parameter: 'events' }] },
    { name: 'Name', kind: 'CUSTOM', format: 'TEXT', uses: [{ parameter: 'attributes.greeting' }] },
    { name: 'Purchases', kind: 'CUSTOM', format: 'JSON', uses: [{ parameter: 'purchases' }] },
  ])
  expect(tried.notRunnable).toBeNull()
  expect(
    tried.dryRun.records.map(({ attributes }: { attributes: object }) => Object.keys(attributes)),
  ).toEqual([
    ['id', 'email', 'last order'],
    ['id', 'email', 'last order'],
  ])
  const body = JSON.parse(tried.dryRun.requests[0].body)
  expect(body.attributes).toEqual([
    { external_id: '1', greeting: 'Dear ann@example.com' },
    { external_id: '2', greeting: 'Dear b"ob@example.com' },
  ])
  expect(body.purchases).toEqual([
    expect.objectContaining({
      product_id: 'pen',
      price: 1,
      properties: { id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-/) },
    }),
  ])

  expect(body.events).toMatchObject([
    { external_id: '1', name: 'ordered', properties: { what: 'pen' } },
    { external_id: '2', name: 'ordered', properties: {} },
  ])

  const sample = await change(
    'sendSample',
    { id: action.id, key: ['1'] },
    '... on SentSample { verdict exchanges { status } }',
  )
  expect(sample).toMatchObject({ verdict: 'delivered', exchanges: [{ status: 201 }] })

  const { version: published } = await ask(
    'query ($id: ID!) { version(id: $id) { documents { kind body } } }',
    { id: version.id },
  )
  const document = published.documents.find(({ kind }: { kind: string }) => kind === 'ACTION')
  expect(document.body).toMatchObject({
    templates: [
      { name: 'Events', format: 'json' },
      { name: 'Name', kind: 'custom', source: name.source },
      { name: 'Purchases', format: 'json' },
    ],
    templateVariables: variables,
  })
})

test('a record that cannot be rendered is rejected with its parameter, code and place, and no value', async () => {
  const template = { name: 'T', format: 'JSON', source: '{\n  "email": "{{email}}"\n}' }
  const mappings = [externalId, { parameter: 'attributes', key: 'raw', from: fromTemplate('T') }]
  const { action } = await prepare({ templates: [template] }, mappings).create()
  const { action: tried } = await ask(
    `query ($id: ID!) { action(id: $id) { dryRun { ... on ActionDryRun {
      records { errorCode parameterPath templatePlace { template line column } } requests { body }
    } } } }`,
    { id: action.id },
  )
  expect(tried.dryRun.records).toEqual([
    { errorCode: null, parameterPath: null, templatePlace: null },
    {
      errorCode: 'not_json',
      parameterPath: 'attributes.raw',
      templatePlace: { template: 'T', line: 2, column: 13 },
    },
  ])
  expect(JSON.parse(tried.dryRun.requests[0].body).attributes).toEqual([
    { external_id: '1', raw: { email: 'ann@example.com' } },
  ])
})

test('everything that is wrong with a template is said at once, with lines and columns', async () => {
  const { action } = await prepare({}).create()
  const source = '{{#if email}}\n{{nothing "a"}}\n{{formatDate email}}'
  const refused = await change('createTemplate', { actionId: action.id, name: ' T{ ', source }, '')
  expect(refused.issues.map(({ message: _, ...issue }: { message: string }) => issue)).toEqual([
    { path: ['name'], code: 'invalid_text', line: null, column: null },
    { path: ['source'], code: 'unclosed_section', line: 1, column: 1 },
    { path: ['source'], code: 'unknown_helper', line: 2, column: 3 },
    { path: ['source'], code: 'missing_argument', line: 3, column: 3 },
  ])
  const others = await change(
    'updateAction',
    {
      id: action.id,
      revision: action.revision,
      mappings: [externalId, { parameter: 'purchases', from: fromTemplate('Purchases') }],
      templateVariables: [
        { name: 'order', attribute: 'last oder' },
        { name: 'hash', attribute: 'email' },
      ],
    },
    '',
  )
  expect(
    others.issues.map(({ path, code }: { path: string[]; code: string }) => [path.join('.'), code]),
  ).toEqual([
    ['mappings.1.from.template', 'unknown_template'],
    ['templateVariables.0.attribute', 'unknown_attribute'],
    ['templateVariables', 'bad_variable'],
  ])
})

test('a template keeps its name, its format and its place while something uses it', async () => {
  const { action, workspace } = await prepare({
    templates: [purchases],
    templateVariables: variables,
  }).create()
  const row = await mutate(app, 'createTemplate', { actionId: action.id, name: 'Row', source: '{{email}}' })
  await mutate(app, 'createTemplate', { actionId: action.id, name: 'All', source: '{{>Row}}' })
  const data = await ask('query ($id: ID!) { action(id: $id) { revision templates { id name revision } } }', {
    id: action.id,
  })
  const edit = {
    id: action.id,
    revision: data.action.revision,
    mappings: [externalId, { parameter: 'purchases', from: fromTemplate('Purchases') }],
  }
  await mutate(app, 'updateAction', edit)
  const whole = data.action.templates.find(({ name }: { name: string }) => name === 'Purchases')
  const named = { id: whole.id, revision: whole.revision }

  expect(await change('deleteTemplate', named, inUse)).toMatchObject({
    code: 'template_in_use',
    uses: [{ parameter: 'purchases', template: null }],
  })
  expect(await change('updateTemplate', { ...row, name: 'Line' }, inUse)).toMatchObject({
    code: 'template_in_use',
    uses: [{ parameter: null, template: 'All' }],
  })
  expect(await change('updateTemplate', { ...named, format: 'TEXT' }, inUse)).toMatchObject({
    issues: [{ path: ['mappings', '1', 'from', 'template'], code: 'template_not_json' }],
  })
  expect(await change('updateTemplate', { ...row, source: '{{>All}}' }, inUse)).toMatchObject({
    code: 'invalid_input',
  })
  expect(await change('updateTemplate', { ...row, revision: 7, source: '' }, inUse)).toMatchObject({
    code: 'revision_conflict',
  })
  expect(await change('createTemplate', { actionId: action.id, name: 'Row', source: '' }, '')).toMatchObject({
    code: 'name_taken',
  })

  await mutate(app, 'updateAction', { ...edit, revision: edit.revision + 1, mappings: [externalId] })
  expect(await change('deleteTemplate', named, '... on Action { templates { name } }')).toMatchObject({
    templates: [{ name: 'All' }, { name: 'Row' }],
  })
  expect(await change('deleteTemplate', named, '')).toMatchObject({ code: 'not_found' })

  const published = await change(
    'publishVersion',
    { workspaceId: workspace.id, notes: 'test' },
    '... on Version { documents { kind body } }',
  )
  const document = published.documents.find(({ kind }: { kind: string }) => kind === 'ACTION')
  expect(document.body.templates.map((each: { name: string }) => each.name)).toEqual(['All', 'Row'])
})

test('an editor gets pieces, problems and completions of a text that is not saved, and what it renders', async () => {
  const { action } = await prepare({ templateVariables: variables }).create()
  const source = '{{#if order}}{{order.toJson}}{{/if}}{{emial}}'
  const { action: edited, templateHelpers } = await ask(
    `query ($id: ID!, $template: TemplateDraftInput!) {
      action(id: $id) { templates { id } templateDraft(template: $template) {
        tokens { kind start end }
        uses { name line column }
        problems { severity code line column }
        variables { name attribute type }
        completions(offset: 21) { text start kind detail }
        preview(limit: 2) { ... on TemplatePreview { rows { attributes text isCut errorCode place { line } } } }
      } }
      templateHelpers { name usage signature example exampleResult parameters { name } options { name values } }
    }`,
    { id: action.id, template: { name: 'T', source } },
  )
  const { templateDraft: draft } = edited
  expect(edited.templates).toEqual([])
  expect(draft.tokens.slice(0, 3)).toEqual([
    { kind: 'DELIMITER', start: 0, end: 3 },
    { kind: 'HELPER', start: 3, end: 5 },
    { kind: 'VARIABLE', start: 6, end: 11 },
  ])
  expect(draft.uses.map(({ name }: { name: string }) => name)).toEqual(['order', 'order'])
  expect(draft.problems).toEqual([{ severity: 'WARNING', code: 'unknown_variable', line: 1, column: 39 }])
  expect(draft.variables).toEqual([
    { name: 'order', attribute: 'last order', type: 'STRING' },
    { name: 'id', attribute: 'id', type: 'NUMBER' },
    { name: 'email', attribute: 'email', type: 'STRING' },
  ])
  expect(draft.completions).toEqual([
    expect.objectContaining({ text: 'toInteger', start: 21, kind: 'PART' }),
    expect.objectContaining({ text: 'toJson', start: 21, kind: 'PART' }),
    expect.objectContaining({ text: 'toList', start: 21, kind: 'PART' }),
  ])
  expect(draft.preview.rows).toEqual([
    { attributes: { 'last order': 'pen' }, text: '"pen"', isCut: false, errorCode: null, place: null },
    { attributes: { 'last order': null }, text: '', isCut: false, errorCode: null, place: null },
  ])
  expect(templateHelpers.find(({ name }: { name: string }) => name === 'join')).toMatchObject({
    usage: 'INLINE',
    signature: 'join list… [on=","]',
  })

  const broken = await ask(
    `query ($id: ID!, $template: TemplateDraftInput!) {
      action(id: $id) { templateDraft(template: $template) { preview { __typename ${problems} } } }
    }`,
    { id: action.id, template: { name: 'T', source: '\n{{#if order}}' } },
  )
  expect(broken.action.templateDraft.preview).toMatchObject({
    __typename: 'InvalidInput',
    issues: [{ code: 'unclosed_section', line: 2 }],
  })
})
