/** A script of the simulation as one bundle, which processes of their own run: the code as it is, or as it is changed. */
import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { build, type Plugin } from 'esbuild'

export interface BundledScript {
  /** Runs it in a process of its own, and gives what it printed. */
  run(...given: readonly string[]): Promise<string>
  remove(): Promise<void>
}

/** @param changed what other text files have, by their paths */
export async function bundleScript(
  name: string,
  changed: ReadonlyMap<string, string> = new Map(),
): Promise<BundledScript> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-simulation-'))
  const outfile = join(folder, 'script.mjs')
  const remove = () => rm(folder, { recursive: true, force: true })
  try {
    await build({
      entryPoints: [fileURLToPath(new URL(name, import.meta.url))],
      ...{ bundle: true, platform: 'node', format: 'esm', conditions: ['sluice-source'] },
      ...{ outfile, plugins: [withTexts(changed)], logLevel: 'silent' },
    })
  } catch (error) {
    await remove()
    throw error
  }
  return { run: (...given) => run(outfile, given), remove }
}

function withTexts(texts: ReadonlyMap<string, string>): Plugin {
  return {
    name: 'texts',
    setup({ onLoad }) {
      onLoad({ filter: /\.ts$/ }, ({ path }) => {
        const contents = texts.get(path)
        return contents === undefined ? undefined : { contents, loader: 'ts' }
      })
    },
  }
}

function run(script: string, given: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [script, ...given], { stdio: ['ignore', 'pipe', 'pipe'] })
    const output: string[] = []
    const errors: string[] = []
    child.stdout.setEncoding('utf8').on('data', (text: string) => output.push(text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => errors.push(text))
    child.on('error', reject)
    child.on('close', (code) => {
      if (code === 0) resolve(output.join(''))
      else reject(new Error(`${script} failed:\n${errors.join('')}`))
    })
  })
}
