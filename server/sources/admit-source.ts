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
  const connection = await db.dataSourceConnection.findUnique({
    where: { workspaceId_id: { workspaceId, id: wanted.connectionId }, ...present },
  })
  if (connection === null) {
    const reading = readDraft(draftOf(deps, wanted, undefined), deps.clock())
    throw new InvalidInput([...(reading.ok ? [] : reading.issues), unknownConnection])
  }
  const admission = await admitThrough(deps, connection, wanted, ({ columns }) =>
    typeIssues(db, { workspaceId, dataSourceId, columns, given: wanted.attributes }),
  )
  if (!admission.ok) throw new InvalidInput(admission.issues)
  return admission.source
}

export type SourceAdmission =
  | { readonly ok: true; readonly source: AdmittedSource }
  | { readonly ok: false; readonly issues: readonly Issue[] }

/** Through a connection that need not be stored. `alsoWrong` is told with the rest. */
export async function admitThrough(
  deps: Context['deps'],
  connection: StoredConnection,
  wanted: WantedSource,
  alsoWrong: (named: NamedColumns) => Promise<readonly Issue[]> = async () => [],
): Promise<SourceAdmission> {
  const draft = draftOf(deps, wanted, connection.type)
  const reading = readDraft(draft, deps.clock())
  const ranges = reading.ok ? [] : reading.issues
  const inspection = await inspect(deps, connection, draft)
  if (!inspection.ok) return { ok: false, issues: [...ranges, ...inspection.issues] }
  const { issues, ...named } = nameColumns(inspection.columns, {
    given: draft.attributes,
    before: draft.columnsBefore,
    needed: orderedBy(draft),
  })
  const all = [...ranges, ...issues, ...(await alsoWrong(named))]
  if (!reading.ok || all.length > 0) return { ok: false, issues: all }
  const { connectionId } = wanted
  return { ok: true, source: { connectionId, draft: reading.draft, query: inspection.query, named } }
}

/** With what its type waits for writes, where nobody says. */
export function draftOf(
  { registry }: Pick<Context['deps'], 'registry'>,
  { connectionId, settleMs, ...draft }: WantedSource,
  type: string | undefined,
): SourceDraft {
  const definition = type === undefined ? undefined : registry.source(type)?.definition
  return { ...draft, settleMs: settleMs ?? definition?.defaultSettleMs ?? 0 }
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
