/** `npm run sluice -- <verb>`: the configuration of a workspace as a file, over the API. */
import { writeFile } from 'node:fs/promises'
import process from 'node:process'
import { createInterface } from 'node:readline/promises'
import { parseArgs } from 'node:util'
import { explain } from '../explain.ts'
import { createApi, Refused } from './api.ts'
import { apply, type Terminal } from './apply.ts'
import { BadFile, readConfigurationFile, withPlaces } from './configuration-file.ts'
import { countOf, describe, paintFor } from './show.ts'
import { readSurroundings, UsageError } from './surroundings.ts'
import { writeYaml } from './write-yaml.ts'

const help = `Usage: npm run sluice -- <verb> [options]

  export         writes the configuration of a workspace as YAML
  diff <file>    tells what applying a file would change
  apply <file>   makes the working copy of a workspace what a file says, all of it or nothing

  --workspace N  the workspace, by name or id; can be left out where there is only one
  --url URL      the address of the API (default: SLUICE_URL, else http://127.0.0.1:4000)
  --json         one JSON object on stdout; everything else goes to stderr
  --help         this text

  export
  --out FILE     writes there instead of to stdout
  --of ID        a version or a draft by its id (default: the working copy)

  diff, apply
  --delete-others  what the file lacks is deleted in the working copy (default: it stays)

  apply
  --dry-run      checks everything, asks data sources too, and changes nothing
  --yes          does not ask before it changes something
  --publish      publishes the working copy afterwards
  --notes TEXT   why it is published, for those who read the history

The token comes from SLUICE_TOKEN, else from the data folder of \`npm start\` (SLUICE_DATA_DIR, default .sluice). Secrets
stand in no file: where it says { env: SLUICE_SETTING_X }, the variable is read here when the file is applied. A secret
whose variable is not set stays as the workspace has it.

diff ends with 0 where nothing differs, with 1 where something does. Others end with 0 when all went well, apply with 1
when it was not wanted. All end with 2 when something is wrong, and say where in the file. docs/configuration.md
describes the format.
`

const same = 0
const different = 1
const wrong = 2

const { values, positionals } = readOptions()

function readOptions() {
  try {
    return options()
  } catch (error) {
    // Of what cannot be read nothing else can be done.
    process.stderr.write(`${explain(error)}\n`)
    process.exit(wrong)
  }
}

function options() {
  return parseArgs({
    allowPositionals: true,
    options: {
      workspace: { type: 'string' },
      url: { type: 'string' },
      out: { type: 'string' },
      of: { type: 'string' },
      notes: { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
      yes: { type: 'boolean', default: false },
      publish: { type: 'boolean', default: false },
      'dry-run': { type: 'boolean', default: false },
      'delete-others': { type: 'boolean', default: false },
    },
  })
}

async function main(): Promise<number> {
  const [verb, path, ...rest] = positionals
  if (values.help) {
    process.stdout.write(help)
    return same
  }
  if (rest.length > 0 || !(verb === 'export' ? path === undefined : path !== undefined)) {
    process.stderr.write(help)
    return wrong
  }
  switch (verb) {
    case 'export':
      return exportFile()
    case 'diff':
      return diff(path ?? '')
    case 'apply':
      return applyFile(path ?? '')
    default:
      process.stderr.write(help)
      return wrong
  }
}

async function connect() {
  const { url, token, secrets } = await readSurroundings(values.url)
  const api = createApi({ url, token })
  return { api, secrets, workspaceId: await api.workspaceId(values.workspace) }
}

async function exportFile(): Promise<number> {
  const { api, workspaceId } = await connect()
  const document = await api.configuration(workspaceId, values.of)
  const text = values.json ? `${JSON.stringify(document)}\n` : writeYaml(document)
  if (values.out === undefined) {
    process.stdout.write(text)
    return same
  }
  await writeFile(values.out, text)
  process.stderr.write(`Written to ${values.out}. Edit it, then: npm run sluice -- diff ${values.out}\n`)
  return same
}

async function diff(path: string): Promise<number> {
  const file = await readConfigurationFile(path)
  const { api, workspaceId } = await connect()
  const document = { workspaceId, configuration: file.value, deleteOthers: values['delete-others'] }
  const comparison = await withPlaces(path, file, () => api.compare(document))
  const isSame = comparison.changes.length === 0 && comparison.others.length === 0
  if (values.json) process.stdout.write(`${JSON.stringify(comparison)}\n`)
  else {
    const lines = describe(comparison, paintFor(process.stdout, process.env))
    const end = isSame
      ? 'Nothing differs.'
      : `${countOf(comparison)}. Apply it: npm run sluice -- apply ${path}`
    process.stdout.write(`${[...lines, end].join('\n')}\n`)
  }
  return isSame ? same : different
}

async function applyFile(path: string): Promise<number> {
  if (values.publish !== (values.notes !== undefined)) {
    throw new UsageError('--publish and --notes belong together: say in the notes why it is published.')
  }
  // A file that cannot be read needs no server to say so.
  await readConfigurationFile(path)
  const { api, secrets, workspaceId } = await connect()
  const result = await apply(
    api,
    secrets,
    {
      path,
      workspaceId,
      deleteOthers: values['delete-others'],
      dryRun: values['dry-run'],
      yes: values.yes,
      publishNotes: values.notes,
    },
    terminal(),
  )
  if (values.json) process.stdout.write(`${JSON.stringify(result)}\n`)
  const isDone =
    values['dry-run'] || result.applied || result.published !== null || result.changes.length === 0
  return isDone ? same : different
}

function terminal(): Terminal {
  const stream = values.json ? process.stderr : process.stdout
  const isAsked = process.stdin.isTTY === true && stream.isTTY === true
  return {
    say: (line) => void stream.write(`${line}\n`),
    paint: paintFor(stream, process.env),
    ask: isAsked ? (question) => confirm(question, stream) : undefined,
  }
}

async function confirm(question: string, output: NodeJS.WriteStream): Promise<boolean> {
  const lines = createInterface({ input: process.stdin, output })
  try {
    return /^y(es)?$/i.test((await lines.question(`${question} [y/N] `)).trim())
  } finally {
    lines.close()
  }
}

/** For programs as for people. */
function tell(error: unknown): void {
  if (values.json) process.stdout.write(`${JSON.stringify({ problems: problemsOf(error) })}\n`)
  process.stderr.write(`${explain(error)}\n`)
  if (error instanceof Refused) {
    for (const { message } of error.problem.problems ?? []) process.stderr.write(`  ${message}\n`)
  }
}

interface ToldProblem {
  readonly code: string
  readonly message: string
}

function problemsOf(error: unknown): readonly ToldProblem[] {
  if (error instanceof BadFile) return error.problems
  if (error instanceof Refused) return error.problem.problems ?? [error.problem]
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'failed'
  return [{ code, message: error instanceof Error ? error.message : explain(error) }]
}

try {
  process.exitCode = await main()
} catch (error) {
  tell(error)
  process.exitCode = wrong
}
