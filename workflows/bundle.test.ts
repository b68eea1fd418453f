/** The workflows form a bundle: neither a Node module nor another room reaches the sandbox through any import. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bundleWorkflowCode } from '@temporalio/worker'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { generateWorkflowBundle, loadWorkflowBundle, nameOfBundle } from './bundle.ts'

const path = (name: string) => fileURLToPath(new URL(name, import.meta.url))
const silent = { trace() {}, debug() {}, info() {}, warn() {}, error() {}, log() {} }

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-bundle-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

it('bundles, with the failure converter and without a Node module', async () => {
  const bundle = await loadWorkflowBundle(folder)
  const code = 'code' in bundle ? bundle.code : ''
  expect(code).toContain('encodeCommonAttributes: true')
  const modules = [...code.matchAll(/^\/\*{3}\/ "\.\/([^"]+)"/gm)].map(([, name = '']) => name)
  const ours = modules.filter((name) => !name.startsWith('node_modules/'))
  expect(ours.sort()).toEqual([
    'workflows/contracts.ts',
    'workflows/deliver.ts',
    'workflows/failure-converter.ts',
    'workflows/index.ts',
    'workflows/profiles.ts',
    'workflows/run-lane.ts',
    'workflows/sync-source.ts',
  ])
}, 60_000)

it('would not bundle what reaches for Node', async () => {
  const bundled = bundleWorkflowCode({ workflowsPath: path('./client.ts'), logger: silent })
  await expect(bundled).rejects.toThrow()
}, 60_000)

it('takes the bundle that was generated, and no other', async () => {
  const generated = join(folder, 'generated')
  await generateWorkflowBundle(generated)
  const codePath = join(generated, await nameOfBundle(path('.')))
  expect(await loadWorkflowBundle(generated)).toEqual({ codePath })
  expect(await readFile(codePath, 'utf8')).toContain('encodeCommonAttributes: true')
}, 60_000)

it('is another bundle when a source has changed, but not when a test has', async () => {
  const sources = await mkdtemp(join(folder, 'sources-'))
  await writeFile(join(sources, 'deliver.ts'), 'export const wait = 1')
  const before = await nameOfBundle(sources)
  await writeFile(join(sources, 'deliver.test.ts'), 'it()')
  expect(await nameOfBundle(sources)).toBe(before)
  await writeFile(join(sources, 'deliver.ts'), 'export const wait = 2')
  expect(await nameOfBundle(sources)).not.toBe(before)
})
