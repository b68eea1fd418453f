/** An in-memory DuckDB that can read one file and nothing else. */
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { toSourceError } from './driver-error.ts'
import { createFileView } from './file-view.ts'
import type { SourceFile } from './locate-file.ts'
import { quoteLiteral } from './sql-text.ts'

const catalog = 'sluice_source'

export interface Engine {
  readonly file: SourceFile
  readonly memoryLimitMiB: number
  /** A connection of its own, in which the file's tables go by their names. */
  connect(): Promise<DuckDBConnection>
  /** Lets go of the file, once every connection was given back. */
  close(): void
}

export async function openEngine(file: SourceFile, memoryLimitMiB: number): Promise<Engine> {
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
    if (file.kind === 'duckdb') {
      await control.run(`ATTACH ${quoteLiteral(file.realPath)} AS ${catalog} (READ_ONLY, TYPE duckdb)`)
    } else {
      await createFileView(control, file)
      await control.run(`SET GLOBAL allowed_paths = [${quoteLiteral(file.realPath)}]`)
    }
    await control.run('SET GLOBAL enable_external_access = false')
    await control.run('SET GLOBAL lock_configuration = true')
  } catch (error) {
    close()
    throw toSourceError(error, { baseName: file.baseName, memoryLimitMiB })
  }
  return {
    file,
    memoryLimitMiB,
    async connect() {
      const connection = await instance.connect()
      if (file.kind === 'duckdb') await connection.run(`USE ${catalog}`)
      return connection
    },
    close,
  }
}
