/** The README's recipe 'your own data', step by step as it stands there, on the real parts. */
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { appendFile, copyFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { DuckDBInstance } from '@duckdb/node-api'
import { type BrazeSimulator, createBrazeSimulator } from '@sluice/connector-braze/testing'
import { createWebhookReceiver, type WebhookReceiver } from '@sluice/connector-testing/simulator'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Stack, startStack } from '../harness/stack.ts'
import { watchOverEvents, watchOverWebSocket } from '../harness/subscribe.ts'
import { until } from '../harness/until.ts'
import { fillIn } from './placeholders.ts'
import { shortcomings } from './shortcomings.ts'
import { readBlocks, readSteps, type Step } from './snippets.ts'

const fileOf = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url))
const readme = readFileSync(fileOf('README.md'), 'utf8')
const example = 'examples/customers.csv'
const steps = readSteps(readme)
/** Made with the demo's port and folder in mind: a reader has others. */
const commands = readBlocks(readme).filter(({ language, text }) => language === 'sh' && text.includes('curl'))
const [scripted, signUp] = commands

let stack: Stack
let braze: BrazeSimulator
let receiver: WebhookReceiver
let csv: string
/** What the steps so far have answered. */
let answers: Readonly<Record<string, unknown>> = {}

beforeAll(async () => {
  stack = await startStack()
  braze = await createBrazeSimulator()
  stack.onClose(braze.close)
  receiver = await createWebhookReceiver()
  stack.onClose(receiver.close)
  csv = join(stack.folder, 'customers.csv')
  await copyFile(fileOf(example), csv)
})

afterAll(() => stack.close())

function variablesOf({ variables }: Step): object {
  const own = {
    [example]: csv,
    'https://rest.iad-01.braze.com': braze.url,
    'your REST API key': braze.apiKey,
    'https://crm.example.com/hooks': `${receiver.url}/hooks`,
  }
  const filled = fillIn(variables, { answers, own })
  if (JSON.stringify(filled).includes('https://')) throw new Error('A test must not call a real vendor.')
  return filled as object
}

async function take(step: Step, variables = variablesOf(step)): Promise<Readonly<Record<string, unknown>>> {
  const { data, errors } = await stack.ask(step.document, variables)
  expect(errors).toBeUndefined()
  expect(shortcomings(data)).toEqual([])
  return data
}

interface Metrics {
  readonly matched: number
  readonly waiting: number
  readonly isAtSourceEnd: boolean
}

/** Watches until everything is delivered, as a reader would. */
async function watch(step: Step): Promise<Readonly<Record<string, unknown>>> {
  const variables = variablesOf(step) as Record<string, unknown>
  const watched = watchOverWebSocket<Metrics>({
    url: stack.url,
    token: stack.token,
    query: step.document,
    variables,
  })
  try {
    for (;;) {
      const metrics = await watched.next()
      if (metrics.matched > 0 && metrics.waiting === 0 && metrics.isAtSourceEnd) return { metrics }
    }
  } finally {
    await watched.stop()
  }
}

describe('the steps of the README', () => {
  test.each(steps)('the $operation in line $line answers without a problem', async (step) => {
    const answer = step.operation === 'subscription' ? await watch(step) : await take(step)
    answers = { ...answers, ...answer }
  })

  test('bring the rows that meet the segment to Braze, and count them', () => {
    expect(answers['segment']).toMatchObject({ count: { matched: 5, isComplete: true } })
    expect(answers['metrics']).toMatchObject({ matched: 5, delivered: 4, rejected: 1 })
    const profiles = [...braze.profiles()].map(({ externalId }) => externalId)
    expect(profiles.sort()).toEqual(['u-1001', 'u-1004', 'u-1005', 'u-1008'])
    expect(JSON.stringify(braze.profile('u-1005'))).toMatch(/elif@example\.com.*Elif.*plus.*sluice/)
  })

  test('bring the same rows to any HTTP API', async () => {
    const rows = () =>
      receiver.received.flatMap(({ body }) => body as readonly { readonly customer: number }[])
    await until('the receiver has every row of the segment', () => rows().length >= 5)
    expect(rows().map(({ customer }) => customer)).toEqual([1, 4, 5, 6, 8])
    expect(receiver.received[0]).toMatchObject({
      method: 'POST',
      path: '/hooks/customers',
      headers: { authorization: 'Bearer your token', 'x-source': 'sluice' },
    })
  })

  test('tell which row was not delivered, and why', () => {
    const deadLetter = {
      outcome: 'REJECTED',
      code: 'identifier_missing',
      parameterPath: 'externalId',
      count: 1,
      attempts: 0,
    }
    expect(answers['history']).toMatchObject({
      dataSource: { errorCode: null },
      deliveries: { edges: [{ node: { state: 'COMPLETED', matched: 5, delivered: 4 } }] },
      deadLetters: { edges: [{ node: deadLetter }] },
    })
  })

  test('leave the action resumed, so that what is added to the file follows', async () => {
    await appendFile(csv, '9,u-1009,ines@example.com,Ines,NL,free,0,true,2026-02-03 09:00:00\n')
    const profile = await until('the new row has arrived', () => braze.profile('u-1009'))
    expect(profile.attributes).toMatchObject({ email: 'ines@example.com', plan: 'free' })
  })
})

