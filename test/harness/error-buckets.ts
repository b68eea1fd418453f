/** Error buckets in tests: written as if records had become dead letters at some time. */
import type { ErrorBucket, PrismaClient } from '../../prisma/generated/client/client.ts'
import { grains } from '../../server/metrics/ranges.ts'
import { beginningOf } from './metric-buckets.ts'

export interface Failed extends Partial<ErrorBucket> {
  readonly actionId: string
  readonly workspaceId: string
  readonly at: string
}

/** Counts in all three buckets of each moment, as commits do. Default: one record that the vendor refused. */
export async function countFailed(db: PrismaClient, failed: readonly Failed[]): Promise<void> {
  for (const { actionId, workspaceId, at, count = 1n, ...fields } of failed) {
    const named = {
      ...({
        reporter: 'VENDOR',
        outcome: 'REFUSED',
        code: 'bad_email_subscribe',
        parameterPath: '',
      } as const),
      ...{ template: '', templateLine: 0, templateColumn: 0 },
      ...fields,
    }
    const moment = new Date(at)
    for (const grain of grains) {
      const key = { ...named, actionId, grain, start: beginningOf(grain, moment) }
      const { firstAt: _first, lastAt: _last, ...where } = key
      await db.errorBucket.upsert({
        where: {
          actionId_grain_start_reporter_outcome_code_parameterPath_template_templateLine_templateColumn:
            where,
        },
        create: { ...where, workspaceId, count, firstAt: moment, lastAt: moment },
        update: { count: { increment: count }, lastAt: moment },
      })
    }
  }
}
