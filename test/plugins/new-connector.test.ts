/** A connector that `npm run new:connector` made: its tests pass as they are, and it says what it does not take. */
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'

const checkout = fileURLToPath(new URL('../..', import.meta.url))
const dev = join(checkout, 'plugins/connector-testing/src/dev/index.ts')
const config = join(checkout, 'vitest.config.ts')

let folder: string
beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'sluice-new-connector-')))
  // What `npm install` would do in a repository of its own.
  await symlink(join(checkout, 'node_modules'), join(folder, 'node_modules'))
})
afterAll(() => rm(folder, { recursive: true }))

interface Ended {
  readonly exitCode: number
  readonly output: string
}

function run(...args: readonly string[]): Promise<Ended> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, args, { cwd: checkout }, (_error, stdout, stderr) =>
      resolve({ exitCode: child.exitCode ?? -1, output: stdout + stderr }),
    )
  })
}

function newConnector(...args: readonly string[]): Promise<Ended> {
  return run('--import', 'tsx/esm', 'plugins/new-connector.ts', '--folder', join(folder, 'plugins'), ...args)
}

it('has tests that pass', { timeout: 60_000 }, async () => {
  expect(await newConnector('acme-mail')).toMatchObject({
    exitCode: 0,
    output: expect.stringContaining('npx vitest run'),
  })
  const vitest = join(checkout, 'node_modules/vitest/vitest.mjs')
  const tests = await run(
    ...[vitest, 'run', '--config', config, '--root', folder, '--project', 'unit'],
    ...['--reporter', 'json'],
  )
  const { numFailedTests, numPassedTests } = JSON.parse(/^\{.*\}$/m.exec(tests.output)?.[0] ?? '{}')
  expect({ numFailedTests, exitCode: tests.exitCode }).toEqual({ numFailedTests: 0, exitCode: 0 })
  expect(numPassedTests).toBeGreaterThan(8)
})

it('has a sample that is shown, again when its sources change', { timeout: 60_000 }, async ({
  onTestFinished,
}) => {
  await newConnector('acme-shown')
  const made = join(folder, 'plugins/connector-acme-shown')
  const command = ['--conditions=sluice-source', '--import', 'tsx/esm', dev, made]
  const child = spawn(process.execPath, command, { cwd: checkout, stdio: ['ignore', 'pipe', 'inherit'] })
  onTestFinished(() => void child.kill())
  let shown = ''
  child.stdout.on('data', (chunk) => {
    shown += String(chunk)
  })
  const sees = async (pattern: RegExp) => {
    while (!pattern.test(shown)) await once(child.stdout, 'data')
  }
  await sees(/POST https:\/\/api\.acme-shown\.example\/contacts [\s\S]*record 2: rejected, invalid_email/)
  const source = join(made, 'src/add-contact.ts')
  await writeFile(source, (await readFile(source, 'utf8')).replace("path: '/contacts'", "path: '/people'"))
  await sees(/POST https:\/\/api\.acme-shown\.example\/people /)
})

it('takes the place of no other', async () => {
  await newConnector('twice')
  expect(await newConnector('twice')).toMatchObject({ exitCode: 1, output: expect.stringContaining('twice') })
})

it.each([
  ['no id', []],
  ['a name that is no id', ['Acme Mail']],
  ['two ids', ['one', 'two']],
])('%s is refused with what to write', async (_, args) => {
  const { exitCode, output } = await newConnector(...args)
  expect(exitCode).toBe(2)
  expect(output).toMatch(/lower-case words/)
})
