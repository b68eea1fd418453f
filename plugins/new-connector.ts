/** Makes a connector to begin with: a copy of the template, under a name of its own, whose tests pass. */
import { cp, readdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { fileExists } from '../server/embedded/file-exists.ts'

const usage = `Usage: npm run new:connector -- <id> [--folder DIR]

Makes the package <folder>/connector-<id> with an action, its tests and a README to begin with.

  <id>           the connector's id, for ever: lower-case words joined by -, for example acme-mail
  --folder DIR   where (plugins)
  --help         this text
`
const template = fileURLToPath(new URL('connector-testing/template', import.meta.url))
const plugins = fileURLToPath(new URL('.', import.meta.url))
const idForm = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/
const mostLetters = 64

async function main(): Promise<number> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { folder: { type: 'string', default: plugins }, help: { type: 'boolean' } },
  })
  const [id, ...others] = positionals
  if (values.help === true) return say(usage, 0)
  if (id === undefined || others.length > 0) return say(usage, 2)
  if (!idForm.test(id) || id.length > mostLetters) {
    return say(`"${id}" is no id: use lower-case words joined by -, at most ${mostLetters} characters.\n`, 2)
  }
  const folder = join(values.folder, `connector-${id}`)
  if (await fileExists(folder)) return say(`${folder} is there already. Choose another id.\n`, 1)
  await cp(template, folder, { recursive: true })
  await rename(join(folder, 'src/acme.test.ts'), join(folder, `src/${id}.test.ts`))
  for (const path of await filesIn(folder)) await writeFile(path, named(await readFile(path, 'utf8'), id))
  const shown = relative(process.cwd(), folder)
  const next = `  npx vitest run ${shown}\n  npm run connector:dev -- ${shown}\n`
  return say(`Made ${shown}. Try its tests, see what its sample becomes, then make it yours:\n\n${next}`, 0)
}

/** The template is called Acme; as a name in code its words stand together. */
function named(text: string, id: string): string {
  const words = id.split('-').map((word) => word.slice(0, 1).toUpperCase() + word.slice(1))
  const variable = words.join('').replace(/^./, (letter) => letter.toLowerCase())
  return text
    .replaceAll(/\bAcme\b/g, words.join(' '))
    .replaceAll(/\bacme(?= from|, [{'])/g, variable)
    .replaceAll(/\bacme\b/g, id)
}

async function filesIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
}

function say(text: string, exitCode: number): number {
  process.stdout.write(text)
  return exitCode
}

process.exitCode = await main()
