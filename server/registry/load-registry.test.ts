/** Discovery and admission over real packages in a temporary host folder. */
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import process from 'node:process'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { loadRegistry } from './load-registry.ts'

const projectModules = fileURLToPath(new URL('../../node_modules', import.meta.url))

const isConnectorPackage = { sluice: { role: 'connector' } }
const loaderPath = 'node_modules/loader/load.mjs'

let host: string
let packages: Record<string, string>

beforeEach(async () => {
  host = await mkdtemp(join(tmpdir(), 'sluice-registry-'))
  packages = {}
  await mkdir(join(host, 'node_modules', 'loader'), { recursive: true })
  await symlink(join(projectModules, 'zod'), join(host, 'node_modules', 'zod'))
  // Below node_modules, so that the test runner leaves its import to Node.
  await write(loaderPath, 'export const load = (name) => import(name)\n')
})
afterEach(() => rm(host, { recursive: true }))

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(join(host, path)), { recursive: true })
  await writeFile(join(host, path), text)
}

/** Installs a package with the given code and marker. */
async function install(name: string, code: string, marker: object = isConnectorPackage): Promise<void> {
  packages[name] = '1.2.3'
  const manifest = { name, version: '1.2.3', type: 'module', exports: { import: './index.js' }, ...marker }
  await write(`node_modules/${name}/package.json`, JSON.stringify(manifest))
  await write(`node_modules/${name}/index.js`, code)
}

async function load() {
  await write('package.json', JSON.stringify({ dependencies: packages }))
  const loader = pathToFileURL(join(host, loaderPath)).href
  return loadRegistry({ hostFolder: host, loader, timeoutMs: 3_000, nodeOptions: ['--import', 'tsx/esm'] })
}

/** The one package that is expected to be refused. */
async function refusal() {
  const [plugin, ...others] = (await load()).unavailable()
  expect(others).toEqual([])
  return plugin
}

/** A connector that passes; `changes` is code that spoils it. */
function connector(changes = '', id = 'acme'): string {
  return `import { z } from 'zod'
const parameters = z.object({ email: z.string().meta({ title: 'E-mail', description: 'Who.' }) })
const action = {
  title: 'Add', description: 'Adds.', version: 1, modes: ['upsert'], parameters,
  limits: () => ({ weights: { users: 10 }, bytes: 1000, onePerRecipient: true }),
  weigh: () => ({ users: 1 }), recipient: ({ email }) => email, plan: () => [],
}
const definition = {
  $sluice: 'connector', id: '${id}', name: 'Acme', api: '^1.0.0', vendor: 'Acme', categories: ['Test'],
  docs: { summary: 'A test.', requirements: [], links: [] },
  settings: z.object({ key: z.string().meta({ title: 'Key', description: 'A key.', secret: true }) }),
  auth: { kind: 'bearer', secret: 'key' }, baseUrl: () => 'https://example.com', rateLimits: [],
  errorCatalogue: {}, testConnection: { plan: () => ({}), interpret: () => ({}) }, actions: { add: action },
}
${changes}
export default definition
`
}

it('installs a connector that passes every check, with its package and version', async () => {
  await install('acme-connector', connector())
  const registry = await load()
  expect(registry.unavailable()).toEqual([])
  expect(registry.connector('acme')).toMatchObject({
    packageName: 'acme-connector',
    packageVersion: '1.2.3',
    definition: { name: 'Acme' },
  })
})

it('installs a connector whose authentication is made of its settings', async () => {
  await install('chosen-connector', connector('definition.auth = () => ({ kind: "bearer", secret: "key" })'))
  const registry = await load()
  expect(registry.unavailable()).toEqual([])
  expect(registry.connector('acme')).toMatchObject({ packageName: 'chosen-connector' })
})

/** Asks for tokens with a user's name and password, which is no secret unless `changes` says so. */
function withUser(changes: string): string {
  return `const secretSign = Symbol.for('sluice.secret')
definition.settings = z.object({
  ...definition.settings.shape,
  user: z.string().meta({ title: 'User', description: 'Who.', examples: ['ann'] }),
})
definition.auth = {
  kind: 'password-grant', tokenUrl: 'https://example.com/token', clientId: 'user', username: 'user', password: 'user',
  ${changes}
}`
}

