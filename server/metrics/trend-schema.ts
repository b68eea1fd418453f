/** Trends in GraphQL: what actions did in a range of time, bucket by bucket. */
import type { Context } from '../context.ts'
import { summaryDescriptions, summaryOf } from '../deliveries/rules.ts'
import { CountsRef } from '../deliveries/schema.ts'
import { builder } from '../graphql/builder.ts'
import { rejectIssues } from '../problems/rules.ts'
import { idsOf, type MetricsOf } from './metrics-of.ts'
import { GrainRef, orPast24Hours, TimeRangeInput } from './range-input.ts'
import { rangeSchema } from './range-schema.ts'
import { type Grain, type TimeRange, trendIssues, trendSpan } from './ranges.ts'
import { readTrends, type Trend, type TrendPoint } from './read-trends.ts'
import type { LaneCounts } from './rules.ts'
import { requestsDescription } from './schema.ts'

/** What a trend counts for in the cost of a document: seven days by the hour are more, thirty days fewer. */
const usualPoints = 50

export const RangeCountsRef = builder.interfaceRef<LaneCounts>('RangeCounts').implement({
  description: 'What was done in some time: each record is counted when it got its outcome.',
  interfaces: [CountsRef],
  fields: (t) => ({
    totalVolume: t.field({
      type: 'Count',
      description: summaryDescriptions.totalVolume,
      resolve: (counts) => summaryOf(counts).totalVolume,
    }),
    success: t.field({
      type: 'Count',
      description: summaryDescriptions.success,
      resolve: (counts) => summaryOf(counts).success,
    }),
    errors: t.field({
      type: 'Count',
      description: summaryDescriptions.errors,
      resolve: (counts) => summaryOf(counts).errors,
    }),
    requests: t.expose('requests', { type: 'Count', description: requestsDescription }),
  }),
})

const TrendPointRef = builder.objectRef<TrendPoint>('TrendPoint').implement({
  description: 'What was done in one minute, hour or day.',
  interfaces: [CountsRef, RangeCountsRef],
  fields: (t) => ({
    start: t.expose('start', { type: 'DateTime', description: 'When it began.' }),
  }),
})

const TrendTotalRef = builder.objectRef<LaneCounts>('TrendTotal').implement({
  description: 'What was done in all points of a trend together.',
  interfaces: [CountsRef, RangeCountsRef],
})

const TrendRef = builder.objectRef<Trend>('Trend').implement({
  description: 'What was done in a range of time, and how it was spread over it.',
  fields: (t) => ({
    from: t.expose('from', {
      type: 'DateTime',
      description: 'When the first point begins: not later than what was asked for, as far as it is kept.',
    }),
    to: t.expose('to', { type: 'DateTime', description: 'When the last point ends; it may be under way.' }),
    grain: t.expose('grain', { type: GrainRef, description: 'How long a point is.' }),
    total: t.expose('total', { type: TrendTotalRef, description: 'All points together.' }),
    points: t.expose('points', {
      type: [TrendPointRef],
      description: 'One for each minute, hour or day, oldest first, also where nothing was done.',
      extensions: { entries: usualPoints },
    }),
  }),
})

const trendArgs = builder.args((t) => ({
  range: t
    .field({ type: TimeRangeInput, ...orPast24Hours, description: 'Which time.' })
    .validate(rangeSchema),
  by: t.field({ type: GrainRef, description: 'How long a point is. Default: as fits the range.' }),
}))

interface TrendArgs {
  readonly range: TimeRange
  readonly by?: Grain | null | undefined
}

/** One statement for a whole list, and a new one for each value of a subscription. */
const oneStatement = { args: trendArgs, byPath: true, loaderOptions: { cache: false } } as const

builder.prismaObjectField('Action', 'trend', (t) =>
  t.loadable({
    ...oneStatement,
    type: TrendRef,
    description: 'What it did in a range of time, by the minute, hour or day.',
    load: (actionIds: string[], context: Context, args) => loadTrends(context, { actionIds }, args),
    resolve: ({ id }) => id,
  }),
)

builder.prismaObjectField('Connector', 'trend', (t) =>
  t.loadable({
    ...oneStatement,
    type: TrendRef,
    description: 'What all its actions did in a range of time, by the minute, hour or day.',
    load: (connectorIds: string[], context: Context, args) => loadTrends(context, { connectorIds }, args),
    resolve: ({ id }) => id,
  }),
)

builder.prismaObjectField('Workspace', 'trend', (t) =>
  t.loadable({
    ...oneStatement,
    type: TrendRef,
    description: 'What all its actions did in a range of time, by the minute, hour or day.',
    load: (workspaceIds: string[], context: Context, args) => loadTrends(context, { workspaceIds }, args),
    resolve: ({ id }) => id,
  }),
)

/** In the order of the ids. */
async function loadTrends({ db, deps }: Context, of: MetricsOf, { range, by: wanted }: TrendArgs) {
  const by = wanted ?? undefined
  const now = deps.clock()
  const ids = idsOf(of)
  rejectIssues(trendIssues(range, by, now, ids.length))
  const trends = await readTrends(db, of, trendSpan(range, by, now))
  return ids.map((id) => trends.get(id) ?? new Error('A trend was not read.'))
}
