/** Opens the files that the settings name as a connection for the host. */
import {
  type ConnectContext,
  type PublicSettings,
  type SourceConnection,
  SourceError,
} from '@sluice/connector-sdk'
import { describeTable } from './describe-table.ts'
import type { EngineLease } from './engine-pool.ts'
import { listTables } from './list-tables.ts'
import { type LocatedFiles, locateFiles } from './locate-files.ts'
import { queryRecords } from './query-records.ts'
import { createSessions } from './sessions.ts'
import { defaultMemoryLimitMiB, settings as settingsForm } from './settings.ts'
import type { ClockRequest } from './source-clock.ts'
import { streamRecords } from './stream-records.ts'
import { checkCondition, describeSql } from './written-sql.ts'

export interface ConnectDeps {
  readonly lease: (files: LocatedFiles, memoryLimitMiB: number) => Promise<EngineLease>
  readonly now: (request: ClockRequest) => string
}

export type Connect = (
  settings: PublicSettings,
  secrets: Readonly<Record<string, string>>,
  context: ConnectContext,
) => Promise<SourceConnection>

export function createConnect(deps: ConnectDeps): Connect {
  return async (settings, _secrets, context) => {
    const parsed = settingsForm.safeParse(settings)
    if (!parsed.success) {
      const names = parsed.error.issues.map((issue) => issue.path.join('.')).join(', ')
      throw new SourceError('bad_settings', `These settings are missing or out of range: ${names}.`)
    }
    const { path, oneTable = false, memoryLimitMiB = defaultMemoryLimitMiB } = parsed.data
    const files = await locateFiles({ path, oneTable }, context.allowedDirectories)
    return connection(await deps.lease(files, memoryLimitMiB), deps)
  }
}

function connection(lease: EngineLease, deps: ConnectDeps): SourceConnection {
  const sessions = createSessions(lease.engine)
  let closing: Promise<void> | undefined
  return {
    listTables: () => sessions.use(listTables),
    describe: (table) => sessions.use((session) => describeTable(session, table, sessions.scene.baseName)),
    describeSql: (sql) => sessions.use((session) => describeSql(session, sql), sql),
    checkCondition: (table, condition) =>
      sessions.use((session) => checkCondition(session, table, condition), condition),
    now: async (request) => deps.now(request),
    query: (statement) => sessions.use((session) => queryRecords(session, statement), statement.sql),
    stream: (statement, signal) => streamRecords(sessions, statement, signal),
    close() {
      closing ??= sessions.closeAll().finally(() => lease.release())
      return closing
    },
  }
}
