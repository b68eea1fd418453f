/** Compiled lanes by version and action: a worker compiles each once. */
import { compileLane, type VersionLane } from '../../engine/compile.ts'
import type { PrismaClient } from '../../prisma/generated/client/client.ts'
import type { Registry } from '../registry/registry.ts'
import { digest } from '../templates/digest.ts'
import { loadVersion } from '../versions/service.ts'

const mostKept = 200

export type CompiledLanes = (
  workspaceId: string,
  versionNumber: number,
  actionId: string,
) => Promise<VersionLane>

/** Versions never change, so nothing is ever out of date; the oldest entries make room. */
export function createCompiledLanes(deps: {
  readonly db: PrismaClient
  readonly registry: Registry
}): CompiledLanes {
  const { registry } = deps
  const kept = new Map<string, Promise<VersionLane>>()
  return (workspaceId, versionNumber, actionId) => {
    const name = `${workspaceId}/${versionNumber}/${actionId}`
    const found = kept.get(name)
    if (found !== undefined) return found
    const compiling = loadVersion(deps, workspaceId, versionNumber).then((version) =>
      compileLane(version, actionId, registry.plugins, { digest }),
    )
    kept.set(name, compiling)
    // A failure (the database is away) must not be remembered.
    compiling.catch(() => kept.delete(name))
    const oldest = kept.keys().next()
    if (kept.size > mostKept && !oldest.done) kept.delete(oldest.value)
    return compiling
  }
}
