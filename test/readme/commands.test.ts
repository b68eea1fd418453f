/** Every command that a document names can be run, and says with --help how. */
import { execFile } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const checkout = fileURLToPath(new URL('../..', import.meta.url))
const read = (path: string) => readFileSync(join(checkout, path), 'utf8')
const { scripts } = JSON.parse(read('package.json')) as { readonly scripts: Readonly<Record<string, string>> }

const documents = [
  'README.md',
  'ARCHITECTURE.md',
  'SECURITY.md',
  '.env.example',
  '.ci/run',
  ...filesIn('docs', '.md'),
  ...filesIn('plugins', 'README.md'),
]

function filesIn(folder: string, ending: string): string[] {
  const entries = readdirSync(join(checkout, folder), { recursive: true, encoding: 'utf8' })
  const isOurs = (path: string) => path.endsWith(ending) && !path.includes('node_modules')
  return entries.filter(isOurs).map((path) => join(folder, path))
}

/** What npm runs for `npm start`, `npm test` and `npm run x`; its own verbs are none of ours. */
const namedScript = /\bnpm (?:run (?:-s )?([\w:-]+)|(start|test)\b)/g

const programs = Object.entries(scripts).filter(([, script]) => / --import tsx\/esm \S+\.ts$/.test(script))

test.each(documents)('%s names only scripts that exist', (path) => {
  const named = [...read(path).matchAll(namedScript)].map(([, script, short]) => script ?? short)
  expect(named.filter((script) => script === undefined || !(script in scripts))).toEqual([])
})

test('the README names the scripts for its readers', () => {
  const named = [...read('README.md').matchAll(namedScript)].map(([, script, short]) => script ?? short)
  expect(new Set(named)).toEqual(
    new Set(['start', 'test', 'check', 'bench', 'simulate', 'chaos', 'sluice', 'server', 'worker']),
  )
})

test.each(programs)('npm run %s tells with --help how it is used', async (name, script) => {
  const [, ...args] = script.split(' ')
  const { stdout } = await promisify(execFile)(process.execPath, [...args, '--help'], { cwd: checkout })
  const usage = name === 'start' ? 'npm start' : `npm run ${name}`
  expect(stdout).toMatch(new RegExp(`^Usage: ${usage} -- `))
  expect(stdout).toContain('--help')
})
