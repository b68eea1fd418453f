/** Writes the public surface of the SDK as its declarations say it, or checks that what is committed is up to date. */
import { execFile } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { parseArgs, promisify } from 'node:util'

const help = `Usage: npm run print-api -- [--check]

Writes plugins/sdk/sdk.api.md.
  --check  write nothing; fail when the file differs from the declarations
  --help   this text
`
const checkout = fileURLToPath(new URL('..', import.meta.url))
const path = join(checkout, 'plugins/sdk/sdk.api.md')
const { values } = parseArgs({ options: { check: { type: 'boolean' }, help: { type: 'boolean' } } })

if (values.help === true) process.stdout.write(help)
else if (values.check === true) await check(await report())
else await writeFile(path, await report())

/** One block a file, in the order of their names; index.d.ts says what of them is public. */
async function report(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-api-'))
  try {
    const sources = join(checkout, 'plugins/sdk/src')
    const tsc = join(checkout, 'node_modules/typescript/bin/tsc')
    const kind = [
      '--declaration',
      '--emitDeclarationOnly',
      '--noEmit',
      'false',
      '--allowImportingTsExtensions',
    ]
    const files = ['--project', join(checkout, 'plugins/sdk/tsconfig.api.json'), '--outDir', folder]
    await promisify(execFile)(process.execPath, [tsc, ...files, ...kind, '--rootDir', sources])
    const names = (await readdir(folder)).toSorted()
    const blocks = await Promise.all(
      names.map(
        async (name) => `## ${name}\n\n\`\`\`ts\n${await readFile(join(folder, name), 'utf8')}\`\`\`\n`,
      ),
    )
    return ['# The surface of @sluice/connector-sdk\n', ...blocks].join('\n')
  } finally {
    await rm(folder, { recursive: true })
  }
}

async function check(current: string): Promise<void> {
  const committed = await readFile(path, 'utf8').catch(() => '')
  if (committed === current) return
  process.stderr.write(
    'plugins/sdk/sdk.api.md is not up to date. Run "npm run print-api", look at the difference, and commit it.\n',
  )
  process.exitCode = 1
}
