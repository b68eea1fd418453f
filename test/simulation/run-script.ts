/** Runs a script of the simulation in a process of its own, and gives what it printed. */
import { spawn } from 'node:child_process'

export function runScript(folder: string, script: string, given: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(
      process.execPath,
      ['--conditions=sluice-source', '--import', 'tsx/esm', script, ...given],
      { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] },
    )
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
