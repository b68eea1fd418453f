/** docs/write-a-connector.md shows code of the template and of connectors whose tests pass: every piece stands there as shown. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { readBlocks } from './snippets.ts'

const checkout = fileURLToPath(new URL('../..', import.meta.url))
const sources = join(checkout, 'plugins/connector-testing/template/src')
const blocks = readBlocks(readFileSync(join(checkout, 'docs/write-a-connector.md'), 'utf8')).filter(
  ({ language }) => language === 'ts',
)
const files = [
  ...readdirSync(sources).map((name) => join(sources, name)),
  join(checkout, 'test/harness/auth-connectors.ts'),
]
const tested = files.map((path) => readFileSync(path, 'utf8'))

test('the document shows code', () => {
  expect(blocks.length).toBeGreaterThan(5)
})

test.each(blocks)('the code of line $line stands in what is tested', ({ text }) => {
  expect(tested.some((source) => source.includes(text))).toBe(true)
})
