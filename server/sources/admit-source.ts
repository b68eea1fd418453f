/** Decides whether a data source can be as someone wants it: its connection, its ranges, and the live source itself. */
import type { Query } from '../../engine/documents.ts'
import type { Schedule } from '../../engine/reading/schedule.ts'
import { isTimeZone } from '../../engine/reading/time-zone.ts'
import { nameColumns } from '../attributes/name-columns.ts'
import type { NamedColumns } from '../attributes/rules.ts'
import { typeIssues } from '../attributes/take-attributes.ts'
import type { Context } from '../context.ts'
import { issuesOf } from '../problems/issues.ts'
import { InvalidInput, type Issue } from '../problems/rules.ts'
import { present } from '../workspaces/present.ts'
import { askSource } from './ask-source.ts'
import { resyncIssues } from './full-resync.ts'
import { type Inspection, inspectSource } from './inspect-source.ts'
import { dialectOf, type StoredConnection, toConnect } from './look-into.ts'
import { draftSchema, type SourceDraft, SourceTypeMissing, SourceUnavailable } from './rules.ts'
import { readSchedule } from './schedule.ts'

/** A data source as someone wants it; without `settleMs` the plugin's default holds. */
export interface WantedSource extends Omit<SourceDraft, 'settleMs'> {
  readonly settleMs: number | null
  readonly connectionId: string
}

export interface AdmittedSource {
  readonly connectionId: string
  readonly draft: AdmittedDraft
  readonly query: Query
  readonly named: NamedColumns
}

/** Throws one `InvalidInput` with everything that is wrong. `dataSourceId` is null for one that is not created yet. */
export async function admitSource(
  { db, deps }: Pick<Context, 'db' | 'deps'>,
  workspaceId: string,
  dataSourceId: string | null,
  wanted: WantedSource,
): Promise<AdmittedSource> {
  const { connectionId, settleMs, ...rest } = wanted
  const connection = await db.dataSourceConnection.findUnique({
    where: { workspaceId_id: { workspaceId, id: connectionId }, ...present },
  })
  const definition = connection === null ? undefined : deps.registry.source(connection.type)?.definition
  const draft = { ...rest, settleMs: settleMs ?? definition?.defaultSettleMs ?? 0 }
  const reading = readDraft(draft, deps.clock())
  const ranges = reading.ok ? [] : reading.issues
  if (connection === null) throw new InvalidInput([...ranges, unknownConnection])
  const inspection = await inspect(deps, connection, draft)
  if (!inspection.ok) throw new InvalidInput([...ranges, ...inspection.issues])
  const { issues, ...named } = nameColumns(inspection.columns, {
    given: draft.attributes,
    before: draft.columnsBefore,
    needed: orderedBy(draft),
  })
  const taking = { workspaceId, dataSourceId, columns: named.columns, given: draft.attributes }
  const all = [...ranges, ...issues, ...(await typeIssues(db, taking))]
  if (!reading.ok || all.length > 0) throw new InvalidInput(all)
  return { connectionId, draft: reading.draft, query: inspection.query, named }
}

function orderedBy({ keyColumns, timestampColumn, incrementColumn }: SourceDraft): readonly string[] {
  return [...keyColumns, timestampColumn, incrementColumn].filter((name) => name !== null)
}

/** A draft whose schedule has been understood. */
export interface AdmittedDraft extends Omit<SourceDraft, 'schedule'> {
  readonly schedule: Schedule
}

type DraftReading =
  | { readonly ok: true; readonly draft: AdmittedDraft }
  | { readonly ok: false; readonly issues: readonly Issue[] }

/** Everything that needs no source to be checked. */
export function readDraft(draft: SourceDraft, now: Date): DraftReading {
  const inRanges = issuesOf(draftSchema.safeParse(draft).error?.issues ?? [])
  const reading = readSchedule(draft.schedule)
  if (!reading.ok) return { ok: false, issues: [...inRanges, ...reading.issues] }
  const admitted = { ...draft, schedule: reading.schedule }
  // In a zone that is none, no time can be worked out.
  const inResync = isTimeZone(draft.timeZone) ? resyncIssues(admitted, now) : []
  const issues = [...inRanges, ...inResync]
  return issues.length === 0 ? { ok: true, draft: admitted } : { ok: false, issues }
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
