/** Decides whether a data source can be as someone wants it: its form, its ranges, and the live source itself. */
import type { SourceColumn, SourceTable } from '@sluice/connector-sdk'
import type { Schedule } from '../../engine/reading/schedule.ts'
import { isTimeZone } from '../../engine/reading/time-zone.ts'
import { suggestion } from '../../engine/rules/nearest-name.ts'
import type { Context } from '../context.ts'
import { issuesOf } from '../problems/issues.ts'
import { InvalidInput, type Issue } from '../problems/rules.ts'
import type { JsonObject } from '../workspaces/json.ts'
import { readSettings } from '../workspaces/plugin-settings.ts'
import { type Secrets, sealSecrets } from '../workspaces/secrets.ts'
import { askSource } from './ask-source.ts'
import { resyncIssues } from './full-resync.ts'
import { type Inspection, inspectSource } from './inspect-source.ts'
import { dialectOf } from './look-into.ts'
import { draftSchema, type SourceDraft, SourceUnavailable } from './rules.ts'
import { readSchedule } from './schedule.ts'

/** A data source as someone wants it; without `settleMs` the plugin's default holds. */
export interface WantedSource extends Omit<SourceDraft, 'settleMs'> {
  readonly settleMs: number | null
  readonly settings: unknown
}

interface Connectable {
  readonly workspaceId: string
  readonly type: string
  readonly settings: JsonObject
  readonly secrets: Uint8Array<ArrayBuffer> | null
}

export interface AdmittedSource extends Connectable {
  readonly draft: AdmittedDraft
  readonly table: SourceTable
  readonly columns: readonly SourceColumn[]
}

type Deps = Context['deps']

/** Throws one `InvalidInput` with everything that is wrong. `kept` are the secrets that were given before. */
export async function admitSource(
  deps: Deps,
  workspaceId: string,
  wanted: WantedSource,
  kept: Secrets,
): Promise<AdmittedSource> {
  const { settings, settleMs, ...rest } = wanted
  const definition = deps.registry.source(wanted.type)?.definition
  const draft = { ...rest, settleMs: settleMs ?? definition?.defaultSettleMs ?? 0 }
  const reading = readDraft(draft, deps.clock())
  const ranges = reading.ok ? [] : reading.issues
  const source = await admitConnection(deps, { workspaceId, type: wanted.type, settings }, kept, ranges)
  const inspection = await inspect(deps, source, draft)
  const issues = inspection.ok ? ranges : [...ranges, ...inspection.issues]
  if (!inspection.ok || !reading.ok) throw new InvalidInput(issues)
  return { ...source, draft: reading.draft, table: inspection.table, columns: inspection.columns }
}

/** Checks type and settings; `found` are issues that are reported together with theirs. */
export async function admitConnection(
  deps: Deps,
  { workspaceId, type, settings }: Omit<Connectable, 'settings' | 'secrets'> & { readonly settings: unknown },
  kept: Secrets,
  found: readonly Issue[] = [],
): Promise<Connectable> {
  const installed = deps.registry.source(type)
  if (installed === undefined) throw new InvalidInput([...found, unknownType(deps, type)])
  const read = readSettings(installed.definition.settings, settings, kept)
  if (!read.ok) throw new InvalidInput([...found, ...read.issues])
  const secrets = sealSecrets(await deps.workspaceKeys.of(workspaceId), read.secrets)
  return { workspaceId, type, settings: read.settings, secrets }
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

/** What the source itself refuses lies in its settings: a path, an address, a file that is not what it says. */
async function inspect(deps: Deps, source: Connectable, draft: SourceDraft): Promise<Inspection> {
  try {
    return await askSource(deps, source, (connection) =>
      inspectSource(connection, dialectOf(deps, source.type), draft),
    )
  } catch (error) {
    if (!(error instanceof SourceUnavailable)) throw error
    return { ok: false, issues: [{ path: ['settings'], code: error.code, message: error.message }] }
  }
}

function unknownType({ registry }: Deps, type: string): Issue {
  const ids = registry.sources().map(({ definition }) => definition.id)
  const message = `The data source type "${type}" is not installed, or its package cannot be used. ${suggestion(type, ids)}`
  return { path: ['type'], code: 'unknown_source_type', message }
}