it('installs a connector that asks for tokens in a way of its own', async () => {
  const own = `password: 'key', tokenBody: { key: { [secretSign]: 'key' }, kind: 'machine' },
  tokenRequest: { contentType: 'json', headers: { 'x-key': ['a', { [secretSign]: 'key' }] } },
  tokenAnswer: { accessToken: 'data.token' }, place: { in: 'query', name: 'token' }`
  await install('acme-connector', connector(withUser(own)))
  const registry = await load()
  expect(registry.unavailable()).toEqual([])
})

it('installs a connector with versions, choices, a preparation and rate limits of every kind', async () => {
  const parts = `
    action.version = 2
    action.migrations = { 1: (mappings) => mappings }
    action.choices = { email: { plan: () => ({}), interpret: () => ({}) } }
    action.prepare = { outputs: ['listId'], isDeduplicated: true, plan: () => ({}), interpret: () => ({}) }
    definition.rateLimits = [
      { scope: 'credential', match: ['/a', '/b'], requests: 1, perMs: 1 },
      { scope: 'credential', match: '/a', requests: 1, perDay: 'Europe/Amsterdam', key: () => '', cost: () => 1 },
      { scope: 'credential', match: '/', requests: 1, atOnce: true },
    ]`
  await install('acme-connector', connector(parts))
  const registry = await load()
  expect(registry.unavailable()).toEqual([])
  expect(registry.connector('acme')?.definition.actions['add']?.version).toBe(2)
})

it('installs a connector whose page says all that a page can say', async () => {
  const page = `
    definition.icon = '<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0h8v8z"/></svg>'
    definition.dataKinds = ['events', 'records']
    definition.deprecated = { kind: 'full', reason: 'Closed.' }
    definition.changelog = [{ version: '1.0.0', date: '2026-11-30', notes: 'Is new.' }]
    definition.docs.instructions = ['Create a key.']
    definition.docs.links = [{ title: 'Guide', url: 'https://example.com', kind: 'internal' }]
    definition.docs.terms = { title: 'Terms', url: 'https://example.com/terms' }`
  await install('acme-connector', connector(page))
  const registry = await load()
  expect(registry.unavailable()).toEqual([])
})

it('looks only at dependencies that declare a role', async () => {
  await install('left-alone', 'throw new Error("imported")', {})
  const registry = await load()
  expect([...registry.connectors(), ...registry.sources(), ...registry.unavailable()]).toEqual([])
})

it('keeps the sound plugins when others hang, exit, crash or throw while they are imported', async () => {
  await install('a-spins', 'for (;;);')
  await install('b-waits', 'await new Promise(() => setInterval(() => {}, 1000))')
  await install('c-exits', 'process.exit(0)')
  await install('d-crashes-later', 'process.nextTick(() => { throw new Error("late") }); export default {}')
  await install('e-throws', 'throw new TypeError("no such thing")')
  await install('f-misspelt', 'export default {')
  await install('g-lacks-a-package', "import 'is-not-installed'")
  await install('h-sound', connector())
  const registry = await load()
  expect(registry.unavailable().map(({ packageName, code }) => [packageName, code])).toEqual([
    ['a-spins', 'plugin_import_timed_out'],
    ['b-waits', 'plugin_import_timed_out'],
    ['c-exits', 'plugin_import_crashed'],
    ['d-crashes-later', 'plugin_import_crashed'],
    ['e-throws', 'plugin_import_failed'],
    ['f-misspelt', 'plugin_import_failed'],
    ['g-lacks-a-package', 'plugin_import_failed'],
  ])
  expect(registry.unavailable()[4]?.reason).toContain('TypeError: no such thing')
  expect(registry.connectors().map(({ definition }) => definition.id)).toEqual(['acme'])
}, 30_000)

