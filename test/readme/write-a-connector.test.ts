/** docs/write-a-connector.md shows code whose tests pass, of the template and of the tests' own connectors: every piece stands there as it is shown. */
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
const ownConnector = join(checkout, 'test/harness/list-connector.ts')
const shown = [...readdirSync(sources).map((name) => join(sources, name)), ownConnector].map((path) =>
  readFileSync(path, 'utf8'),
)

test('the document shows code', () => {
  expect(blocks.length).toBeGreaterThan(5)
})

test.each(blocks)('the code of line $line stands in a connector that is tested', ({ text }) => {
  expect(shown.some((source) => source.includes(text))).toBe(true)
})
