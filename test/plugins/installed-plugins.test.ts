/** Plugins as they come: packed, installed by npm outside the repository, upgraded, removed and installed again. */
import { execFile } from 'node:child_process'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import duckdb from '@sluice/source-duckdb'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createCommitter } from '../../server/deliveries/committer.ts'
import { createCompiledLanes } from '../../server/deliveries/compiled-lanes.ts'
import { createPlanDelivery } from '../../server/deliveries/plan-delivery.ts'
import { createSendPass } from '../../server/deliveries/send-pass.ts'
import { createRegistry, type Registry } from '../../server/registry/registry.ts'
import { sealPosition } from '../../server/sources/sealed-position.ts'
import { createTestApp, type TestApp } from '../harness/app.ts'
import { createScratchInstallation, type ScratchInstallation } from '../harness/scratch-installation.ts'
import { seed } from '../harness/seed.ts'
import { brokenPackages, faults, nameOf } from './broken-packages.ts'

const acme = 'sluice-connector-acme'
let installation: ScratchInstallation
let app: TestApp
let vendor: Server
let endpoint: string
const received: unknown[] = []
/** What the running Sluice has loaded: it changes with its next start. */
let loaded: Registry
let first: string
let actionId: string
let connectorId: string

const running: Registry = {
  connectors: () => loaded.connectors(),
  connector: (id) => loaded.connector(id),
  sources: () => loaded.sources(),
  source: (id) => loaded.source(id),
  unavailable: () => loaded.unavailable(),
  plugins: {
    connector: (id) => loaded.plugins.connector(id),
    source: (id) => loaded.plugins.source(id),
  },
}

/** Starts Sluice with what is installed now; the source is one of the repository. */
async function start(): Promise<void> {
  const registry = await installation.start()
  loaded = createRegistry({
    connectors: registry.connectors(),
    sources: [{ definition: duckdb, packageName: '@sluice/source-duckdb', packageVersion: '0.1.0' }],
    unavailable: registry.unavailable(),
  })
}

beforeAll(async () => {
  installation = await createScratchInstallation('acme')
  vendor = createServer(async (request, response) => {
    let text = ''
    for await (const chunk of request) text += String(chunk)
    received.push(JSON.parse(text))
    response.end('{}')
  })
  await new Promise<void>((resolve) => vendor.listen(0, '127.0.0.1', resolve))
  endpoint = `http://127.0.0.1:${(vendor.address() as AddressInfo).port}`
  first = await installation.packPartner()
  await installation.install({ [acme]: first })
  await start()
  app = await createTestApp({ registry: running })
}, 120_000)
afterAll(async () => {
  vendor?.close()
  await app?.close()
  await installation?.remove()
})

async function ask(query: string, variables: object = {}) {
  const { data, errors } = await app.ask(query, variables)
  expect(errors).toBeUndefined()
  return data
}

const marketplace = () => ask('{ connectorTypes { id packageName packageVersion deprecation { kind } } }')

async function status() {
  const { action, connector } = await ask(
    `query ($action: ID!, $connector: ID!) {
      action(id: $action) { isEnabled notRunnable mappings }
      connector(id: $connector) { status isInstalled isEnabled settings secretsSet }
    }`,
    { action: actionId, connector: connectorId },
  )
  return { action, connector }
}

const npm = async (...args: readonly string[]) => {
  const { stdout } = await promisify(execFile)('npm', ['--silent', ...args], { cwd: installation.partner })
  return stdout
}

test('a package of a partner passes its own tests with the kit as it is published', async () => {
  const stdout = await npm('test', '--', '--reporter', 'json')
  const results = JSON.parse(/^\{.*\}$/m.exec(stdout)?.[0] ?? '{}')
  expect(results).toMatchObject({ numFailedTests: 0, success: true })
  expect(results.numPassedTests).toBeGreaterThan(8)
}, 60_000)

test('a partner sees what the sample becomes', async () => {
  const stdout = await npm('run', 'dev', '--', '--once')
  expect(stdout).toContain('POST https://api.acme.example/contacts')
  expect(stdout).toContain('record 2: rejected, invalid_email, path email')
}, 60_000)

