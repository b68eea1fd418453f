/** docs/errors.md explains every code that our sources give. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))
const rooms = ['server', 'engine', 'workflows']
/** `code: 'x'`, `code = 'x'` and the codes of plugin checks; words without an underscore are kinds of other things. */
const given = /\bcode(?::| =) '(?<code>[a-z]+(?:_[a-z]+)+)'/g

function sourcesIn(room: string): readonly string[] {
  return readdirSync(join(root, room), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts'))
    .map((path) => join(root, room, path))
}

it('finds codes at all', () => {
  const [match] = "{ code: 'plugin_id_taken' }".matchAll(given)
  expect(match?.groups?.['code']).toBe('plugin_id_taken')
})

it('explains every code', () => {
  const documented = readFileSync(join(root, 'docs/errors.md'), 'utf8')
  const codes = rooms
    .flatMap(sourcesIn)
    .flatMap((path) => [...readFileSync(path, 'utf8').matchAll(given)])
    .flatMap(({ groups }) => groups?.['code'] ?? [])
  expect(codes.length).toBeGreaterThan(20)
  const unexplained = [...new Set(codes)].filter((code) => !documented.includes(`\`${code}\``))
  expect(unexplained).toEqual([])
})
