/** What a segment did in a period: how many of its records were processed, and how many rows met it at all. */
import type { Conditions } from '../../engine/rules/conditions.ts'
import type { DataSource } from '../../prisma/generated/client/client.ts'
import type { LaneCounts } from '../metrics/rules.ts'
import type { Issue } from '../problems/rules.ts'

export interface Period {
  readonly from: Date
  readonly to: Date
}

const mostDays = 366

/** A period of insights is at most a year. */
export function periodIssues({ from, to }: Period): readonly Issue[] {
  const days = (to.getTime() - from.getTime()) / 86_400_000
  if (days <= 0) {
    const message = 'The period ends before it begins. Give a later end.'
    return [{ path: ['to'], code: 'period_empty', message }]
  }
  if (days <= mostDays) return []
  const message = 'The period is longer than a year. Ask for a year at a time.'
  return [{ path: ['to'], code: 'period_too_long', message }]
}

/** Actions on one data source process the same records: the one that is furthest tells how many. */
export function processedRecords(
  actions: readonly { readonly id: string; readonly dataSourceId: string }[],
  totals: ReadonlyMap<string, LaneCounts>,
): bigint {
  const ofSource = new Map<string, bigint>()
  for (const { id, dataSourceId } of actions) {
    const before = ofSource.get(dataSourceId) ?? 0n
    const own = totals.get(id)?.matched ?? 0n
    ofSource.set(dataSourceId, own > before ? own : before)
  }
  return [...ofSource.values()].reduce((sum, count) => sum + count, 0n)
}

/** The conditions on rows that changed in the period; issues where the source cannot tell when a row changed. */
export function withinPeriod(
  conditions: Conditions,
  { columns, name, timestampColumn }: Pick<DataSource, 'columns' | 'name' | 'timestampColumn'>,
  { from, to }: Period,
): { readonly conditions: Conditions } | { readonly issues: readonly Issue[] } {
  if (timestampColumn === null || !isDate(columns, timestampColumn)) {
    const message = `The data source "${name}" has no timestamp that tells when a row changed. Count all its rows instead.`
    return { issues: [{ path: ['dataSourceId'], code: 'no_change_time', message }] }
  }
  const period: Conditions['any'][number]['all'] = [
    { attribute: timestampColumn, operator: 'onOrAfter', value: from.toISOString() },
    { attribute: timestampColumn, operator: 'before', value: to.toISOString() },
  ]
  const groups = conditions.any.length === 0 ? [{ all: [] }] : conditions.any
  return { conditions: { ...conditions, any: groups.map(({ all }) => ({ all: [...period, ...all] })) } }
}

function isDate(columns: DataSource['columns'], wanted: string): boolean {
  return (
    Array.isArray(columns) &&
    columns.some(
      (column) =>
        typeof column === 'object' &&
        column !== null &&
        !Array.isArray(column) &&
        column['name'] === wanted &&
        column['type'] === 'date',
    )
  )
}
