/** Opens the database that the settings name as a connection for the host. */
import type { ConnectContext, PublicSettings, SourceConnection } from '@sluice/connector-sdk'
import { allowedAddresses } from './allowed-addresses.ts'
import { checkCondition } from './check-condition.ts'
import { describeSql } from './describe-sql.ts'
import { describeTable } from './describe-table.ts'
import { listTables } from './list-tables.ts'
import { createOpenLink, type OpenLinkDeps } from './open-link.ts'
import { queryRecords } from './query-records.ts'
import { createSessions } from './sessions.ts'
import { parseSettings } from './settings.ts'
import { readClock } from './source-clock.ts'
import { streamRecords } from './stream-records.ts'

export type Connect = (
  settings: PublicSettings,
  secrets: Readonly<Record<string, string>>,
  context: ConnectContext,
) => Promise<SourceConnection>

export function createConnect({ resolveHost }: OpenLinkDeps): Connect {
  return async (settings, secrets, context) => {
    const server = parseSettings(settings, secrets)
    const openLink = createOpenLink({ resolveHost: allowedAddresses(resolveHost, server, context) })
    const sessions = createSessions(server, openLink)
    // Wrong settings are found now; the connection is kept for the first statement.
    await sessions.use(async () => undefined)
    let closing: Promise<void> | undefined
    return {
      listTables: () => sessions.use((session) => listTables(session, server.schemas)),
      describe: (table) => sessions.use((session) => describeTable(session, table, server)),
      describeSql: (sql) => sessions.use((session) => describeSql(session, sql, server)),
      checkCondition: (table, condition) =>
        sessions.use((session) => checkCondition(session, table, condition, server)),
      now: (request) => sessions.use((session) => readClock(session, request)),
      query: (statement) => sessions.use((session) => queryRecords(session, statement)),
      stream: (statement, signal) => streamRecords(sessions, statement, signal),
      close() {
        closing ??= sessions.closeAll()
        return closing
      },
    }
  }
}
