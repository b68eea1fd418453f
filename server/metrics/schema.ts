/** Counts of an action in GraphQL: in all, by the minute, and as they change. */
import type { MetricMinute } from '../../prisma/generated/client/client.ts'
import { within } from '../access/rules.ts'
import type { Context } from '../context.ts'
import { countDescriptions } from '../deliveries/rules.ts'
import { CountsRef } from '../deliveries/schema.ts'
import { builder } from '../graphql/builder.ts'
import { globalId } from '../graphql/global-id.ts'
import { NotFound, rejectIssues } from '../problems/rules.ts'
import { type ActionMetrics, trendIssues } from './rules.ts'
import { readActionMetrics, readTrend } from './service.ts'

export const requestsDescription = 'Requests that were sent.'

const ActionMetricsRef = builder.objectRef<ActionMetrics>('ActionMetrics').implement({
  description: 'What an action has done, over all its deliveries.',
  interfaces: [CountsRef],
  fields: (t) => ({
    waiting: t.expose('waiting', { type: 'Count', description: countDescriptions.waiting }),
    requests: t.expose('requests', { type: 'Count', description: requestsDescription }),
    isAtSourceEnd: t.exposeBoolean('isAtSourceEnd', {
      description: 'Whether every record that the source has announced was tried at least once.',
    }),
    updatedAt: t.expose('updatedAt', { type: 'DateTime', description: 'When these counts were read.' }),
  }),
})

const MinuteMetricsRef = builder.objectRef<MetricMinute>('MinuteMetrics').implement({
  description: 'What an action did in one minute.',
  interfaces: [CountsRef],
  fields: (t) => ({
    minute: t.expose('minute', { type: 'DateTime', description: 'The start of the minute.' }),
    requests: t.expose('requests', { type: 'Count', description: requestsDescription }),
  }),
})

builder.prismaObjectFields('Action', (t) => ({
  metrics: t.field({
    type: ActionMetricsRef,
    description: 'What it has done so far. The subscription `actionMetrics` tells when it changes.',
    select: { id: true },
    resolve: ({ id }, _args, context) => metricsOf(context, id),
  }),
  metricsByMinute: t.field({
    type: [MinuteMetricsRef],
    description: 'What it did by the minute, oldest first. Minutes in which nothing happened are left out.',
    select: { id: true },
    args: {
      from: t.arg({ type: 'DateTime', required: true, description: 'The first minute.' }),
      to: t.arg({
        type: 'DateTime',
        required: true,
        description: 'The end, exclusive; at most a week later.',
      }),
    },
    resolve: ({ id }, { from, to }, { db }) => {
      rejectIssues(trendIssues({ from, to }))
      return readTrend(db, { actionId: id, from, to })
    },
  }),
}))

builder.queryField('actionMetrics', (t) =>
  t.field({
    type: ActionMetricsRef,
    nullable: true,
    description: 'What an action has done so far; null when there is none, or the token does not cover it.',
    args: { actionId: t.arg.id({ required: true, description: 'The action.' }).validate(globalId('Action')) },
    resolve: async (_root, { actionId }, context) =>
      (await isVisible(context, actionId)) ? metricsOf(context, actionId) : null,
  }),
)

builder.subscriptionField('actionMetrics', (t) =>
  t.field({
    type: ActionMetricsRef,
    description:
      'What an action has done: the counts at once, then again whenever they change, at most twice a second.',
    args: { actionId: t.arg.id({ required: true, description: 'The action.' }).validate(globalId('Action')) },
    subscribe: async (_root, { actionId }, context) => {
      if (!(await isVisible(context, actionId))) throw new NotFound('Action', actionId)
      return context.deps.live.actions.watch(actionId)
    },
    resolve: (metrics) => metrics,
  }),
)

async function isVisible({ db, access }: Context, actionId: string): Promise<boolean> {
  return (await db.action.count({ where: { id: actionId, ...within(access) } })) > 0
}

async function metricsOf({ db, deps }: Context, actionId: string): Promise<ActionMetrics> {
  const metrics = await readActionMetrics({ db, workspaceKeys: deps.workspaceKeys }, [actionId])
  const own = metrics.get(actionId)
  // Deleted between the two reads.
  if (own === undefined) throw new NotFound('Action', actionId)
  return own
}
