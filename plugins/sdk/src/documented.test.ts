/** That strangers find an example of everything they may import. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const folder = fileURLToPath(new URL('.', import.meta.url))
const sources = readdirSync(folder)
  .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts') && name !== 'index.ts')
  .map((name) => readFileSync(join(folder, name), 'utf8'))

/** The names in index.ts, apart from zod's own. */
const names = [
  ...readFileSync(join(folder, 'index.ts'), 'utf8').matchAll(/^export (?:type )?\{([^}]*)\} from '\.\//gm),
]
  .flatMap(([, list = '']) => list.split(','))
  .map((name) => name.replace('type ', '').trim())
  .filter((name) => name !== '')

/** The comment directly above a declaration; empty where there is none. */
function commentOf(name: string): string {
  const declaration = new RegExp(`^export (abstract )?(interface|type|class|const|function) ${name}\\b`, 'm')
  for (const source of sources) {
    const at = source.search(declaration)
    if (at < 0) continue
    const before = source.slice(0, at)
    return before.endsWith('*/\n') ? before.slice(before.lastIndexOf('/**')) : ''
  }
  return ''
}

it('there are exports', () => expect(names.length).toBeGreaterThan(50))

it.each(names)('%s is explained with an example', (name) => {
  expect(commentOf(name)).toMatch(/@example\n \* ```ts\n/)
})
