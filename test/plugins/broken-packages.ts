/** Packages that a partner has built, each with one fault: what they say and the code that each is refused with. */
import type { ScratchPackage } from '../harness/scratch-installation.ts'

interface Fault {
  readonly what: string
  readonly code: string
  /** What the reason tells the partner. */
  readonly reason: RegExp
  /** The module that the package exports; `acme` and `add` are the connector and its action as they should be. */
  readonly module: string
  readonly manifest?: object
}

/** A connector like Acme, under an id of its own, that differs as told. */
const changed = (changes: string) => `export default defineConnector({ ...acme, id: 'broken', ${changes} })`
const action = (changes: string) => changed(`actions: { 'add-contact': { ...add, ${changes} } }`)

export const faults: readonly Fault[] = [
  {
    what: 'no brand',
    code: 'plugin_export_unknown',
    reason: /not made by defineConnector/,
    module: 'export default { id: "broken", name: "Broken" }',
  },
  {
    what: 'brand of a source',
    code: 'plugin_export_unknown',
    reason: /not made by defineConnector/,
    module: 'export default { ...acme, $sluice: "source" }',
  },
  {
    what: 'no vendor',
    code: 'plugin_definition_incomplete',
    reason: /vendor/,
    module: changed('vendor: undefined'),
  },
  {
    what: 'another contract',
    code: 'plugin_api_mismatch',
    reason: /written for version \^9\.0\.0 of the contract; this Sluice has 1/,
    module: changed("api: '^9.0.0'"),
  },
  {
    what: 'id that is taken',
    code: 'plugin_id_taken',
    reason: /"acme" belongs to sluice-connector-acme already/,
    module: changed("id: 'acme'"),
  },
  {
    what: 'id in capitals',
    code: 'plugin_id_malformed',
    reason: /"Broken_1" must be kebab-case/,
    module: changed("id: 'Broken_1'"),
  },
  {
    what: 'setting without a title',
    code: 'plugin_field_unlabelled',
    reason: /"region" of "settings" needs a title/,
    module: changed('settings: acme.settings.extend({ region: z.string() })'),
  },
  {
    what: 'form that is no JSON Schema',
    code: 'plugin_form_unrenderable',
    reason: /"add-contact" has a field that JSON Schema cannot describe/,
    module: action(
      'parameters: add.parameters.extend({ at: z.date().meta({ title: "At", description: "When." }) })',
    ),
  },
  {
    what: 'secret among parameters',
    code: 'plugin_secret_misplaced',
    reason: /"pin" of "add-contact" is a secret/,
    module: action(
      'parameters: add.parameters.extend({ pin: secret({ title: "Pin", description: "Pin." }) })',
    ),
  },
  {
    what: 'action without a plan',
    code: 'plugin_action_incomplete',
    reason: /Action "add-contact": plan: must be a function/,
    module: action('plan: undefined'),
  },
  {
    what: 'limits of nothing',
    code: 'plugin_limits_insane',
    reason: /Limits of action "add-contact": weights\.contacts/,
    module: action('limits: () => ({ weights: { contacts: 0 }, bytes: 1e6, onePerRecipient: true })'),
  },
  {
    what: 'rate limit without end',
    code: 'plugin_limits_insane',
    reason: /rateLimits\.0\.requests/,
    module: changed("rateLimits: [{ scope: 'credential', match: '/', requests: Infinity, perMs: 1000 }]"),
  },
  {
    what: 'authentication by no setting',
    code: 'plugin_auth_unknown_setting',
    reason: /"token", which is no secret setting/,
    module: changed("auth: bearer('token')"),
  },
  {
    what: 'throws at import',
    code: 'plugin_import_failed',
    reason: /Error: no licence found/,
    module: 'throw new Error("no licence found")',
  },
  {
    what: 'hangs at import',
    code: 'plugin_import_timed_out',
    reason: /did not end within 4 s/,
    module: 'await new Promise(() => setInterval(() => {}, 1000))',
  },
  {
    what: 'exits at import',
    code: 'plugin_import_crashed',
    reason: /ends the process/,
    module: 'process.exit(0)',
  },
  {
    what: 'missing file',
    code: 'plugin_import_failed',
    reason: /Cannot find module/,
    module: '',
    manifest: { exports: './dist/nothing.js' },
  },
  {
    what: 'unknown role',
    code: 'plugin_role_unknown',
    reason: /declares a "sluice\.role" that this version does not know/,
    module: '',
    manifest: { sluice: { role: 'transport' } },
  },
]

export function nameOf({ what }: Fault): string {
  return `sluice-connector-broken-${what.toLowerCase().replaceAll(/\W+/g, '-')}`
}

/** `built` are the modules of the package that the partner has built. */
export function brokenPackages(built: Readonly<Record<string, string>>): readonly ScratchPackage[] {
  return faults.map((fault) => ({
    name: nameOf(fault),
    manifest: {
      version: '0.1.0',
      type: 'module',
      sluice: { role: 'connector' },
      exports: './broken.js',
      dependencies: { '@sluice/connector-sdk': '0.1.0' },
      ...fault.manifest,
    },
    files: {
      ...built,
      'broken.js': `import { bearer, defineConnector, secret, z } from '@sluice/connector-sdk'
import acme from './dist/index.js'
const add = acme.actions['add-contact']
${fault.module}
`,
    },
  }))
}
