/** The workflows form a bundle: neither a Node module nor another room reaches the sandbox through any import. */
import { fileURLToPath } from 'node:url'
import { bundleWorkflowCode } from '@temporalio/worker'
import { expect, it } from 'vitest'
import { createDataConverter } from './data-converter.ts'

const path = (name: string) => fileURLToPath(new URL(name, import.meta.url))
const silent = { trace() {}, debug() {}, info() {}, warn() {}, error() {}, log() {} }

it('bundles, with the failure converter and without a Node module', async () => {
  const { failureConverterPath } = createDataConverter(new Uint8Array(32))
  const { code } = await bundleWorkflowCode({
    workflowsPath: path('./index.ts'),
    ...(failureConverterPath === undefined ? {} : { failureConverterPath }),
    logger: silent,
  })
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
