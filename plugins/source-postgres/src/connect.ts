/** Opens the database that the settings name as a connection for the host. */
import type { ConnectContext, PublicSettings, SourceConnection } from '@sluice/connector-sdk'
import { describeTable } from './describe-table.ts'
import { listTables } from './list-tables.ts'
import type { OpenLink } from './open-link.ts'
import { queryRecords } from './query-records.ts'
import { createSessions } from './sessions.ts'
import { parseSettings } from './settings.ts'
import { readClock } from './source-clock.ts'
import { streamRecords } from './stream-records.ts'

export interface ConnectDeps {
  readonly openLink: OpenLink
}

export type Connect = (
  settings: PublicSettings,
  secrets: Readonly<Record<string, string>>,
  context: ConnectContext,
) => Promise<SourceConnection>

export function createConnect({ openLink }: ConnectDeps): Connect {
  return async (settings, secrets) => {
    const server = parseSettings(settings, secrets)
    const sessions = createSessions(server, openLink)
    // Wrong settings are found now; the connection is kept for the first statement.
    await sessions.use(async () => undefined)
    let closing: Promise<void> | undefined
    return {
      listTables: () => sessions.use((session) => listTables(session, server.schemas)),
      describe: (table) => sessions.use((session) => describeTable(session, table, server)),
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
