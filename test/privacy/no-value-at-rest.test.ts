/**
 * No attribute value, row key or cursor is ever at rest: canaries go through deliveries with every kind of ending,
 * and are then looked for in all that the installation keeps or writes.
 */
import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Fault } from '@sluice/connector-braze/testing'
import { afterAll, beforeAll, describe, expect, inject } from 'vitest'
import { startDuckdbWriter } from '../harness/duckdb-writer.ts'
import { type Installation, startInstallation } from '../harness/installation.ts'
import { mutate } from '../harness/mutate.ts'
import type { Observed } from '../harness/observe.ts'
import { attribute, type CreateScene, withScenes } from '../harness/scene.ts'
import { until } from '../harness/until.ts'
import { askWithCanaries } from './ask-with-canaries.ts'
import { createCanaries } from './canaries.ts'
import { plantInDatabase, plantInWorkflow } from './plant.ts'
import { checkpoint, searchBytes, searchFolder, searchTables } from './search.ts'

const canaries = createCanaries()
const { text, unicode, number, instant, micros } = canaries
const always = Number.POSITIVE_INFINITY
const rowCount = 120

let sources: string
let workingFolder: string
let installation: Installation

const it = withScenes(() => installation)
beforeAll(async () => {
  sources = await realpath(await mkdtemp(join(inject('suiteFolder'), 'canaries-')))
  workingFolder = await mkdtemp(join(inject('suiteFolder'), 'working-'))
  installation = await startInstallation({ folder: sources, workingFolder })
}, 120_000)
afterAll(async () => {
  await installation.remove()
  await rm(sources, { recursive: true })
  await rm(workingFolder, { recursive: true })
}, 60_000)

