/** What a data source must be, apart from what the source itself says: drafts, their ranges, their errors. */
import { z } from 'zod'
import type { cursorModes } from '../../engine/documents.ts'
import type { Schedule, weekdays } from '../../engine/reading/schedule.ts'
import { isTimeZone } from '../../engine/reading/time-zone.ts'
import { DomainError } from '../problems/rules.ts'
import { nameSchema } from '../workspaces/rules.ts'

export type CursorMode = (typeof cursorModes)[number]

/** Schema and name; without a schema where the source has none, or only one table has the name. */
export interface WantedTable {
  readonly schema?: string
  readonly name: string
}

/** A data source as someone wants it, not yet checked. */
export interface SourceDraft {
  readonly name: string
  readonly type: string
  /** Null: the one it had before, else the only one there is. */
  readonly table: WantedTable | null
  readonly tableBefore: WantedTable | null
  readonly keyColumns: readonly string[]
  readonly cursorMode: CursorMode
  readonly timestampColumn: string | null
  readonly incrementColumn: string | null
  readonly timeZone: string
  readonly settleMs: number
  readonly pollIntervalMs: number
  readonly schedule: WantedSchedule
  readonly batchRows: number | null
  readonly resyncLimit: number | null
  readonly isEnabled: boolean
}

/** A schedule as someone wants it: each kind takes some of these. */
export interface WantedSchedule {
  readonly kind: Schedule['kind']
  readonly minute?: number | null | undefined
  readonly hour?: number | null | undefined
  readonly day?: (typeof weekdays)[number] | null | undefined
  readonly expression?: string | null | undefined
  readonly timeZone?: string | null | undefined
}

export const minPollIntervalMs = 250
export const defaultPollIntervalMs = 2000
const hourMs = 3_600_000
const maxKeyColumns = 16
const minBatchRows = 1_000
/** No delivery has more. */
const maxBatchRows = 1_000_000

/** The part of a draft that needs no source to be checked. */
export const draftSchema = z.object({
  name: nameSchema,
  keyColumns: z
    .array(z.string())
    .min(1, 'Name the columns that tell rows apart.')
    .max(maxKeyColumns, `A key has at most ${maxKeyColumns} columns.`)
    .refine((names) => new Set(names).size === names.length, {
      error: 'Name each column of the key once.',
      params: { code: 'duplicate_column' },
    }),
  timeZone: z.string().refine(isTimeZone, {
    error:
      'This is not a time zone. Use a name of the IANA database, for example "Europe/Amsterdam", or "UTC".',
    params: { code: 'unknown_time_zone' },
  }),
  settleMs: z
    .int()
    .min(0, 'Use 0 or more milliseconds.')
    .max(hourMs, `Use at most an hour, ${hourMs} milliseconds.`),
  pollIntervalMs: z
    .int()
    .min(minPollIntervalMs, `Ask a source at most every ${minPollIntervalMs} milliseconds.`)
    .max(hourMs, `Ask a source at least every hour, ${hourMs} milliseconds.`),
  batchRows: z
    .int()
    .min(minBatchRows, `Let a query read at least ${minBatchRows} rows.`)
    .max(maxBatchRows, `Let a query read at most ${maxBatchRows} rows, or set no limit with null.`)
    .nullable(),
  resyncLimit: z.int().min(1, 'A full resync has a limit of at least 1 row.').nullable(),
})

/** The package of a source's type is not installed, or was not admitted. */
export class SourceTypeMissing extends DomainError {
  override readonly name = 'SourceTypeMissing'
  readonly code = 'source_type_missing'
  constructor(type: string) {
    super(
      `The data source type "${type}" is not installed, or its package cannot be used. The marketplace tells why.`,
    )
  }
}

/** A source did not do what was asked; `code` is the plugin's, or `source_timeout`. */
export class SourceUnavailable extends DomainError {
  override readonly name = 'SourceUnavailable'
  readonly code: string
  readonly isTransient: boolean
  constructor(code: string, message: string, isTransient: boolean) {
    super(message)
    this.code = code
    this.isTransient = isTransient
  }
}
