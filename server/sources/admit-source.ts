/** Decides whether a data source can be as someone wants it: its connection, its ranges, and the live source itself. */
import type { SourceColumn } from '@sluice/connector-sdk'
import type { Query } from '../../engine/documents.ts'
import type { Context } from '../context.ts'
import { issuesOf } from '../problems/issues.ts'
import { InvalidInput, type Issue } from '../problems/rules.ts'
import { present } from '../workspaces/present.ts'
import { askSource } from './ask-source.ts'
import { type Inspection, inspectSource } from './inspect-source.ts'
import { dialectOf, type StoredConnection, toConnect } from './look-into.ts'
import { draftSchema, type SourceDraft, SourceTypeMissing, SourceUnavailable } from './rules.ts'

/** A data source as someone wants it; without `settleMs` the plugin's default holds. */
export interface WantedSource extends Omit<SourceDraft, 'settleMs'> {
  readonly settleMs: number | null
  readonly connectionId: string
}

export interface AdmittedSource {
  readonly connectionId: string
  readonly draft: SourceDraft
  readonly query: Query
  readonly columns: readonly SourceColumn[]
}

/** Throws one `InvalidInput` with everything that is wrong. */
export async function admitSource(
  { db, deps }: Pick<Context, 'db' | 'deps'>,
  workspaceId: string,
  wanted: WantedSource,
): Promise<AdmittedSource> {
  const { connectionId, settleMs, ...rest } = wanted
  const connection = await db.dataSourceConnection.findUnique({
    where: { workspaceId_id: { workspaceId, id: connectionId }, ...present },
  })
  const definition = connection === null ? undefined : deps.registry.source(connection.type)?.definition
  const draft = { ...rest, settleMs: settleMs ?? definition?.defaultSettleMs ?? 0 }
  const ranges = draftIssues(draft)
  if (connection === null) throw new InvalidInput([...ranges, unknownConnection])
  const inspection = await inspect(deps, connection, draft)
  const issues = inspection.ok ? ranges : [...ranges, ...inspection.issues]
  if (!inspection.ok || issues.length > 0) throw new InvalidInput(issues)
  return { connectionId, draft, query: inspection.query, columns: inspection.columns }
}

export function draftIssues(draft: SourceDraft): readonly Issue[] {
  return issuesOf(draftSchema.safeParse(draft).error?.issues ?? [])
}

/** What the source itself refuses lies in its connection: a path, an address, a file that is not what it says. */
async function inspect(
  deps: Context['deps'],
  connection: StoredConnection,
  draft: SourceDraft,
): Promise<Inspection> {
  try {
    const dialect = dialectOf(deps, connection.type)
    return await askSource(deps, toConnect(connection), (open) => inspectSource(open, dialect, draft))
  } catch (error) {
    if (!(error instanceof SourceUnavailable || error instanceof SourceTypeMissing)) throw error
    return { ok: false, issues: [{ path: ['connectionId'], code: error.code, message: error.message }] }
  }
}

const unknownConnection: Issue = {
  path: ['connectionId'],
  code: 'unknown_connection',
  message: 'There is no connection with this id in the workspace.',
}
