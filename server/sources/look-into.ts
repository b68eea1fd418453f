/** What people may see of a source while they configure it: its tables and a few rows. Nothing is kept. */
import type { SourceColumn, SourceTable } from '@sluice/connector-sdk'
import { previewStatement } from '../../engine/reading/statements.ts'
import type { Context } from '../context.ts'
import { isRecord, type JsonObject } from '../workspaces/json.ts'
import { askSource } from './ask-source.ts'
import type { SourceToConnect } from './connect.ts'
import { type StoredSource, sourceDocument } from './document.ts'
import { jsonRow } from './json-rows.ts'
import { SourceTypeMissing } from './rules.ts'

/** A row of the table `data_source_connection`, as far as connecting needs it. */
export interface StoredConnection {
  readonly workspaceId: string
  readonly type: string
  readonly settings: unknown
  readonly secrets: Uint8Array | null
}

/** A row of the table `data_source` with its connection, as far as reading needs them. */
export interface ReadableSource extends StoredSource {
  readonly connection: StoredConnection
}

export interface TableWithColumns extends SourceTable {
  readonly columns: readonly SourceColumn[]
}

type Deps = Pick<Context['deps'], 'connectSource' | 'registry'>

/** More would make a page that nobody reads, and a description costs a query each. */
const maxTables = 200

export async function previewDataSource(
  deps: Deps,
  row: ReadableSource,
  limit: number,
): Promise<readonly JsonObject[]> {
  const source = sourceDocument(row)
  const dialect = dialectOf(deps, row.connection.type)
  const batch = await askSource(deps, toConnect(row.connection), (connection) =>
    connection.query(previewStatement(source, dialect, limit)),
  )
  const names = source.columns.map(({ name }) => name)
  return Array.from({ length: batch.length }, (_, index) => jsonRow(names, batch.columns, index))
}

export function listTables(deps: Deps, source: SourceToConnect): Promise<readonly TableWithColumns[]> {
  return askSource(deps, source, async (connection, signal) => {
    const tables: TableWithColumns[] = []
    for (const table of (await connection.listTables()).slice(0, maxTables)) {
      if (signal.aborted) break
      tables.push({ ...table, columns: await connection.describe(table) })
    }
    return tables
  })
}

export function dialectOf({ registry }: Pick<Deps, 'registry'>, type: string) {
  const installed = registry.source(type)
  if (installed === undefined) throw new SourceTypeMissing(type)
  return installed.definition.dialect
}

export function toConnect({ workspaceId, type, settings, secrets }: StoredConnection): SourceToConnect {
  return { workspaceId, type, settings: isRecord(settings) ? settings : {}, secrets }
}
