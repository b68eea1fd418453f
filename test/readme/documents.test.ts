/** What the documents point at is there: linked files, paths of the repository, variables. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { secretVariablePrefix, tokenVariable } from '../../server/configuration/secret-variables.ts'
import { variableNames } from '../../server/env.ts'

const checkout = fileURLToPath(new URL('../..', import.meta.url))
const read = (path: string) => readFileSync(join(checkout, path), 'utf8')

const documents = [
  'README.md',
  'ARCHITECTURE.md',
  'SECURITY.md',
  ...readdirSync(join(checkout, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.md'))
    .map((path) => join('docs', path)),
]
const rooms = readdirSync(checkout, { withFileTypes: true }).filter((entry) => entry.isDirectory())
const inRoom = new RegExp(`^(${rooms.map(({ name }) => name).join('|')})/[\\w./-]*$`)

test.each(documents)('%s links to files that exist', (path) => {
  const links = [...read(path).matchAll(/\]\(([^)#]+)(?:#[^)]*)?\)/g)].map(([, link = '']) => link)
  const missing = links.filter(
    (link) => !/^https?:/.test(link) && !existsSync(join(checkout, dirname(path), link)),
  )
  expect(missing).toEqual([])
})

test.each(documents)('%s names paths that exist', (path) => {
  const quoted = [...read(path).matchAll(/`([^`\n]+)`/g)].map(([, text = '']) => text)
  const missing = quoted.filter((text) => inRoom.test(text) && !existsSync(join(checkout, text)))
  expect(missing).toEqual([])
})

test.each(documents)('%s names variables that Sluice reads', (path) => {
  const named = read(path).match(/\b(SLUICE_[A-Z_]+|TEMPORAL_[A-Z_]+|DATABASE_URL)\b/g) ?? []
  const ofTheCommand = (name: string) => name === tokenVariable || name.startsWith(secretVariablePrefix)
  const unknown = named.filter((name) => !variableNames.some((known) => known === name))
  expect(unknown.filter((name) => !ofTheCommand(name))).toEqual([])
})
