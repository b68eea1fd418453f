/** docs/write-a-connector.md shows code of connectors whose tests pass: every piece stands there as it is shown. */
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
const template = readdirSync(sources).map((name) => readFileSync(join(sources, name), 'utf8'))
/** What few connectors need, on those that the tests of delivery send with. */
const others = ['people', 'bulk'].map((name) =>
  readFileSync(join(checkout, `test/harness/${name}-connector.ts`), 'utf8'),
)

test('the document shows code', () => {
  expect(blocks.length).toBeGreaterThan(5)
})

test.each(blocks)('the code of line $line stands in a connector that is tested', ({ text }) => {
  expect([...template, ...others].some((source) => source.includes(text))).toBe(true)
})
