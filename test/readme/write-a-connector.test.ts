/** docs/write-a-connector.md shows pieces of the template, whose tests pass: each stands there as it is shown. */
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
const template = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((path) => /\.(ts|json)$/.test(path))
  .map((path) => readFileSync(join(folder, path), 'utf8'))

test('the document shows code', () => {
  expect(blocks.length).toBeGreaterThan(5)
})

test.each(blocks)('the code of line $line stands in the template', ({ text }) => {
  expect(template.some((source) => flush(source).includes(flush(text)))).toBe(true)
})

/** In the document a piece may begin at the margin. */
function flush(text: string): string {
  return text.replaceAll(/^ +/gm, '')
}
