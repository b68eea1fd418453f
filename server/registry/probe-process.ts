/** A process that imports plugins before the host does: one that hangs, crashes or exits takes only this along. */
import process from 'node:process'
import { describeFailure } from './failure.ts'

/** What the parent is told, one message a package. */
export type ProbeMessage =
  | { readonly kind: 'starting'; readonly packageName: string }
  | { readonly kind: 'imported'; readonly packageName: string }
  | { readonly kind: 'failed'; readonly packageName: string; readonly failure: string }
  | { readonly kind: 'finished' }

const [loader, ...packageNames] = process.argv.slice(2)

function tell(message: ProbeMessage): Promise<void> {
  return new Promise((resolve) => {
    if (process.send === undefined) resolve()
    else process.send(message, () => resolve())
  })
}

const { load } = (await import(loader ?? '')) as { load(packageName: string): Promise<unknown> }
for (const packageName of packageNames) {
  await tell({ kind: 'starting', packageName })
  try {
    await load(packageName)
    // What it throws right after its import counts as well.
    await new Promise((resolve) => setImmediate(resolve))
    await tell({ kind: 'imported', packageName })
  } catch (error) {
    await tell({ kind: 'failed', packageName, failure: describeFailure(error) })
  }
}
await tell({ kind: 'finished' })
process.exit(0)
