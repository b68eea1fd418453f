/** Starts or wakes workflows after a commit: all are tried, and who asked learns if any could not be. */
import type { Context } from '../context.ts'
import { WorkflowsUnavailable } from './rules.ts'

/** `saved` says what holds although the workflows could not be reached. */
export async function wakeWorkflows(
  { log }: Pick<Context['deps'], 'log'>,
  wakings: readonly (() => Promise<void>)[],
  saved: string,
): Promise<void> {
  const results = await Promise.allSettled(wakings.map((wake) => wake()))
  const failures = results.filter((result) => result.status === 'rejected')
  const [first] = failures
  if (first === undefined) return
  log.error(
    { err: first.reason, failed: failures.length, of: wakings.length },
    'workflows could not be woken',
  )
  throw new WorkflowsUnavailable(saved)
}