test('what it is packed from is what it needs, and no more', async () => {
  const { stdout } = await promisify(execFile)('tar', ['tzf', first])
  expect(stdout.trim().split('\n').toSorted()).toEqual(
    [
      ...['add-contact.d.ts', 'add-contact.js', 'index.d.ts', 'index.js'].map(
        (name) => `package/dist/${name}`,
      ),
      'package/README.md',
      'package/package.json',
    ].toSorted(),
  )
})

test('once it is installed it stands in the marketplace', async () => {
  expect(running.unavailable()).toEqual([])
  expect(await marketplace()).toEqual({
    connectorTypes: [{ id: 'acme', packageName: acme, packageVersion: '0.1.0', deprecation: null }],
  })
})

test('records go through it', async () => {
  const made = await seed(app)
    .workspace()
    .csvSource()
    .segment()
    .connector({ endpoint, apiKey: 'key' }, { type: 'acme' })
    .action([{ parameter: 'id', from: { kind: 'attribute', attribute: 'id' } }, email], {
      type: 'add-contact',
    })
    .publish()
  actionId = made.action.id
  connectorId = made.connector.id
  expect(await status()).toMatchObject({
    action: { notRunnable: null },
    connector: { status: 'ACTIVE', isInstalled: true },
  })
  expect(await deliverUntil(1)).toBe('over')
  expect(received.splice(0)).toEqual([{ contacts: [{ id: '1', email: 'ann@example.com' }] }])
})
const email = { parameter: 'email', from: { kind: 'attribute', attribute: 'email' } }

test('broken ones beside it are refused, each with its code and what is wrong, and it stays usable', async () => {
  const built = await builtModules()
  await installation.install(await installation.pack(brokenPackages(built)))
  await start()
  const { unavailablePlugins } = await ask(
    '{ unavailablePlugins { packageName packageVersion code reason } }',
  )
  expect(
    unavailablePlugins.toSorted((left: { packageName: string }, right: { packageName: string }) =>
      left.packageName < right.packageName ? -1 : 1,
    ),
  ).toEqual(
    faults
      .map((fault) => ({
        packageName: nameOf(fault),
        packageVersion: '0.1.0',
        code: fault.code,
        reason: expect.stringMatching(fault.reason),
      }))
      .toSorted((left, right) => (left.packageName < right.packageName ? -1 : 1)),
  )
  expect((await marketplace()).connectorTypes).toMatchObject([{ id: 'acme', packageName: acme }])
  expect(await deliverUntil(2)).toBe('over')
  expect(received.splice(0)).toEqual([{ contacts: [{ id: '2', email: 'bob@example.com' }] }])
  await installation.uninstall(...faults.map(nameOf))
}, 60_000)

test('without its package its connector is deprecated and its action stands still, nothing is lost', async () => {
  const open = await planUntil(3)
  await installation.uninstall(acme)
  await start()
  expect(await marketplace()).toEqual({ connectorTypes: [] })
  expect(await status()).toMatchObject({
    action: { isEnabled: true, notRunnable: 'plugin_missing', mappings: [{ parameter: 'id' }, email] },
    connector: {
      status: 'DEPRECATED',
      isInstalled: false,
      isEnabled: true,
      settings: { endpoint },
      secretsSet: ['apiKey'],
    },
  })
  expect(await send(open)).toBe('paused')
  expect(await app.db.delivery.findUniqueOrThrow({ where: { id: open } })).toMatchObject({
    state: 'PAUSED',
    errorCode: 'plugin_missing',
  })
  // It plans nothing new either.
  await app.db.delivery.update({ where: { id: open }, data: { isFirstPassDone: true } })
  expect(await plan()).toEqual({ kind: 'idle' })
  await app.db.delivery.update({ where: { id: open }, data: { isFirstPassDone: false } })
  expect(received).toEqual([])

  await installation.install({ [acme]: first })
  await start()
  expect(await status()).toMatchObject({
    action: { notRunnable: null },
    connector: { status: 'ACTIVE', isInstalled: true },
  })
  expect(await plan()).toEqual({ kind: 'deliver', deliveryId: open })
  expect(await send(open)).toBe('over')
  expect(received.splice(0)).toEqual([{ contacts: [{ id: '3', email: 'cyd@example.com' }] }])
  expect(await app.db.delivery.findUniqueOrThrow({ where: { id: open } })).toMatchObject({
    state: 'COMPLETED',
    errorCode: null,
    delivered: 1n,
  })
}, 60_000)

