/** docs/write-a-connector.md shows code whose tests pass, of the template and of the tests' own connectors: every piece stands there as it is shown. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { readBlocks } from './snippets.ts'

const checkout = fileURLToPath(new URL('../..', import.meta.url))
const folder = join(checkout, 'plugins/connector-testing/template')
const blocks = readBlocks(readFileSync(join(checkout, 'docs/write-a-connector.md'), 'utf8')).filter(
  ({ language }) => language === 'ts' || language === 'json',
)
const files = [
  ...readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.(ts|json)$/.test(path))
    .map((path) => join(folder, path)),
  // What few connectors need.
  ...['audience-connector', 'auth-connectors', 'bulk-connector', 'list-connector', 'people-connector'].map(
    (name) => join(checkout, `test/harness/${name}.ts`),
  ),
]
const tested = files.map((path) => readFileSync(path, 'utf8'))

test('the document shows code', () => {
  expect(blocks.length).toBeGreaterThan(5)
})

test.each(blocks)('the code of line $line stands in what is tested', ({ text }) => {
  expect(tested.some((source) => flush(source).includes(flush(text)))).toBe(true)
})

/** In the document a piece may begin at the margin. */
function flush(text: string): string {
  return text.replaceAll(/^ +/gm, '')
}
