/** Insights of a segment in GraphQL: matched and processed records of a period. */
import { type Conditions, conditionsSchema } from '../../engine/rules/conditions.ts'
import type { DataSource } from '../../prisma/generated/client/client.ts'
import { requireRight } from '../access/rules.ts'
import { ActionRef } from '../actions/schema.ts'
import { builder } from '../graphql/builder.ts'
import { countedRange } from '../metrics/ranges.ts'
import { readTotals } from '../metrics/totals.ts'
import { InvalidInput, rejectIssues } from '../problems/rules.ts'
import type { ReadableSource } from '../sources/look-into.ts'
import { DataSourceRef } from '../sources/schema.ts'
import { present } from '../workspaces/present.ts'
import { type Period, periodIssues, processedRecords, withinPeriod } from './insights.ts'
import { countMatching } from './matching.ts'
import { SegmentRef } from './schema.ts'
import { MatchCountRef, whyNotRead } from './types.ts'

interface ActivationInsights {
  readonly action: typeof ActionRef.$inferType
  readonly processed: bigint
}

interface SourceInsights {
  readonly dataSource: DataSource & ReadableSource
  readonly conditions: Conditions
  readonly period: Period
}

interface SegmentInsights extends Period {
  readonly processed: bigint
  readonly activations: readonly ActivationInsights[]
  readonly sources: readonly SourceInsights[]
}

const ActivationInsightsRef = builder.objectRef<ActivationInsights>('ActivationInsights').implement({
  description: 'What one action processed of a segment.',
  fields: (t) => ({
    action: t.field({ type: ActionRef, description: 'The action.', resolve: ({ action }) => action }),
    processed: t.expose('processed', {
      type: 'Count',
      description: 'Records that met the conditions and that it took up in the period.',
    }),
  }),
})

const SourceInsightsRef = builder.objectRef<SourceInsights>('SourceInsights').implement({
  description: 'What one data source had for a segment.',
  fields: (t) => ({
    dataSource: t.field({
      type: DataSourceRef,
      description: 'The data source.',
      resolve: ({ dataSource }) => dataSource,
    }),
    matched: t.field({
      type: MatchCountRef,
      description:
        'Rows that changed in the period, by the timestamp of the data source, and meet the conditions as they are now, whether or not anything is active. Sluice keeps no record: they are counted in the source, in at most 20 seconds.',
      errors: { types: whyNotRead, union: { name: 'SourceInsightsMatchedResult' } },
      resolve: ({ conditions, dataSource, period }, _args, { access, deps }) => {
        requireRight(access, dataSource.workspaceId, 'read')
        const within = withinPeriod(conditions, dataSource, period)
        if ('issues' in within) throw new InvalidInput(within.issues)
        return countMatching(deps, dataSource, within.conditions)
      },
    }),
  }),
})

const SegmentInsightsRef = builder.objectRef<SegmentInsights>('SegmentInsights').implement({
  description: 'What a segment did in a period.',
  fields: (t) => ({
    from: t.expose('from', {
      type: 'DateTime',
      description: 'From when it was counted: the period is widened to whole minutes, or hours.',
    }),
    to: t.expose('to', { type: 'DateTime', description: 'Up to when it was counted, exclusive.' }),
    processed: t.expose('processed', {
      type: 'Count',
      description:
        'Records that met the conditions and were taken up by an active action, each counted once however many actions took it.',
    }),
    activations: t.field({
      type: [ActivationInsightsRef],
      description: 'Action by action, by name.',
      resolve: ({ activations }) => activations,
    }),
    sources: t.field({
      type: [SourceInsightsRef],
      description: 'Data source by data source, by name.',
      resolve: ({ sources }) => sources,
    }),
  }),
})

builder.prismaObjectFields(SegmentRef, (t) => ({
  insights: t.field({
    type: SegmentInsightsRef,
    description: 'How many records met its conditions in a period, and how many of them were processed.',
    args: {
      from: t.arg({ type: 'DateTime', required: true, description: 'The beginning.' }),
      to: t.arg({
        type: 'DateTime',
        required: true,
        description: 'The end, exclusive; at most a year later.',
      }),
    },
    errors: { types: [InvalidInput], union: { name: 'SegmentInsightsResult' } },
    select: {
      conditions: true,
      actions: { where: present, orderBy: { name: 'asc' } },
      sources: {
        select: { dataSource: { include: { connection: true } } },
        orderBy: { dataSource: { name: 'asc' } },
      },
    },
    resolve: async ({ actions, conditions, sources }, period, { db, deps }) => {
      rejectIssues(periodIssues(period))
      const counted = countedRange({ name: 'CUSTOM', ...period }, deps.clock())
      const { from, to } = counted
      const totals = await readTotals(db, { actionIds: actions.map(({ id }) => id) }, counted)
      const parsed = conditionsSchema.parse(conditions)
      return {
        from,
        to,
        processed: processedRecords(actions, totals),
        activations: actions.map((action) => ({ action, processed: totals.get(action.id)?.matched ?? 0n })),
        sources: sources.map(({ dataSource }) => ({ dataSource, conditions: parsed, period: { from, to } })),
      }
    },
  }),
}))
