/** Counts of an action in GraphQL: in all, and as they change. */
import { within } from '../access/rules.ts'
import type { Context } from '../context.ts'
import { countDescriptions } from '../deliveries/rules.ts'
import { CountsRef } from '../deliveries/schema.ts'
import { builder } from '../graphql/builder.ts'
import { globalId } from '../graphql/global-id.ts'
import { NotFound } from '../problems/rules.ts'
import type { ActionMetrics } from './rules.ts'
import { readActionMetrics } from './service.ts'

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

builder.prismaObjectField('Action', 'metrics', (t) =>
  t.loadable({
    type: ActionMetricsRef,
    description: 'What it has done so far. The subscription `actionMetrics` tells when it changes.',
    // Each value of a subscription is read anew.
    loaderOptions: { cache: false },
    load: (ids: string[], context: Context) => metricsOf(context, ids),
    resolve: ({ id }) => id,
  }),
)

builder.queryField('actionMetrics', (t) =>
  t.field({
    type: ActionMetricsRef,
    nullable: true,
    description: 'What an action has done so far; null when there is none, or the token does not cover it.',
    args: { actionId: t.arg.id({ required: true, description: 'The action.' }).validate(globalId('Action')) },
    resolve: async (_root, { actionId }, { db, access, deps }) => {
      if (!(await isVisible({ db, access }, actionId))) return null
      const metrics = await readActionMetrics({ db, workspaceKeys: deps.workspaceKeys }, [actionId])
      return metrics.get(actionId) ?? null
    },
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

async function isVisible({ db, access }: Pick<Context, 'db' | 'access'>, actionId: string): Promise<boolean> {
  return (await db.action.count({ where: { id: actionId, ...within(access) } })) > 0
}

/** In the order of the ids. */
async function metricsOf({ db, deps }: Context, ids: readonly string[]) {
  const metrics = await readActionMetrics({ db, workspaceKeys: deps.workspaceKeys }, ids)
  // It may have been deleted between the two reads.
  return ids.map((id) => metrics.get(id) ?? new NotFound('Action', id))
}
