/** What a data source must be, apart from what the source itself says: drafts, their ranges, their errors. */
import { z } from 'zod'
import type { cursorModes, Query } from '../../engine/documents.ts'
import type { Schedule, weekdays } from '../../engine/reading/schedule.ts'
import { isTimeZone } from '../../engine/reading/time-zone.ts'
import type { ColumnAttribute, NamedColumns } from '../attributes/rules.ts'
import { DomainError } from '../problems/rules.ts'
import { isStorable, nameSchema } from '../workspaces/rules.ts'

export type CursorMode = (typeof cursorModes)[number]

/** Schema and name; without a schema where the source has none, or only one table has the name. */
export interface WantedTable {
  readonly schema?: string
  readonly name: string
}

/** A data source as someone wants it, not yet checked. */
export interface SourceDraft {
  readonly name: string
  /** Null: what it had before as far as there is its table, else the only table there is. */
  readonly query: Query | null
  readonly queryBefore: Query | null
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
  /** What someone says of columns and their attributes. */
  readonly attributes: readonly ColumnAttribute[]
  readonly columnsBefore: NamedColumns
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

/** Of a table's or column's name: longer than any database takes. */
const maxIdentifier = 500
const maxColumns = 1000
const maxWhere = 4000
const maxSql = 20_000

const identifier = z
  .string()
  .min(1, 'Give its name.')
  .max(maxIdentifier, `A name has at most ${maxIdentifier} characters.`)

function sqlText(most: number) {
  return z
    .string()
    .min(1, 'Write some SQL.')
    .max(most, `Use at most ${most} characters.`)
    .refine(isStorable, {
      error: 'Remove the NUL characters and broken surrogate pairs.',
      params: { code: 'invalid_text' },
    })
}

export const tableQuerySchema = z.object({
  schema: identifier.optional(),
  name: identifier,
  columns: z
    .array(identifier)
    .min(1, 'Name the columns to read, or leave them out to read all.')
    .max(maxColumns, `Choose at most ${maxColumns} columns.`)
    .refine((names) => new Set(names).size === names.length, {
      error: 'Name each column once.',
      params: { code: 'duplicate_column' },
    })
    .optional(),
  where: sqlText(maxWhere).optional(),
})

/** A statement ends with a semicolon for a command line; where it is read, it stands in brackets. */
export function statementOf(sql: string): string {
  return sql.trim().replace(/[;\s]+$/, '')
}

export const sqlQuerySchema = z.object({ sql: sqlText(maxSql) })

export const timeZoneSchema = z.string().refine(isTimeZone, {
  error:
    'This is not a time zone. Use a name of the IANA database, for example "Europe/Amsterdam", or "UTC".',
  params: { code: 'unknown_time_zone' },
})

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
  timeZone: timeZoneSchema,
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
