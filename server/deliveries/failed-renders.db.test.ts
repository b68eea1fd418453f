/** Records that a template cannot render: dead letters that say where it failed, and no value. */
import { createWebhookReceiver, type WebhookReceiver } from '@sluice/connector-testing/simulator'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createTestApp, type TestApp } from '../../test/harness/app.ts'
import { planDelivery } from '../../test/harness/planned-delivery.ts'
import { type Row, seed } from '../../test/harness/seed.ts'
import { formsOfText } from '../../test/privacy/forms.ts'
import { searchBytes, searchTables } from '../../test/privacy/search.ts'

let app: TestApp
let receiver: WebhookReceiver
beforeAll(async () => {
  app = await createTestApp()
  receiver = await createWebhookReceiver()
})
afterAll(async () => {
  await receiver.close()
  await app.close()
})

const canary = 'canary "value" 7c1d'
const rows: readonly Row[] = [
  { id: 1, first: 'fine', second: 'fine' },
  { id: 2, first: canary, second: 'fine' },
  { id: 3, first: canary, second: 'fine' },
  { id: 4, first: 'fine', second: canary },
]
const templates = [
  { name: 'Body', kind: 'BODY', format: 'JSON', source: '{"first": "{{first}}",\n {{>Rest}}}' },
  { name: 'Rest', kind: 'CUSTOM', format: 'TEXT', source: '"second":\n  "{{second}}"' },
]

it('are rejected with the template, line and column of the fault; neighbours of one place are one', async () => {
  const { action } = await seed(app)
    .workspace()
    .csvSource(rows)
    .segment()
    .connector({ url: `${receiver.url}/hook` }, { type: 'webhook' })
    .action([{ parameter: 'body', from: { kind: 'template', template: 'Body' } }], {
      ...{ type: 'send-custom-data', templates },
    })
    .publish()
  const { send } = await planDelivery(app, action, '4')
  expect(await send()).toEqual({ kind: 'over' })
  expect(receiver.received.map(({ body }) => body)).toEqual([{ first: 'fine', second: 'fine' }])

  const { data, errors } = await app.ask(
    `query ($id: ID!) { action(id: $id) { deadLetters { edges { node {
      outcome reporter code parameterPath count templatePlace { template line column }
    } } } } }`,
    { id: action.id },
  )
  expect(errors).toBeUndefined()
  const fault = { outcome: 'REJECTED', reporter: 'SLUICE', code: 'not_json', parameterPath: 'body' }
  expect(data.action.deadLetters.edges.map(({ node }: { node: object }) => node)).toEqual([
    { ...fault, count: 1, templatePlace: { template: 'Rest', line: 2, column: 4 } },
    { ...fault, count: 2, templatePlace: { template: 'Body', line: 1, column: 12 } },
  ])
  const forms = formsOfText('the value', canary)
  expect(searchBytes(Buffer.from(JSON.stringify(data)), forms)).toEqual([])
  expect(await searchTables(app.databaseUrl, forms)).toEqual([])
  expect(searchBytes(Buffer.from(app.log.join('\n')), forms)).toEqual([])
})
