/** The command `sluice` as an operator runs it: a process of its own, against a server that listens. */
import { execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestApp, type TestApp } from '../harness/app.ts'
import { seed } from '../harness/seed.ts'

let app: TestApp
let url: string
let file: string
beforeAll(async () => {
  app = await createTestApp()
  url = (await app.listen()).url
  await seed(app)
    .workspace('Shop')
    .csvSource()
    .segment(
      { any: [{ all: [{ attribute: 'country', operator: 'equals', value: 'NL' }] }] },
      { name: 'Dutch' },
    )
    .connector(undefined, { name: 'Braze' })
    .action(undefined, { name: 'Profiles', templates: [{ name: 'Mail', source: 'Dear\n{{email}}' }] })
    .create()
  file = join(app.folder, 'sluice.yaml')
})
afterAll(() => app.close())

const checkout = fileURLToPath(new URL('../..', import.meta.url))

interface Ended {
  readonly code: number | string | undefined
  readonly stdout: string
  readonly stderr: string
}

function sluice(args: readonly string[], variables: Readonly<Record<string, string>> = {}): Promise<Ended> {
  const env = { PATH: process.env['PATH'], SLUICE_TOKEN: app.token, SLUICE_URL: url, ...variables }
  return new Promise((resolve) => {
    const options = { cwd: checkout, env }
    execFile(
      process.execPath,
      ['--import', 'tsx/esm', 'server/cli/main.ts', ...args],
      options,
      (error, stdout, stderr) => {
        resolve({ code: error === null ? 0 : (error.code ?? undefined), stdout, stderr })
      },
    )
  })
}

const edited = async (from: string, to: string) => {
  const text = await readFile(file, 'utf8')
  expect(text).toContain(from)
  const path = join(app.folder, 'edited.yaml')
  await writeFile(path, text.replace(from, to))
  return path
}

test('export, edit, diff, apply, publish: nothing differs any more', async () => {
  const exported = await sluice(['export', '--out', file])
  expect(exported).toMatchObject({ code: 0, stdout: '' })
  expect(exported.stderr).toContain(`npm run sluice -- diff ${file}`)
  expect(await sluice(['diff', file])).toMatchObject({ code: 0, stdout: 'Nothing differs.\n' })

  const path = await edited('value: NL', 'value: BE')
  const diff = await sluice(['diff', path])
  expect(diff.code).toBe(1)
  expect(diff.stdout).toContain('~ segment "Dutch"')
  expect(diff.stdout).toContain('"value":"BE"')

  const unasked = await sluice(['apply', path])
  expect(unasked).toMatchObject({ code: 2 })
  expect(unasked.stderr).toContain('--yes')
  expect(await sluice(['apply', path, '--dry-run'])).toMatchObject({ code: 0 })
  expect((await sluice(['diff', path])).code).toBe(1)

  const applied = await sluice(['apply', path, '--yes', '--publish', '--notes', 'Belgium', '--json'])
  expect(applied).toMatchObject({ code: 0 })
  expect(JSON.parse(applied.stdout)).toMatchObject({ applied: true, published: 1 })
  expect(await sluice(['diff', path])).toMatchObject({ code: 0 })
  expect((await sluice(['export'])).stdout).toBe(await readFile(path, 'utf8'))
})

test('every problem has its line and column, of texts in the file too', async () => {
  await sluice(['export', '--out', file])
  const text = await readFile(file, 'utf8')
  const path = join(app.folder, 'wrong.yaml')
  await writeFile(
    path,
    text
      .replace('{{email}}', '{{#if}}')
      .replace('segment: Dutch', 'segment: Duthc')
      .replace('attribute: country', 'attribute: contry'),
  )
  const lineOf = async (part: string) =>
    (await readFile(path, 'utf8')).split('\n').findIndex((line) => line.includes(part)) + 1
  const { code, stderr } = await sluice(['diff', path])
  expect(code).toBe(2)
  const places = stderr
    .trim()
    .split('\n')
    .map((line) => Number(line.slice(path.length + 1).split(':')[0]))
  expect([...new Set(places)]).toEqual([
    await lineOf('contry'),
    await lineOf('Duthc'),
    await lineOf('{{#if}}'),
  ])
  expect(stderr).toContain('Did you mean "Dutch"?')
  expect(stderr).toContain('Did you mean "country"?')
  const json = await sluice(['diff', path, '--json'])
  expect(JSON.parse(json.stdout).problems).toHaveLength(places.length)
})

test('secrets come from variables, and stand in nothing that is printed', async () => {
  await sluice(['export', '--out', file])
  const variable = /SLUICE_SETTING_\w+/.exec(await readFile(file, 'utf8'))?.[0] ?? ''
  const canary = 'canary-of-the-command'
  const replaced = await sluice(['apply', file, '--yes'], {
    [variable]: canary,
    AWS_SECRET_ACCESS_KEY: canary,
  })
  expect(replaced).toMatchObject({ code: 0 })
  expect(replaced.stdout).toContain('Secrets were replaced.')
  const elsewhere = await seed(app).workspace('Elsewhere').create()
  const missing = await sluice(['apply', file, '--yes', '--workspace', 'Elsewhere'])
  expect(missing.stderr).toContain(`The variable ${variable} is not set`)
  const made = await sluice(['apply', file, '--yes', '--workspace', 'Elsewhere'], { [variable]: canary })
  expect(made).toMatchObject({ code: 0 })
  expect((await sluice(['export', '--workspace', elsewhere.workspace.id])).stdout).toBe(
    await readFile(file, 'utf8'),
  )
  expect(JSON.stringify([replaced, missing, made, app.log])).not.toContain(canary)
})

test.each([
  ['no verb', [], {}, 'Usage: npm run sluice'],
  ['an option that is none', ['diff', '--frobnicate', 'x'], {}, "Unknown option '--frobnicate'"],
  ['no file', ['diff', 'none.yaml'], {}, 'none.yaml is not there'],
  ['notes alone', ['apply', 'package.json', '--notes', 'x'], {}, '--publish and --notes belong together'],
  ['an address without http', ['export', '--url', 'localhost:4000'], {}, '"localhost:4000" is no address'],
  ['no server', ['export', '--url', 'http://127.0.0.1:9'], {}, 'does not answer'],
  ['a wrong token', ['export'], { SLUICE_TOKEN: 'wrong' }, 'This token is not known'],
  ['an unknown workspace', ['export', '--workspace', 'Shopp'], {}, 'There is no workspace "Shopp"'],
])('%s ends with 2 and says what to do', async (_what, args, variables, told) => {
  const { code, stderr } = await sluice(args, variables)
  expect(code).toBe(2)
  expect(stderr).toContain(told)
  expect(stderr).not.toContain('    at ')
})

test('with --json what went wrong is one object on stdout too, whatever it was', async () => {
  const problemsOf = async (...args: readonly string[]) => {
    const { code, stdout } = await sluice([...args, '--json'])
    expect(code).toBe(2)
    return JSON.parse(stdout).problems
  }
  expect(await problemsOf('diff', 'none.yaml')).toMatchObject([{ code: 'usage' }])
  expect(await problemsOf('export', '--url', 'http://127.0.0.1:9')).toMatchObject([{ code: 'api_error' }])
  expect(await problemsOf('export', '--of', 'VmVyc2lvbjo')).toMatchObject([{ message: expect.any(String) }])
})
