/** Writes the schema as SDL beside this file, or checks that what is committed is up to date. */
import { readFile, writeFile } from 'node:fs/promises'
import process from 'node:process'
import { parseArgs } from 'node:util'
import { lexicographicSortSchema, printSchema } from 'graphql'
import { schema } from './schema.ts'

const help = `Usage: npm run print-schema -- [--check]

Writes server/graphql/schema.graphql.
  --check  write nothing; fail when the file differs from the schema
  --help   this text
`
const path = new URL('./schema.graphql', import.meta.url)
const { values } = parseArgs({ options: { check: { type: 'boolean' }, help: { type: 'boolean' } } })

if (values.help === true) process.stdout.write(help)
else if (values.check === true) await check()
else await writeFile(path, sdl())

function sdl(): string {
  return `${printSchema(lexicographicSortSchema(schema))}\n`
}

async function check(): Promise<void> {
  const committed = (await readFile(path, 'utf8').catch(() => '')).split('\n')
  const current = sdl().split('\n')
  const line = current.findIndex((text, index) => text !== committed[index])
  if (line === -1 && committed.length === current.length) return
  const at = line === -1 ? current.length : line
  process.stderr.write(
    `server/graphql/schema.graphql is not up to date, from line ${at + 1}:\n- ${committed[at] ?? '(end)'}\n+ ${current[at] ?? '(end)'}\nRun "npm run print-schema", look at the difference, and commit it.\n`,
  )
  process.exitCode = 1
}
