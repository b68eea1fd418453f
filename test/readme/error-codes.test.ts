/** docs/errors.md names every code that our sources can answer with, print or log. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const checkout = fileURLToPath(new URL('../..', import.meta.url))
const document = readFileSync(join(checkout, 'docs/errors.md'), 'utf8')
const documented = new Set([...document.matchAll(/`([a-z][a-z0-9_]*)`/g)].map(([, code]) => code))

const codeText = "'[a-z][a-z0-9_]*'"
/** Where code says that a text is a code: by the name it gets, the error or issue it makes, the list it stands in. */
const places = [
  `\\bcodes?\\??\\s*[:=]\\s*((?:\\|?\\s*${codeText}\\s*)+)`,
  `\\btype \\w*Code\\w* =\\s*((?:\\|?\\s*${codeText}\\s*)+)`,
  `\\bnew \\w*Error\\(\\s*(${codeText})`,
  `\\b(?:issue|refused|verdict\\.\\w+)\\(\\s*(${codeText})`,
  `\\b(?:error|refused|UND_ERR_[A-Z_]+|E[A-Z_]{4,}): (${codeText})`,
  `\\b(?:ours|\\w*[cC]odes)\\b[^=\\n]*=\\s*(?:new Set\\()?\\[((?:\\s*${codeText},?)+)`,
  `\\b\\w+: (${codeText}),?(?=[^{}]*\\} as const\\nexport type FailureType)`,
].map((place) => new RegExp(place, 'g'))

/** The name of the property itself, and what stands for a foreign error without one. */
const noCodes = ['code', 'unknown']

function sourcesIn(room: string): readonly string[] {
  return readdirSync(join(checkout, room), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !/\.test\.ts$|[/-](testing|template)\/|node_modules/.test(path))
    .map((path) => join(room, path))
}

/** Examples in comments are none of ours. */
function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '')
}

function codesOf(path: string): readonly string[] {
  const text = withoutComments(readFileSync(join(checkout, path), 'utf8'))
  const found = places.flatMap((place) => [...text.matchAll(place)].map(([, texts = '']) => texts))
  return found.flatMap((texts) => texts.match(/[a-z][a-z0-9_]*/g) ?? [])
}

test.each(['server', 'engine', 'workflows', 'plugins'])('every code in %s is documented', (room) => {
  const codes = new Set(sourcesIn(room).flatMap(codesOf))
  expect(codes.size).toBeGreaterThan(5)
  const missing = [...codes].filter((code) => !documented.has(code) && !noCodes.includes(code))
  expect(missing).toEqual([])
})

test('no code stands twice with two meanings in one table', () => {
  for (const section of document.split('\n## ')) {
    const codes = [...section.matchAll(/^\| (`[^|]*`) *\|/gm)].flatMap(
      ([, cell = '']) => cell.match(/\w+/g) ?? [],
    )
    expect(codes.filter((code, index) => codes.indexOf(code) !== index)).toEqual([])
  }
})
