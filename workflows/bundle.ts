/** The bundle that workers run workflows from: made once, at `npm ci`; anew where the sources have changed since. */
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bundleWorkflowCode, DefaultLogger, type WorkflowBundleOption } from '@temporalio/worker'
import { failureConverterPath } from './data-converter.ts'

const sources = fileURLToPath(new URL('.', import.meta.url))
const generated = join(sources, 'generated')

/** Bundling takes some seconds of a core: each worker would spend them at its start. */
export async function loadWorkflowBundle(folder = generated): Promise<WorkflowBundleOption> {
  const codePath = join(folder, await nameOfBundle(sources))
  return existsSync(codePath) ? { codePath } : bundle()
}

/** Puts the bundle of today's sources in the place of any other. */
export async function generateWorkflowBundle(folder = generated): Promise<void> {
  // Named first: a source that changes meanwhile must not give its name to what was made without it.
  const name = await nameOfBundle(sources)
  const { code } = await bundle()
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, name), code)
}

/** Tells by its name what it was made of. Packages are not asked: whoever changes them installs, which makes it anew. */
export async function nameOfBundle(folder: string): Promise<string> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
  const hash = createHash('sha256')
  for (const name of names.sort())
    hash.update(JSON.stringify([name, await readFile(join(folder, name), 'utf8')]))
  return `${hash.digest('hex')}.js`
}

function bundle(): Promise<{ readonly code: string }> {
  return bundleWorkflowCode({
    workflowsPath: join(sources, 'index.ts'),
    failureConverterPath,
    logger: new DefaultLogger('WARN'),
  })
}
