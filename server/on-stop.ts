/** When a role is asked to stop: by a signal, or because the process that started it is gone. */
import process from 'node:process'

/**
 * Calls `stop` once.
 *
 * @param isSupervised whether standard input is a pipe from a parent: it closes however the parent went
 */
export function onStop(stop: () => void, isSupervised: boolean): void {
  let isStopping = false
  const once = () => {
    if (isStopping) return
    isStopping = true
    stop()
  }
  process.once('SIGINT', once)
  process.once('SIGTERM', once)
  if (isSupervised) process.stdin.once('close', once).once('end', once).resume()
}
