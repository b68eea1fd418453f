/** What a segment did in a period: how many of its records were processed, and how many rows met it at all. */
import type { Conditions } from '../../engine/rules/conditions.ts'
import type { DataSource, PrismaClient } from '../../prisma/generated/client/client.ts'
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

/** Action by action, how many records met the segment in the minutes of the period, in one statement. */
export async function readProcessed(
  db: Pick<PrismaClient, 'metricMinute'>,
  actionIds: readonly string[],
  { from, to }: Period,
): Promise<ReadonlyMap<string, bigint>> {
  const sums = await db.metricMinute.groupBy({
    by: ['actionId'],
    where: { actionId: { in: [...actionIds] }, minute: { gte: from, lt: to } },
    _sum: { matched: true },
  })
  return new Map(sums.map(({ actionId, _sum }) => [actionId, _sum.matched ?? 0n]))
}

/** Actions on one data source process the same records: the one that is furthest tells how many. */
export function processedRecords(
  actions: readonly { readonly id: string; readonly dataSourceId: string }[],
  processed: ReadonlyMap<string, bigint>,
): bigint {
  const ofSource = new Map<string, bigint>()
  for (const { id, dataSourceId } of actions) {
    const before = ofSource.get(dataSourceId) ?? 0n
    const own = processed.get(id) ?? 0n
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
