/** Shares one engine among a process's connections to a DuckDB file. */
import type { Engine } from './engine.ts'
import type { LocatedFiles } from './locate-files.ts'

export interface EngineLease {
  readonly engine: Engine
  /** Once, when nothing of the engine is in use any more. */
  release(): void
}

interface Entry {
  readonly engine: Promise<Engine>
  users: number
}

/**
 * DuckDB locks a file by fcntl, and a process loses all such locks on a file when it closes any handle to it: a
 * second engine that is closed would let a writer into the file that the first one reads. So there is one.
 * The first user's memory limit holds for those who come while it is open.
 */
export function createEnginePool(deps: {
  readonly open: (files: LocatedFiles, memoryLimitMiB: number) => Promise<Engine>
}): (files: LocatedFiles, memoryLimitMiB: number) => Promise<EngineLease> {
  const entries = new Map<string, Entry>()

  async function shared(files: LocatedFiles, key: string, memoryLimitMiB: number): Promise<EngineLease> {
    const entry = entries.get(key) ?? { engine: deps.open(files, memoryLimitMiB), users: 0 }
    entries.set(key, entry)
    entry.users += 1
    try {
      const engine = await entry.engine
      return {
        engine,
        release() {
          entry.users -= 1
          if (entry.users > 0) return
          entries.delete(key)
          engine.close()
        },
      }
    } catch (error) {
      if (entries.get(key) === entry) entries.delete(key)
      throw error
    }
  }

  return async (files, memoryLimitMiB) => {
    if (files.kind === 'database') return shared(files, files.database.identity, memoryLimitMiB)
    const engine = await deps.open(files, memoryLimitMiB)
    return { engine, release: engine.close }
  }
}
