/** `npm run connector:dev`: shows what a connector makes of its sample, again with every change of its files. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const usage = `Usage: npm run connector:dev -- <folder> [--sample FILE] [--once]

Shows the requests that a connector plans for sample records, the vendor's answers, and what becomes of each record;
again whenever its sources or the sample change.

  <folder>       the connector's package, with src/index.ts
  --sample FILE  the sample (sample.json in the folder)
  --once         show it once and end
  --help         this text
`

async function main(): Promise<number> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { sample: { type: 'string' }, once: { type: 'boolean' }, help: { type: 'boolean' } },
  })
  if (values.help === true) return say(usage, 0)
  const [folder, ...others] = positionals.map((path) => resolve(path))
  if (folder === undefined || others.length > 0) return say(usage, 2)
  const sample = resolve(values.sample ?? join(folder, 'sample.json'))
  for (const path of [join(folder, 'src/index.ts'), sample]) {
    if (!existsSync(path)) return say(`${path} is not there.\n`, 1)
  }
  const program = fileURLToPath(import.meta.resolve('@sluice/connector-testing/dev/show-sample'))
  const tsx = fileURLToPath(import.meta.resolve('tsx/cli'))
  const watch = ['watch', '--clear-screen=false', '--include', join(folder, 'src/**'), '--include', sample]
  const args = [tsx, ...(values.once === true ? [] : watch), program, folder, sample]
  const child = spawn(process.execPath, args, {
    stdio: 'inherit',
    // As this process finds packages, so does that one.
    env: { ...process.env, NODE_OPTIONS: conditions() },
  })
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal))
  const [exitCode] = await once(child, 'exit')
  return typeof exitCode === 'number' ? exitCode : 1
}

function conditions(): string {
  const own = process.execArgv.filter((option) => option.startsWith('--conditions='))
  return [process.env['NODE_OPTIONS'] ?? '', ...own].join(' ').trim()
}

function say(text: string, exitCode: number): number {
  process.stdout.write(text)
  return exitCode
}

process.exitCode = await main()
