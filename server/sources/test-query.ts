/** Tries a query before it is saved: everything that is wrong with it, else its columns and a few rows. */
import type { SourceColumn } from '@sluice/connector-sdk'
import type { Query } from '../../engine/documents.ts'
import { previewStatement } from '../../engine/reading/statements.ts'
import { requireRight, within } from '../access/rules.ts'
import type { Context } from '../context.ts'
import { issuesOf } from '../problems/issues.ts'
import { InvalidInput, NotFound, rejectIssues } from '../problems/rules.ts'
import type { JsonObject } from '../workspaces/json.ts'
import { present } from '../workspaces/present.ts'
import { askSource } from './ask-source.ts'
import { admitQuery, queryIssues } from './describe-query.ts'
import { jsonRow } from './json-rows.ts'
import { dialectOf, toConnect } from './look-into.ts'
import { timeZoneSchema } from './rules.ts'

export interface TestQuery {
  readonly connectionId: string
  readonly query: Query
  readonly timeZone?: string
  readonly limit: number
}

export interface TestedQuery {
  readonly columns: readonly SourceColumn[]
  readonly rows: readonly JsonObject[]
}

/** It reads as a data source reads, within the time that any look at a source has. */
export async function testQuery(
  { access, db, deps }: Context,
  { connectionId, query, timeZone = 'UTC', limit }: TestQuery,
): Promise<TestedQuery> {
  const connection = await db.dataSourceConnection.findUnique({
    where: { id: connectionId, ...within(access), ...present },
  })
  if (connection === null) throw new NotFound('DataSourceConnection', connectionId)
  requireRight(access, connection.workspaceId, 'preview')
  // Any SELECT can be tried, not only what has been configured to be read.
  requireRight(access, connection.workspaceId, 'edit')
  rejectIssues([
    ...queryIssues(query),
    ...issuesOf(timeZoneSchema.safeParse(timeZone).error?.issues ?? [], ['timeZone']),
  ])
  const dialect = dialectOf(deps, connection.type)
  return askSource(deps, toConnect(connection), async (open) => {
    const described = await admitQuery(open, query)
    if (!described.ok) throw new InvalidInput(described.issues)
    const columns = [...described.columns]
    const source = { name: '', query, columns, timeZone }
    const batch = await open.query(previewStatement(source, dialect, limit))
    const names = columns.map(({ name }) => name)
    const rows = Array.from({ length: batch.length }, (_, row) => jsonRow(names, batch.columns, row))
    return { columns, rows }
  })
}