it('tries plugins of others in a process of their own, and not those that come with the host', async () => {
  const noted = `import { appendFileSync } from 'node:fs'
appendFileSync(new URL('./pids', import.meta.url), \`\${process.pid}\\n\`)\n`
  await install('acme-connector', noted + connector())
  await install('@sluice/connector-ours', noted + connector('', 'ours'))
  const registry = await load()
  expect(
    registry
      .connectors()
      .map(({ definition }) => definition.id)
      .toSorted(),
  ).toEqual(['acme', 'ours'])
  const pidsOf = async (name: string) =>
    (await readFile(join(host, 'node_modules', name, 'pids'), 'utf8')).trim().split('\n').map(Number)
  expect(await pidsOf('acme-connector')).toEqual([expect.not.toBeOneOf([process.pid]), process.pid])
  expect(await pidsOf('@sluice/connector-ours')).toEqual([process.pid])
})

it('lists a dependency that is not installed', async () => {
  packages['never-installed'] = '^1.0.0'
  expect(await refusal()).toMatchObject({ packageName: 'never-installed', code: 'plugin_not_installed' })
})

it('lists a package whose package.json is broken, and one whose role is unknown', async () => {
  packages['broken'] = '1.0.0'
  await write('node_modules/broken/package.json', '{')
  await install('future', '', { sluice: { role: 'transport' } })
  const codes = (await load()).unavailable().map(({ packageName, code }) => [packageName, code])
  expect(codes).toEqual([
    ['broken', 'plugin_manifest_unreadable'],
    ['future', 'plugin_role_unknown'],
  ])
})

it('gives an id to the first package that has it', async () => {
  await install('first', connector())
  await install('second', connector())
  const registry = await load()
  expect(registry.connector('acme')?.packageName).toBe('first')
  expect(registry.unavailable()).toMatchObject([{ packageName: 'second', code: 'plugin_id_taken' }])
})

