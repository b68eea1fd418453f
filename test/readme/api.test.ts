/** docs/api.md: the documents of every screen, one after the other as they stand there, on a workspace that delivers. */
import { readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type BrazeSimulator, createBrazeSimulator } from '@sluice/connector-braze/testing'
import { createWebhookReceiver, type WebhookReceiver } from '@sluice/connector-testing/simulator'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { settled } from '../harness/observe.ts'
import { csv, seed } from '../harness/seed.ts'
import { type Stack, startStack } from '../harness/stack.ts'
import { watchOverWebSocket } from '../harness/subscribe.ts'
import { facts } from './api-facts.ts'
import { fillIn } from './placeholders.ts'
import { shortcomings } from './shortcomings.ts'
import { readSteps, type Step } from './snippets.ts'

const document = readFileSync(fileURLToPath(new URL('../../docs/api.md', import.meta.url)), 'utf8')

/** Each with the steps below its heading. */
const screens = document
  .split(/^### /m)
  .slice(1)
  .map((text) => ({
    title: text.slice(0, text.indexOf('\n')),
    steps: readSteps(text.split(/^## /m)[0] ?? ''),
  }))
const steps = screens.flatMap(({ steps, title }) => steps.map((step, place) => ({ title, place, step })))

const day = (of: number) => `2026-02-0${of} 09:00:00`
const rows = [
  { id: 1, user: 'u-1', email: 'ann@example.com', country: 'NL', changed: day(1) },
  { id: 2, user: 'u-2', email: 'bob@example.com', country: 'BE', changed: day(2) },
  { id: 3, user: 'u-3', email: 'cyd@example.com', country: 'NL', changed: day(3) },
  // Braze needs to know who it is.
  { id: 4, user: null, email: null, country: 'NL', changed: day(4) },
]
const dutch = { any: [{ all: [{ attribute: 'country', operator: 'equals', value: 'NL' }] }] }
const mappings = [
  { parameter: 'externalId', from: { kind: 'attribute', attribute: 'user' } },
  { parameter: 'email', from: { kind: 'attribute', attribute: 'email' } },
]

let stack: Stack
let braze: BrazeSimulator
let receiver: WebhookReceiver
/** What a console knows: at first of the workspace, then what the steps have answered. */
let answers: Readonly<Record<string, unknown>>

beforeAll(async () => {
  stack = await startStack()
  braze = await createBrazeSimulator()
  stack.onClose(braze.close)
  receiver = await createWebhookReceiver()
  stack.onClose(receiver.close)
  const path = join(stack.folder, 'customers.csv')
  await writeFile(path, csv(rows))
  const made = await seed(stack)
    .workspace('Shop')
    .fileSource(path, {
      ...{ name: 'Customers', cursorMode: 'TIMESTAMP_INCREMENTING', timestampColumn: 'changed' },
      pollIntervalMs: 250,
    })
    .segment(dutch, { name: 'Dutch customers' })
    .connector({ endpoint: braze.url, apiKey: braze.apiKey }, { name: 'Braze' })
    .action(mappings, { name: 'Keep users' })
    .publish()
  const { deliveries } = await settled(stack, made.action.id, 3)
  answers = {
    ...{ workspace: made.workspace, segment: made.segment, connector: made.connector, action: made.action },
    ...{ dataSource: made.source, connection: { id: made.source.connectionId } },
    ...{ firstVersion: made.version, delivery: deliveries[0] },
  }
})
afterAll(() => stack.close())

function variablesOf({ variables }: Step): Record<string, unknown> {
  const own = { 'https://crm.example.com/hooks': `${receiver.url}/hooks` }
  const filled = fillIn(variables, { answers, own })
  if (JSON.stringify(filled).includes('https://')) throw new Error('A test must not call a real vendor.')
  return filled as Record<string, unknown>
}

async function take(step: Step): Promise<Readonly<Record<string, unknown>>> {
  const variables = variablesOf(step)
  if (step.operation !== 'subscription') {
    const { data, errors } = await stack.ask(step.document, variables)
    expect(errors).toBeUndefined()
    return data
  }
  const { token, url } = stack
  const watched = watchOverWebSocket({ url, token, query: step.document, variables })
  try {
    return { live: await watched.next() }
  } finally {
    await watched.stop()
  }
}

describe('each screen', () => {
  test.each(steps)('$title ($place)', async ({ place, step, title }) => {
    const data = await take(step)
    expect(shortcomings(data)).toEqual([])
    expect(data).toMatchObject(facts[title]?.[place] ?? {})
    // What it knows stays: queries name many things `workspace`.
    answers = step.operation === 'mutation' ? { ...answers, ...data } : { ...data, ...answers }
  })
})

test('of every step it is known what it must show', () => {
  const described = Object.entries(facts).map(([title, each]) => [title, each.length])
  expect(described).toEqual(screens.map(({ steps, title }) => [title, steps.length]))
})
