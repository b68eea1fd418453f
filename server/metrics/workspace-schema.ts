/** Counts of a whole workspace in GraphQL, for an overview of its operations: read, and as they change. */
import { covers } from '../access/rules.ts'
import type { Context } from '../context.ts'
import { countDescriptions } from '../deliveries/rules.ts'
import { CountsRef } from '../deliveries/schema.ts'
import { builder } from '../graphql/builder.ts'
import { globalId } from '../graphql/global-id.ts'
import { NotFound } from '../problems/rules.ts'
import type { WorkspaceMetrics } from './rules.ts'
import { requestsDescription } from './schema.ts'
import { readWorkspaceMetrics } from './service.ts'

const WorkspaceMetricsRef = builder.objectRef<WorkspaceMetrics>('WorkspaceMetrics').implement({
  description:
    'What all actions of a workspace have done, and how many of them run, are paused or caught up.',
  interfaces: [CountsRef],
  fields: (t) => ({
    waiting: t.expose('waiting', { type: 'Count', description: countDescriptions.waiting }),
    requests: t.expose('requests', { type: 'Count', description: requestsDescription }),
    actions: t.exposeInt('actions', {
      description: 'Actions that run: those switched on in the live version, paused ones among them.',
    }),
    pausedActions: t.exposeInt('pausedActions', { description: 'Actions of those that are paused.' }),
    actionsAtSourceEnd: t.exposeInt('actionsAtSourceEnd', {
      description: 'Actions of those that have tried every record that their source has announced.',
    }),
    updatedAt: t.expose('updatedAt', { type: 'DateTime', description: 'When these counts were read.' }),
  }),
})

builder.prismaObjectFields('Workspace', (t) => ({
  metrics: t.field({
    type: WorkspaceMetricsRef,
    description:
      'What all its actions have done so far. The subscription `workspaceMetrics` tells when it changes.',
    select: { id: true },
    resolve: ({ id }, _args, context) => metricsOf(context, id),
  }),
}))

builder.queryField('workspaceMetrics', (t) =>
  t.field({
    type: WorkspaceMetricsRef,
    nullable: true,
    description:
      'What all actions of a workspace have done so far; null when there is none, or the token does not cover it.',
    args: {
      workspaceId: t.arg
        .id({ required: true, description: 'The workspace.' })
        .validate(globalId('Workspace')),
    },
    resolve: async (_root, { workspaceId }, context) =>
      (await isVisible(context, workspaceId)) ? metricsOf(context, workspaceId) : null,
  }),
)

builder.subscriptionField('workspaceMetrics', (t) =>
  t.field({
    type: WorkspaceMetricsRef,
    description:
      'What all actions of a workspace have done: the counts at once, then again whenever they change, at most twice a second.',
    args: {
      workspaceId: t.arg
        .id({ required: true, description: 'The workspace.' })
        .validate(globalId('Workspace')),
    },
    subscribe: async (_root, { workspaceId }, context) => {
      if (!(await isVisible(context, workspaceId))) throw new NotFound('Workspace', workspaceId)
      return context.deps.live.workspaces.watch(workspaceId)
    },
    resolve: (metrics) => metrics,
  }),
)

async function isVisible({ db, access }: Context, id: string): Promise<boolean> {
  return covers(access, id) && (await db.workspace.count({ where: { id } })) > 0
}

async function metricsOf({ db, deps }: Context, workspaceId: string): Promise<WorkspaceMetrics> {
  const metrics = await readWorkspaceMetrics({ db, workspaceKeys: deps.workspaceKeys }, [workspaceId])
  const own = metrics.get(workspaceId)
  // Deleted between the two reads.
  if (own === undefined) throw new NotFound('Workspace', workspaceId)
  return own
}
