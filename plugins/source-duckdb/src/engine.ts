/** An in-memory DuckDB that can read the files that were located and nothing else. */
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { type ErrorScene, toSourceError } from './driver-error.ts'
import { createFileView } from './file-view.ts'
import type { LocatedFiles } from './locate-files.ts'
import { quoteLiteral } from './sql-text.ts'

const catalog = 'sluice_source'

export interface Engine {
  readonly files: LocatedFiles
  readonly memoryLimitMiB: number
  /** A connection of its own, in which the file's tables go by their names. */
  connect(): Promise<DuckDBConnection>
  /** Lets go of the file, once every connection was given back. */
  close(): void
}

export async function openEngine(files: LocatedFiles, memoryLimitMiB: number): Promise<Engine> {
  const instance = await DuckDBInstance.create(':memory:', {
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    allow_community_extensions: 'false',
    memory_limit: `${memoryLimitMiB}MiB`,
    threads: '2',
    // No folder, no spill: a sort that outgrows the limit fails and leaves no value on disk.
    temp_directory: '',
  })
  const control = await instance.connect()
  const close = (): void => {
    control.disconnectSync()
    instance.closeSync()
  }
  try {
    // The host's zone must not change what a text or a comparison means.
    await control.run(`SET GLOBAL TimeZone = 'UTC'`)
    if (files.kind === 'database') {
      const { realPath } = files.database
      await control.run(`ATTACH ${quoteLiteral(realPath)} AS ${catalog} (READ_ONLY, TYPE duckdb)`)
    } else {
      for (const table of files.tables) await createFileView(control, table)
      const paths = files.tables.flatMap((table) => table.files.map(({ realPath }) => quoteLiteral(realPath)))
      await control.run(`SET GLOBAL allowed_paths = [${paths.join(', ')}]`)
    }
    await control.run('SET GLOBAL enable_external_access = false')
    await control.run('SET GLOBAL lock_configuration = true')
  } catch (error) {
    close()
    throw toSourceError(error, sceneOf({ files, memoryLimitMiB }))
  }
  return {
    files,
    memoryLimitMiB,
    async connect() {
      const connection = await instance.connect()
      if (files.kind === 'database') await connection.run(`USE ${catalog}`)
      return connection
    },
    close,
  }
}

/** What may be named when something fails. */
export function sceneOf({ files, memoryLimitMiB }: Pick<Engine, 'files' | 'memoryLimitMiB'>): ErrorScene {
  const read = files.kind === 'database' ? [files.database] : files.tables.flatMap((table) => table.files)
  return { baseName: files.baseName, files: read, memoryLimitMiB }
}