test('an upgrade brings its new parameters, and what runs goes on until they are mapped anew', async () => {
  await change('package.json', '"version": "0.1.0"', '"version": "0.2.0"')
  await change('src/add-contact.ts', 'email: z.email', 'mail: z.email')
  await change('src/add-contact.ts', 'email = null', 'mail: email = null')
  await installation.install({ [acme]: await installation.packPartner() })
  await start()
  expect((await marketplace()).connectorTypes).toMatchObject([{ packageVersion: '0.2.0' }])
  const { connectorTypes } = await ask('{ connectorTypes { actions { parametersForm } } }')
  expect(Object.keys(connectorTypes[0].actions[0].parametersForm.properties)).toEqual(['id', 'mail'])
  // What is published maps a parameter that is gone: it stands still until it is published anew.
  expect(await status()).toMatchObject({
    action: { notRunnable: 'unfit_mappings' },
    connector: { status: 'ACTIVE' },
  })
  expect(await plan()).toEqual({ kind: 'idle' })
  const { workspace, revision } = (
    await ask('query ($id: ID!) { action(id: $id) { revision workspace { id } } }', { id: actionId })
  ).action
  const mappings = [
    { parameter: 'id', from: { kind: 'attribute', attribute: 'id' } },
    { ...email, parameter: 'mail' },
  ]
  await ask(
    `mutation ($update: UpdateActionInput!, $publish: PublishVersionInput!) {
      updateAction(input: $update) { __typename ... on Problem { message } }
      publishVersion(input: $publish) { __typename ... on Problem { message } }
    }`,
    { update: { id: actionId, revision, mappings }, publish: { workspaceId: workspace.id, notes: 'mail' } },
  )
  expect(await status()).toMatchObject({ action: { notRunnable: null } })
  await writeFile(await sourcePath(), 'id,email,country,age,is_active\n4,dee@example.com,NL,20,true\n')
  expect(await deliverUntil(4)).toBe('over')
  expect(received.splice(0)).toEqual([{ contacts: [{ id: '4', email: 'dee@example.com' }] }])
}, 60_000)

/** The modules that the partner's build has made, by their path in a package. */
async function builtModules(): Promise<Readonly<Record<string, string>>> {
  const dist = join(installation.partner, 'dist')
  const names = (await readdir(dist)).filter((name) => name.endsWith('.js'))
  const entries = names.map(
    async (name) => [`dist/${name}`, await readFile(join(dist, name), 'utf8')] as const,
  )
  return Object.fromEntries(await Promise.all(entries))
}

async function change(path: string, from: string, to: string): Promise<void> {
  const file = join(installation.partner, path)
  const text = await readFile(file, 'utf8')
  expect(text).toContain(from)
  await writeFile(file, text.replace(from, to))
}

async function sourcePath(): Promise<string> {
  const { settings } = await app.db.dataSourceConnection.findFirstOrThrow()
  return (settings as { path: string }).path
}

function plan() {
  return lane().then(({ id }) => createPlanDelivery({ ...app.deps, db: app.db, ...lanes() })(id))
}

const lane = () => app.db.lane.findFirstOrThrow()
/** A worker that starts now has compiled nothing yet. */
const lanes = () => ({ compiledLanes: createCompiledLanes({ db: app.db, registry: running }) })

/** Says that the source has been seen up to the row with this id, and plans its delivery. */
async function planUntil(id: number): Promise<string> {
  const { dataSourceId, workspaceId } = await lane()
  const bound = sealPosition(await app.deps.workspaceKeys.of(workspaceId), [String(id)])
  await app.db.sourceProgress.upsert({
    where: { dataSourceId },
    create: { dataSourceId, workspaceId, bound },
    update: { bound },
  })
  const planned = await plan()
  if (planned.kind !== 'deliver') throw new Error(`Nothing is planned: ${planned.kind}`)
  return planned.deliveryId
}

async function send(deliveryId: string): Promise<string> {
  const sendPass = createSendPass({
    ...app.deps,
    ...lanes(),
    db: app.db,
    committer: createCommitter({ db: app.db }),
    now: Date.now,
    wakeLane: async () => {},
    wakeDelivery: async () => {},
  })
  return (await sendPass(deliveryId, new AbortController().signal)).kind
}

async function deliverUntil(id: number): Promise<string> {
  return send(await planUntil(id))
}
