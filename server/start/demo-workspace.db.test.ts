/** The demo: it is set up once, follows vendors that move, and what it sends arrives, by template at the webhook. */
import { join } from 'node:path'
import { createBrazeSimulator } from '@sluice/connector-braze/testing'
import { createWebhookReceiver } from '@sluice/connector-testing/simulator'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createTestApp, type TestApp } from '../../test/harness/app.ts'
import { setUpDemo } from './demo-workspace.ts'
import type { GraphqlClient } from './graphql-client.ts'
import { ensureWarehouse } from './warehouse.ts'

let app: TestApp
beforeAll(async () => {
  app = await createTestApp()
  return () => app.close()
})
const closing: (() => Promise<void>)[] = []
afterAll(async () => {
  for (const close of closing) await close()
})

const api: GraphqlClient = async (document, variables) => {
  const { data, errors } = await app.ask(document, variables)
  expect(errors).toBeUndefined()
  return data as never
}

async function receiver() {
  const started = await createWebhookReceiver()
  closing.push(started.close)
  return started
}

/** Sends the first customer of the demo's webhook action. */
async function sendFirst() {
  const { workspaces } = await api<{ readonly workspaces: readonly Demo[] }>(
    '{ workspaces { name actions { id name isEnabled } } }',
  )
  const actions = workspaces.find(({ name }) => name === 'Demo')?.actions ?? []
  expect(actions.every(({ isEnabled }) => isEnabled)).toBe(true)
  expect(actions.map(({ name }) => name).toSorted()).toEqual([
    'Customers to Braze profiles',
    'Customers to a webhook',
  ])
  const id = actions.find(({ name }) => name === 'Customers to a webhook')?.id
  const { action } = await api<{ readonly action: { readonly dryRun: DryRun } }>(
    'query ($id: ID!) { action(id: $id) { dryRun(limit: 1) { ... on ActionDryRun { records { key attributes } } } } }',
    { id },
  )
  const [record] = action.dryRun.records
  const { sendSample } = await api<{ readonly sendSample: object }>(
    'mutation ($input: SendSampleInput!) { sendSample(input: $input) { ... on SentSample { verdict } } }',
    { input: { id, key: record?.key } },
  )
  expect(sendSample).toEqual({ verdict: 'delivered' })
  return record?.attributes
}

interface Demo {
  readonly name: string
  readonly actions: readonly { readonly id: string; readonly name: string; readonly isEnabled: boolean }[]
}

interface DryRun {
  readonly records: readonly {
    readonly key: readonly string[]
    readonly attributes: Readonly<Record<string, unknown>>
  }[]
}

it('has a second action that posts to the receiver through a template, wherever that is', async () => {
  const warehouse = join(app.folder, 'demo.duckdb')
  await ensureWarehouse(warehouse, 200)
  const braze = await createBrazeSimulator({ apiKey: 'canary-demo-key-18cd' })
  closing.push(braze.close)
  const first = await receiver()
  const webhook = { url: first.url, apiKey: 'canary-hook-key-55e1' }
  expect(await setUpDemo(api, warehouse, { braze, webhook })).toBe('published')
  expect(await setUpDemo(api, warehouse, { braze, webhook })).toBe('unchanged')

  const customer = await sendFirst()
  expect(first.received).toMatchObject([{ path: '/customers', method: 'POST' }])
  expect(first.received[0]?.headers.authorization).toBe('Bearer canary-hook-key-55e1')
  expect(first.received[0]?.body).toEqual([
    {
      ...{ external_id: customer?.['external_id'], email: customer?.['email'] },
      ...{ name: customer?.['first_name'], country: customer?.['country'] },
      ...{ plan: customer?.['plan'], orders: customer?.['orders'] },
    },
  ])

  const second = await receiver()
  const moved = { ...webhook, url: second.url }
  expect(await setUpDemo(api, warehouse, { braze, webhook: moved })).toBe('published')
  await sendFirst()
  expect(first.received).toHaveLength(1)
  expect(second.received).toHaveLength(1)
})
