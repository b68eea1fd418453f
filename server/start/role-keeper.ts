/** Starts the roles of one start, keeps them running, and ends them with it. */
import { type Kept, keepRunning } from './keep-running.ts'
import { logOf, type Role, type RoleOptions, startRole } from './roles.ts'
import type { StopList } from './stop-list.ts'

interface Options {
  readonly logs: string
  readonly stops: StopList
  say(line: string): void
  onGiveUp(error: unknown): void
}

/** @param needs resolves once everything runs that the role can't start without */
export type KeepRole = (
  role: Omit<RoleOptions, 'logs'>,
  needs?: () => Promise<unknown>,
) => Promise<Kept<Role>>

export function createRoleKeeper({ logs, stops, say, onGiveUp }: Options): KeepRole {
  return async (role, needs = async () => undefined) => {
    const kept = await keepRunning<Role>({
      name: `The ${role.name}`,
      log: logOf(role.name, logs),
      async start() {
        await needs()
        return startRole({ ...role, logs })
      },
      say,
      onGiveUp,
    })
    stops.add(role.name, kept.stop)
    return kept
  }
}