describe('what the README says besides', () => {
  test.each(['parquet', 'json', 'duckdb'])('a %s file goes the same way', async (kind) => {
    const path = join(stack.folder, `customers.${kind}`)
    await convert(path)
    const [connect, create] = steps.filter(({ document }) => /createDataSource/.test(document))
    if (connect === undefined || create === undefined)
      throw new Error('The README does not connect a file any more.')
    const inputOf = (step: Step) => (variablesOf(step) as { readonly input: object }).input
    const connected = await take(connect, { input: { ...inputOf(connect), name: kind, settings: { path } } })
    expect(JSON.stringify(connected)).toContain('"name":"customer_no"')
    const { id: connectionId } = connected['connection'] as { readonly id: string }
    const table = kind === 'duckdb' ? { query: { table: { name: 'customers' } } } : {}
    const created = await take(create, { input: { ...inputOf(create), name: kind, connectionId, ...table } })
    const before = answers['dataSource'] as { readonly preview: unknown }
    expect(created['dataSource']).toMatchObject({ preview: before.preview })
  })

  test('the command with curl answers with the workspaces', async () => {
    if (scripted === undefined) throw new Error('The README has no command with curl any more.')
    const tokenFile = join(stack.folder, 'token')
    await writeFile(tokenFile, `${stack.token}\n`)
    const command = scripted.text.replace(/http:[^ ]*\d/, stack.url).replace('.sluice/token', tokenFile)
    const { stdout } = await promisify(execFile)('sh', ['-c', command])
    expect(JSON.parse(stdout)).toEqual({ data: { workspaces: [{ id: expect.anything(), name: 'Shop' }] } })
  })

  test('whoever was invited signs up, and may what the role may', async () => {
    if (signUp === undefined) throw new Error('The README signs nobody up any more.')
    const { token } = answers['invited'] as { readonly token: string }
    const command = signUp.text
      .replaceAll(/http:\/\/127[\d.:]*/g, stack.url)
      .replaceAll(/ cookies\b/g, ` ${join(stack.folder, 'cookies')}`)
      .replace('the token', token)
    const { stdout } = await promisify(execFile)('sh', ['-c', command])
    const rights = ['READ', 'PREVIEW', 'EDIT', 'OPERATE']
    const workspaces = [{ name: 'Shop', viewerRole: 'EDITOR', viewerRights: rights }]
    expect(stdout).toContain(JSON.stringify({ data: { viewer: { name: 'Bea' }, workspaces } }))
  })
})

test('the subscription of the README comes as server-sent events too', async () => {
  const [step] = steps.filter(({ operation }) => operation === 'subscription')
  if (step === undefined) throw new Error('The README watches nothing any more.')
  const variables = variablesOf(step) as Record<string, unknown>
  const watched = await watchOverEvents<Metrics>({
    url: stack.url,
    token: stack.token,
    query: step.document,
    variables,
  })
  expect((await watched.next()).matched).toBeGreaterThan(0)
  await watched.stop()
})

/** Writes the example's rows to a file of another kind; a database gets a second table, so that one must be named. */
async function convert(path: string): Promise<void> {
  const instance = await DuckDBInstance.create(path.endsWith('.duckdb') ? path : ':memory:')
  const connection = await instance.connect()
  await connection.run(`create table customers as from '${fileOf(example)}'`)
  await connection.run('create table others as select 1 as id')
  if (!path.endsWith('.duckdb')) await connection.run(`copy customers to '${path}'`)
  connection.closeSync()
  instance.closeSync()
}