const spoilt: readonly (readonly [what: string, code: string, source: string])[] = [
  ['no default export', 'plugin_export_unknown', 'export const other = {}'],
  ['an unbranded default export', 'plugin_export_unknown', 'export default { id: "acme" }'],
  ['the brand of another role', 'plugin_export_unknown', connector('definition.$sluice = "source"')],
  ['no name', 'plugin_definition_incomplete', connector('delete definition.name')],
  [
    'settings that are no form',
    'plugin_definition_incomplete',
    connector('definition.settings = { key: 1 }'),
  ],
  [
    'a property that throws when it is read',
    'plugin_definition_incomplete',
    connector('Object.defineProperty(definition, "name", { get() { throw new Error("trap") } })'),
  ],
  ['a range that is none', 'plugin_api_mismatch', connector('definition.api = "latest!"')],
  ['a range for another contract', 'plugin_api_mismatch', connector('definition.api = "^2.0.0"')],
  ['an id in capitals', 'plugin_id_malformed', connector('', 'Acme_1')],
  ['an icon that runs', 'plugin_icon_unsafe', connector('definition.icon = "<svg><script/></svg>"')],
  ['an icon that is none', 'plugin_icon_unsafe', connector('definition.icon = 7')],
  [
    'a data kind that nobody knows',
    'plugin_definition_incomplete',
    connector('definition.dataKinds = ["rumours"]'),
  ],
  [
    'a data kind that Sluice does not have',
    'plugin_takes_no_records',
    connector('definition.dataKinds = ["events"]'),
  ],
  [
    'a deprecation without a reason',
    'plugin_definition_incomplete',
    connector('definition.deprecated = { kind: "full" }'),
  ],
  [
    'a changelog without days',
    'plugin_definition_incomplete',
    connector('definition.changelog = [{ version: "1.0.0", date: "yesterday", notes: "x" }]'),
  ],
  [
    'a link that runs',
    'plugin_definition_incomplete',
    connector('definition.docs.links = [{ title: "x", url: "javascript:alert(1)" }]'),
  ],
  ['no actions', 'plugin_action_incomplete', connector('definition.actions = {}')],
  ['an action without plan', 'plugin_action_incomplete', connector('delete action.plan')],
  ['a second version without a migration', 'plugin_action_incomplete', connector('action.version = 2')],
  [
    'a migration that leads nowhere',
    'plugin_action_incomplete',
    connector('action.migrations = { 1: (mappings) => mappings }'),
  ],
  [
    'a migration that is no function',
    'plugin_action_incomplete',
    connector('action.version = 2; action.migrations = { 1: [] }'),
  ],
  [
    'choices of a parameter that it does not have',
    'plugin_action_incomplete',
    connector('action.choices = { list: { plan: () => ({}), interpret: () => ({}) } }'),
  ],
  [
    'choices that nobody can read',
    'plugin_action_incomplete',
    connector('action.choices = { email: { plan: () => ({}) } }'),
  ],
  [
    'a preparation without outputs',
    'plugin_action_incomplete',
    connector('action.prepare = { outputs: [], plan: () => ({}), interpret: () => ({}) }'),
  ],
  [
    'an output that is no name',
    'plugin_action_incomplete',
    connector('action.prepare = { outputs: ["list id"], plan: () => ({}), interpret: () => ({}) }'),
  ],
  [
    'an action named in capitals',
    'plugin_action_incomplete',
    connector('definition.actions = { Add: action }'),
  ],
  [
    'a parameter that JSON Schema cannot name',
    'plugin_form_unrenderable',
    connector('action.parameters = z.object({ at: z.date().meta({ title: "At", description: "When." }) })'),
  ],
  [
    'a parameter without a description',
    'plugin_field_unlabelled',
    connector('action.parameters = z.object({ email: z.string().meta({ title: "E-mail" }) })'),
  ],
  [
    'an unlabelled field deep in a list',
    'plugin_field_unlabelled',
    connector(
      'action.parameters = z.object({ l: z.array(z.object({ x: z.string() })).meta({ title: "L", description: "L." }) })',
    ),
  ],
  [
    'a secret that optional() hides',
    'plugin_secret_misplaced',
    connector(
      'definition.settings = z.object({ ...definition.settings.shape, o: z.string().meta({ title: "O", description: "O.", secret: true }).optional() })',
    ),
  ],
  [
    'a secret among the parameters',
    'plugin_secret_misplaced',
    connector(
      'action.parameters = z.object({ p: z.string().meta({ title: "P", description: "P.", secret: true }) })',
    ),
  ],
  [
    'authentication with a setting that is no secret',
    'plugin_auth_unknown_setting',
    connector('definition.auth = { kind: "bearer", secret: "token" }'),
  ],
  [
    'a signature with a key that is no secret',
    'plugin_auth_unknown_setting',
    connector(
      'definition.auth = { kind: "hmac", secret: "signing", algorithm: "sha256", parts: ["body"], encoding: "hex", header: "x-signature" }',
    ),
  ],
  [
    'a client certificate around a token of a client that is no setting',
    'plugin_auth_unknown_setting',
    connector(
      'definition.auth = { kind: "mutual-tls", certificate: "key", key: "key", auth: { kind: "client-credentials", tokenUrl: "https://example.com/token", clientId: "client", clientSecret: "key" } }',
    ),
  ],
  [
    'a signature of an unknown part',
    'plugin_definition_incomplete',
    connector(
      'definition.auth = { kind: "hmac", secret: "key", algorithm: "sha256", parts: ["cookie"], encoding: "hex", header: "x-signature" }',
    ),
  ],
  ['a password that is no secret', 'plugin_auth_unknown_setting', connector(withUser(''))],
  [
    'a token request that refers to no secret',
    'plugin_auth_unknown_setting',
    connector(
      withUser(`password: 'key', tokenRequest: { headers: { 'x-key': ['a', { [secretSign]: 'user' }] } }`),
    ),
  ],
  [
    'a token request of what is no text',
    'plugin_definition_incomplete',
    connector(withUser(`password: 'key', tokenBody: { key: 7 }`)),
  ],
  [
    'a token in a header that cannot be',
    'plugin_definition_incomplete',
    connector(withUser(`password: 'key', place: { in: 'header', name: 'a b' }`)),
  ],
  [
    'authentication made of the settings, with what is no secret for one of the examples',
    'plugin_auth_unknown_setting',
    connector(`definition.settings = z.object({ ...definition.settings.shape, way: z.enum(['key', 'user']).meta({ title: 'W', description: 'W.', examples: ['key', 'user'] }) })
definition.auth = ({ way }) => way === 'key' ? { kind: 'bearer', secret: 'key' } : { kind: 'basic', username: 'way', password: 'way' }`),
  ],
  [
    'authentication that cannot be made of the examples',
    'plugin_auth_unknown_setting',
    connector('definition.auth = ({ way }) => ({ kind: way.trim(), secret: "key" })'),
  ],
  [
    'authentication made of the settings that is none',
    'plugin_auth_unknown_setting',
    connector('definition.auth = () => ({ kind: "charm", secret: "key" })'),
  ],
  [
    'limits of zero',
    'plugin_limits_insane',
    connector('action.limits = () => ({ weights: { users: 0 }, bytes: 0, onePerRecipient: true })'),
  ],
  ['limits that throw', 'plugin_limits_insane', connector('action.limits = () => { throw new Error("x") }')],
  [
    'a rate limit without a period',
    'plugin_limits_insane',
    connector('definition.rateLimits = [{ scope: "credential", match: "/", requests: 1, perMs: 0 }]'),
  ],
  [
    'a rate limit for no path',
    'plugin_limits_insane',
    connector('definition.rateLimits = [{ scope: "credential", match: [], requests: 1, perMs: 1 }]'),
  ],
  [
    'a rate limit for something else than a path',
    'plugin_limits_insane',
    connector('definition.rateLimits = [{ scope: "credential", match: ["/a", "b"], requests: 1, perMs: 1 }]'),
  ],
  [
    'a rate limit for no time',
    'plugin_limits_insane',
    connector('definition.rateLimits = [{ scope: "credential", match: "/", requests: 1 }]'),
  ],
  [
    'a rate limit for two times',
    'plugin_limits_insane',
    connector(
      'definition.rateLimits = [{ scope: "credential", match: "/", requests: 1, perMs: 1, atOnce: true }]',
    ),
  ],
  [
    'a rate limit for a day that is nowhere',
    'plugin_limits_insane',
    connector('definition.rateLimits = [{ scope: "credential", match: "/", requests: 1, perDay: "+01:00" }]'),
  ],
  [
    'a rate limit with a cost that is no function',
    'plugin_limits_insane',
    connector(
      'definition.rateLimits = [{ scope: "credential", match: "/", requests: 1, perMs: 1, cost: 2 }]',
    ),
  ],
]

it('refuses what is spoilt, each with the code of its fault and a reason', async () => {
  for (const [what, , source] of spoilt) await install(packageNameOf(what), source)
  const registry = await load()
  expect(registry.connectors()).toEqual([])
  const codes = registry.unavailable().map(({ packageName, code }) => [packageName, code])
  expect(codes).toEqual(spoilt.map(([what, code]) => [packageNameOf(what), code]))
  for (const { packageVersion, reason } of registry.unavailable()) {
    expect(packageVersion).toBe('1.2.3')
    expect(reason).not.toBe('')
  }
}, 30_000)

function packageNameOf(what: string): string {
  return what.toLowerCase().replace(/\W+/g, '-')
}

it('names every field that lacks a label, not the first only', async () => {
  await install('spoilt', connector('action.parameters = z.object({ a: z.string(), b: z.string() })'))
  const plugin = await refusal()
  expect(plugin?.reason).toContain('"a" of "add"')
  expect(plugin?.reason).toContain('"b" of "add"')
})

it('refuses a source that cannot connect', async () => {
  await install('half', 'export default { $sluice: "source", id: "half" }', { sluice: { role: 'source' } })
  expect(await refusal()).toMatchObject({ code: 'plugin_definition_incomplete' })
})
