/** What an export consists of: its columns, and the statement that gives their cells. */
import { ends } from '../../engine/delivering/outcome.ts'
import { Prisma } from '../../prisma/generated/client/client.ts'
import { summaryTerms } from '../deliveries/rules.ts'
import { idsOf, type MetricsOf } from '../metrics/metrics-of.ts'
import type { Grain, Span, TimeRange } from '../metrics/ranges.ts'
import { totalSql } from '../metrics/totals.ts'
import type { Registry } from '../registry/registry.ts'
import type { Row } from './csv.ts'
import type { ScopeName } from './inputs.ts'

interface Wanted {
  readonly workspaceId: string
  readonly of: MetricsOf
  readonly range: TimeRange
  readonly grain: Grain
  readonly now: Date
  readonly registry: Registry
}

/** What is read, and the span that it really counts. */
interface Reading {
  readonly statement: Prisma.Sql
  readonly span: Span
}

export interface ExportKind {
  /** What it may be asked of. */
  readonly scopes: readonly ScopeName[]
  /** Whether it is asked how long the time is that is counted together. */
  readonly takesGrain: boolean
  /** As the first line names them. */
  readonly columns: readonly string[]
  /** The statement gives a row's cells in the order of the columns. */
  read(wanted: Wanted): Reading
  /** Where a cell is not what the database gave. */
  finish?(row: Row, registry: Registry): Row
}

/** A column and the SQL of its cells. */
export type Column = readonly [name: string, sql: string]

export function namesOf(columns: readonly Column[]): readonly string[] {
  return columns.map(([name]) => name)
}

export function cellsOf(columns: readonly Column[]): Prisma.Sql {
  return Prisma.raw(columns.map(([, sql]) => sql).join(', '))
}

/** A time as spreadsheets read it; the column's name says that it is of UTC. */
export function inUtc(sql: string): string {
  return `to_char(${sql} AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS')`
}

/** What happened to records: sums of the counts of `total`. */
export const figures: readonly Column[] = [
  ...Object.entries(summaryTerms).map(([name, terms]): Column => [name, totalSql(terms)]),
  ...['retries', 'requests', ...ends].map((name): Column => [name, totalSql([name])]),
]

/** The span that was really counted, on each row: files are copied together. */
export function spanCells({ from, to }: Span): Prisma.Sql {
  const cell = (at: Date) => Prisma.sql`${at.toISOString().slice(0, 19).replace('T', ' ')}::text`
  return Prisma.sql`${cell(from)}, ${cell(to)}`
}
export const spanColumns = ['fromUtc', 'toUtc'] as const

/** A condition on `action AS a`. */
export function isActionOf(of: MetricsOf): Prisma.Sql {
  const ids = Prisma.sql`${[...idsOf(of)]}::uuid[]`
  if ('workspaceIds' in of) return Prisma.sql`a.workspace_id = ANY(${ids})`
  return 'connectorIds' in of ? Prisma.sql`a.connector_id = ANY(${ids})` : Prisma.sql`a.id = ANY(${ids})`
}