describe('the search', () => {
  it('would find a value in PostgreSQL, in Temporal, in a file and in an output', async () => {
    const planted = createCanaries()
    const inRow = await plantInDatabase(installation.databaseUrl, planted)
    await plantInWorkflow(installation.temporal, planted.text)
    await writeFile(join(workingFolder, 'planted'), JSON.stringify({ [planted.text]: planted.unicode }))
    await checkpoint(installation.databaseUrl)

    const inFiles = (await searchFolder(installation.dataFolder, planted.forms)).join('\n')
    expect(inFiles).toMatch(/^postgres\/.*\/base\/.*: text as UTF-8$/m)
    expect(inFiles).toMatch(/^postgres\/.*\/pg_wal\/.*: text as UTF-8$/m)
    expect(inFiles).toMatch(/^postgres\/.*: text as hex$/m)
    expect(inFiles).toMatch(/^postgres\/.*: text as base64 at [012]$/m)
    expect(inFiles).toMatch(/^postgres\/.*: unicode as UTF-8$/m)
    expect(inFiles).toMatch(/^postgres\/.*: unicode as JSON escapes$/m)
    expect(inFiles).toMatch(/^postgres\/.*: number as digits$/m)
    expect(inFiles).toMatch(/^postgres\/.*: number as integer$/m)
    expect(inFiles).toMatch(/^postgres\/.*: number as double$/m)
    expect(inFiles).toMatch(/^postgres\/.*: number as numeric$/m)
    expect(inFiles).toMatch(/^postgres\/.*: instant in PostgreSQL's microseconds as integer$/m)
    expect(inFiles).toMatch(/^temporal\/.*: text as UTF-8$/m)
    expect(await searchFolder(workingFolder, planted.forms)).toEqual([
      'planted: text as UTF-8',
      'planted: unicode as UTF-8',
    ])
    expect(await searchTables(installation.databaseUrl, planted.forms)).toContain('planted: text as UTF-8')
    expect(searchBytes(Buffer.from(`{"at":"${planted.instant}"}`), planted.forms)).toEqual([
      'instant as a day',
    ])
    expect(inRow).toBe(1)
    await installation.db.$executeRaw`DROP TABLE planted`
  })
})

describe('after deliveries with every ending', () => {
  const seen: { profiles?: Observed; events?: Observed; shared?: Observed; broken?: Observed } = {}

  it('values went to the vendor and through the API to who asked', async ({ createScene }) => {
    seen.profiles = await deliverProfiles(createScene)
    seen.events = await deliverEvents(createScene)
    seen.shared = await deliverShared(createScene)
    seen.broken = await deliverFromBrokenFile(createScene)
    expect(seen.profiles.counts.delivered).toBeGreaterThan(80)
    expect(seen.profiles.counts.rejected).toBe(20)
    expect(seen.profiles.counts.refused).toBeGreaterThan(1)
    expect(seen.profiles.counts.retries).toBeGreaterThan(0)
    expect(seen.events.counts.unknown).toBe(75)
    expect(seen.shared.counts).toMatchObject({ delivered: 120, retries: 75 })
    expect(seen.broken.counts.delivered).toBe(3)
  }, 120_000)

  it('no value is in what server and worker wrote', () => {
    expect(installation.output()).toContain('"role":"worker"')
    expect(searchBytes(Buffer.from(installation.output()), canaries.forms)).toEqual([])
  })

  it('no value is in a file that is exported', async () => {
    const { workspaces } = await installation.data('{ workspaces { id } }')
    let text = ''
    for (const { id } of workspaces) {
      for (const name of ['connector-metrics', 'action-metrics', 'metrics', 'action-errors']) {
        text += await installation.exported(`${name}.csv?workspace=${id}`)
      }
    }
    for (const code of ['invalid_dob', 'not_json', 'http_400', 'timed_out']) expect(text).toContain(code)
    expect(searchBytes(Buffer.from(text), canaries.forms)).toEqual([])
  })

  it('no value is in any row', async () => {
    expect(await searchTables(installation.databaseUrl, canaries.forms)).toEqual([])
  })

  it('no value is in any file: not in PostgreSQL, its log or its journal, not in Temporal, not beside them', async () => {
    await installation.stopRoles()
    await checkpoint(installation.databaseUrl)
    expect(await searchFolder(installation.dataFolder, canaries.forms)).toEqual([])
    expect(await searchFolder(workingFolder, canaries.forms)).toEqual([])
  }, 60_000)

  it('no value was written when the roles ended', () => {
    expect(searchBytes(Buffer.from(installation.output()), canaries.forms)).toEqual([])
  })
})

/** The vendor repeats what it was sent wherever it can. */
const echo = { message: `Bad value ${text} ${unicode} ${number} ${instant}`, errors: [text] }
const echoHeaders = { 'x-echo': `${text} ${number}`, 'retry-after': text }
const itemEcho = {
  message: 'success',
  errors: [{ type: `${text} ${unicode}`, input_array: 'attributes', index: 0 }],
}
const faults: readonly Fault[] = [
  {
    kind: 'status',
    status: 400,
    headers: echoHeaders,
    body: echo,
    externalId: `${text}-key-7`,
    times: always,
  },
  { kind: 'status', status: 500, headers: echoHeaders, body: echo },
  { kind: 'status', status: 429, headers: echoHeaders, body: echo },
  { kind: 'status', status: 201, headers: echoHeaders, body: itemEcho, stores: true },
  { kind: 'hang' },
  { kind: 'reset' },
  { kind: 'garbage' },
  { kind: 'status', status: 401, headers: echoHeaders, body: echo },
]

/** A quote in the value makes it no JSON. */
const mottos = { name: 'Mottos', format: 'JSON', source: '["{{motto}}", {{first_name.toJson}}, "{{uuid}}"]' }

/** Key, both cursor columns and every attribute are canaries; some of the rows have a day that is none, others break a template. */
async function deliverProfiles(createScene: CreateScene): Promise<Observed> {
  const path = join(sources, 'people.duckdb')
  const writer = startDuckdbWriter()
  await writer.write(
    path,
    `CREATE TABLE people AS SELECT
       '${text}-key-' || n AS person_key, '${text}-seq-' || lpad(n::VARCHAR, 6, '0') AS seq,
       TIMESTAMP '${instant}.${micros}' AS changed_at, '${text}-' || n || '@example.com' AS email,
       '${unicode}' || n AS first_name, CASE WHEN n % 12 = 0 THEN '${text}-day' ELSE '${instant.slice(0, 10)}' END AS born,
       ${number}::BIGINT AS account, ${number}.5::DECIMAL(20, 1) AS balance, TIMESTAMP '${instant}.${micros}' AS seen,
       ['${text}-tag'] AS tags, '${text} "quoted" \\ ' || chr(10) || ' note' AS note,
       CASE WHEN n % 12 = 5 THEN '${text} "broken"' ELSE '${text} motto' END AS motto, '${text}-unmapped' AS unmapped
     FROM range(1, ${rowCount + 1}) AS r(n)`,
  )
  await writer.close()
  const scene = await createScene({
    from: path,
    source: {
      keyColumns: ['person_key'],
      cursorMode: 'TIMESTAMP_INCREMENTING',
      timestampColumn: 'changed_at',
      incrementColumn: 'seq',
    },
    conditions: { any: [{ all: [{ attribute: 'unmapped', operator: 'isAssigned' }] }] },
    mappings: [
      attribute('externalId', 'person_key'),
      attribute('email', 'email'),
      attribute('firstName', 'first_name'),
      attribute('dob', 'born'),
      ...['account', 'balance', 'seen', 'tags', 'note'].map((name) => attribute('attributes', name, name)),
      { parameter: 'attributes', key: 'mottos', from: { kind: 'template', template: 'Mottos' } },
    ],
    action: { retryDelaysMs: [100], requestTimeoutMs: 300, templates: [mottos] },
    faults,
  })
  await until(
    'the echoing 401 has paused it',
    async () => (await scene.look()).pauseReason === 'invalid_api_key',
  )
  await askWithCanaries(installation, canaries, scene)
  await until('the pass has ended', async () => (await scene.look()).deliveries[0]?.state === 'PAUSED')
  await mutate(installation, 'resumeAction', { id: scene.action.id })
  const observed = await scene.settled(rowCount)
  // Every one of them has happened; the first never ends.
  expect(scene.braze.faults.active).toBe(1)
  const profile = scene.braze.profile(`${text}-key-1`)
  expect(profile?.attributes).toMatchObject({
    first_name: `${unicode}1`,
    account: Number(number),
    tags: [`${text}-tag`],
    mottos: [`${text} motto`, `${unicode}1`, expect.any(String)],
  })
  return observed
}

/** Appended events of which nobody knows whether the vendor took them; that they were begun is written down. */
async function deliverEvents(createScene: CreateScene): Promise<Observed> {
  const rows = Array.from({ length: 80 }, (_, index) => ({
    id: index + 1,
    user: `${text}-user-${index}`,
    event: `${text}-event`,
    plan: unicode,
  }))
  const scene = await createScene({
    from: rows,
    source: { keyColumns: ['user'], incrementColumn: 'user' },
    mappings: [
      attribute('externalId', 'user'),
      attribute('events', 'event', 'name'),
      attribute('events', 'plan', 'properties.plan'),
    ],
    // Long enough for the requests that are answered, on a machine that has much else to do.
    action: { requestTimeoutMs: 1_500 },
    faults: [{ kind: 'hang', stores: true }],
  })
  return await scene.settled(80)
}

/** Rows that share recipients: what comes after a failure waits behind it. */
async function deliverShared(createScene: CreateScene): Promise<Observed> {
  const rows = Array.from({ length: 120 }, (_, index) => ({
    key: `${text}-shared-${String(index).padStart(3, '0')}`,
    user: `${text}-user-${index % 75}`,
    plan: unicode,
  }))
  const scene = await createScene({
    from: rows,
    source: { keyColumns: ['key'], incrementColumn: 'key' },
    mappings: [attribute('externalId', 'user'), attribute('attributes', 'plan', 'plan')],
    action: { retryDelaysMs: [100] },
    faults: [{ kind: 'status', status: 503, headers: echoHeaders, body: echo }],
  })
  return await scene.settled(120)
}

/** DuckDB quotes the value that does not fit: beyond the rows from which it guesses a column's type. */
async function deliverFromBrokenFile(createScene: CreateScene): Promise<Observed> {
  const rows = Array.from({ length: 25_000 }, (_, index) => ({
    id: index + 1,
    user: `u${index}`,
    amount: index,
  }))
  const scene = await createScene({
    from: rows.slice(0, 3),
    mappings: [attribute('externalId', 'user'), attribute('attributes', 'amount', 'amount')],
  })
  await scene.settled(3)
  await scene.replaceRows([...rows, { id: 25_001, user: `${text}-last`, amount: `${text}-amount` }])
  await until('the source cannot be read', async () => {
    const { source, deliveries } = await scene.look()
    return source.errorCode === 'bad_file' || deliveries.some(({ errorCode }) => errorCode === 'bad_file')
  })
  return await scene.look()
}
