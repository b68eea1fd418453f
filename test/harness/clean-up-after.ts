/** Has somebody who outlives this process end and remove what it leaves behind in a folder, however it ends. */
import { spawn } from 'node:child_process'
import process from 'node:process'
import { fileURLToPath } from 'node:url'

export function cleanUpAfter(folder: string): void {
  const script = fileURLToPath(new URL('after-suite.ts', import.meta.url))
  // It waits for its standard input to close.
  const watcher = spawn(process.execPath, ['--import', 'tsx/esm', script, folder], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  watcher.unref()
  if ('unref' in watcher.stdin && typeof watcher.stdin.unref === 'function') watcher.stdin.unref()
}
