/** Choices that only the vendor knows: asked with the account, page by page, with an end, and kept nowhere. */
import { type BrazeSimulator, createBrazeSimulator } from '@sluice/connector-braze/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestApp, type TestApp } from '../harness/app.ts'
import { pluginsWithLists } from '../harness/list-scene.ts'
import { type ListVendor, serveLists } from '../harness/list-vendor.ts'
import { useLocalServers } from '../harness/local-server.ts'
import { seed } from '../harness/seed.ts'

const servers = useLocalServers()
let app: TestApp
let braze: BrazeSimulator
beforeAll(async () => {
  app = await createTestApp({ registry: pluginsWithLists })
  braze = await createBrazeSimulator({ campaigns: { 'c-1': 'active', 'c-2': 'paused' } })
})
afterAll(async () => {
  await braze.close()
  await app.close()
})

async function choicesOf(id: string, action: string, parameter: string) {
  const { data, errors } = await app.ask(
    `query ($id: ID!, $action: String!, $parameter: String!) {
      node(id: $id) {
        ... on Connector {
          parameterChoices(action: $action, parameter: $parameter) {
            __typename
            ... on ParameterChoices { choices { id label } isComplete }
            ... on ChoicesUnavailable { vendorCode }
            ... on Problem { code message }
            ... on InvalidInput { issues { path code } }
          }
        }
      }
    }`,
    { id, action, parameter },
  )
  expect(errors).toBeUndefined()
  return data.node.parameterChoices
}

async function listsConnector(vendor: ListVendor): Promise<string> {
  const settings = { endpoint: vendor.url, apiKey: 'p3' }
  const { connector } = await seed(app).workspace().connector(settings, { type: 'lists' }).create()
  return connector.id
}

async function brazeConnector(apiKey = braze.apiKey, endpoint = braze.url): Promise<string> {
  const { connector } = await seed(app).workspace().connector({ endpoint, apiKey }).create()
  return connector.id
}

test('Braze lists its campaigns', async () => {
  expect(await choicesOf(await brazeConnector(), 'campaign', 'campaignId')).toEqual({
    __typename: 'ParameterChoices',
    choices: [
      { id: 'c-2', label: 'Message c-2' },
      { id: 'c-1', label: 'Message c-1' },
    ],
    isComplete: true,
  })
})

test('the form says for which parameters there are choices', async () => {
  const { data } = await app.ask(`{ connectorTypes { id actions { type parametersForm preparedOutputs } } }`)
  const [types] = data.connectorTypes.filter(({ id }: { readonly id: string }) => id === 'braze')
  const campaign = types.actions.find(({ type }: { readonly type: string }) => type === 'campaign')
  expect(campaign.parametersForm.properties.campaignId).toMatchObject({
    title: 'Campaign ID',
    liveChoices: true,
  })
  expect(campaign.parametersForm.properties.sendId).not.toHaveProperty('liveChoices')
  expect(campaign.preparedOutputs).toEqual([])
})

test('pages are read to the end, but not for ever, and secrets are masked', async () => {
  const vendor = await serveLists(servers)
  const id = await listsConnector(vendor)
  vendor.pages = 3
  const few = await choicesOf(id, 'add-member', 'origin')
  expect(few.choices.map((choice: { readonly id: string }) => choice.id)).toEqual(['p0', 'p1', 'p2'])
  expect(few.isComplete).toBe(true)
  vendor.pages = 1_000
  const many = await choicesOf(id, 'add-member', 'origin')
  expect(many).toMatchObject({ isComplete: false })
  expect(many.choices).toHaveLength(20)
})

test.each([
  ['a wrong key', () => brazeConnector('wrong'), 'invalid_api_key'],
  ['a vendor that is not there', () => brazeConnector('k', 'http://127.0.0.1:9'), 'connection_failed'],
])('%s is told in words', async (_, connector, vendorCode) => {
  expect(await choicesOf(await connector(), 'canvas', 'canvasId')).toMatchObject({
    __typename: 'ChoicesUnavailable',
    code: 'choices_unavailable',
    vendorCode,
    message: expect.stringMatching(/Check|try/i),
  })
})

test('an answer that cannot be read is told as such', async () => {
  const vendor = await serveLists(servers)
  const id = await listsConnector(vendor)
  vendor.status = 500
  expect(await choicesOf(id, 'add-member', 'origin')).toMatchObject({ vendorCode: 'http_500' })
  vendor.status = 200
  vendor.pages = 0
  expect(await choicesOf(id, 'add-member', 'origin')).toMatchObject({ vendorCode: 'answer_unreadable' })
})

test.each([
  ['campain', 'campaignId', { path: ['action'], code: 'unknown_action_type' }],
  ['constructor', 'campaignId', { path: ['action'], code: 'unknown_action_type' }],
  ['campaign', 'sendId', { path: ['parameter'], code: 'not_applicable' }],
  ['campaign', 'constructor', { path: ['parameter'], code: 'not_applicable' }],
  ['track-user', 'email', { path: ['parameter'], code: 'not_applicable' }],
])('there are no choices of %s for %s', async (action, parameter, issue) => {
  expect(await choicesOf(await brazeConnector(), action, parameter)).toMatchObject({ issues: [issue] })
})
