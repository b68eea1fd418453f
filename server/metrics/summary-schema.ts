/** Counts of a connector and of a whole workspace in GraphQL, for overviews of operations: read, and as they change. */
import { covers, within } from '../access/rules.ts'
import type { Context } from '../context.ts'
import { countDescriptions } from '../deliveries/rules.ts'
import { CountsRef } from '../deliveries/schema.ts'
import { builder } from '../graphql/builder.ts'
import { globalId } from '../graphql/global-id.ts'
import { NotFound } from '../problems/rules.ts'
import { idsOf, type SummariesOf } from './metrics-of.ts'
import type { SummaryMetrics } from './rules.ts'
import { requestsDescription } from './schema.ts'
import { readSummaries } from './service.ts'

const SummaryMetricsRef = builder.interfaceRef<SummaryMetrics>('SummaryMetrics').implement({
  description: 'What several actions have done, and how many of them run, are paused or caught up.',
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

const ConnectorMetricsRef = builder.objectRef<SummaryMetrics>('ConnectorMetrics').implement({
  description:
    'What all actions of a connector have done, and how many of them run, are paused or caught up.',
  interfaces: [CountsRef, SummaryMetricsRef],
})

const WorkspaceMetricsRef = builder.objectRef<SummaryMetrics>('WorkspaceMetrics').implement({
  description:
    'What all actions of a workspace have done, and how many of them run, are paused or caught up.',
  interfaces: [CountsRef, SummaryMetricsRef],
})

/** Each value of a subscription is read anew. */
const loaderOptions = { cache: false } as const

builder.prismaObjectField('Connector', 'metrics', (t) =>
  t.loadable({
    type: ConnectorMetricsRef,
    description:
      'What all its actions have done so far. The subscription `connectorMetrics` tells when it changes.',
    loaderOptions,
    load: (connectorIds: string[], context: Context) => summariesOf(context, { connectorIds }),
    resolve: ({ id }) => id,
  }),
)

builder.prismaObjectField('Workspace', 'metrics', (t) =>
  t.loadable({
    type: WorkspaceMetricsRef,
    description:
      'What all its actions have done so far. The subscription `workspaceMetrics` tells when it changes.',
    loaderOptions,
    load: (workspaceIds: string[], context: Context) => summariesOf(context, { workspaceIds }),
    resolve: ({ id }) => id,
  }),
)

const connectorArgs = builder.args((t) => ({
  connectorId: t.id({ required: true, description: 'The connector.' }).validate(globalId('Connector')),
}))

const workspaceArgs = builder.args((t) => ({
  workspaceId: t.id({ required: true, description: 'The workspace.' }).validate(globalId('Workspace')),
}))

builder.queryFields((t) => ({
  connectorMetrics: t.field({
    type: ConnectorMetricsRef,
    nullable: true,
    description:
      'What all actions of a connector have done so far; null when there is none, or the token does not cover it.',
    args: connectorArgs,
    resolve: async (_root, { connectorId }, context) =>
      (await isVisibleConnector(context, connectorId))
        ? summaryOf(context, { connectorIds: [connectorId] })
        : null,
  }),
  workspaceMetrics: t.field({
    type: WorkspaceMetricsRef,
    nullable: true,
    description:
      'What all actions of a workspace have done so far; null when there is none, or the token does not cover it.',
    args: workspaceArgs,
    resolve: async (_root, { workspaceId }, context) =>
      (await isVisibleWorkspace(context, workspaceId))
        ? summaryOf(context, { workspaceIds: [workspaceId] })
        : null,
  }),
}))

builder.subscriptionFields((t) => ({
  connectorMetrics: t.field({
    type: ConnectorMetricsRef,
    description:
      'What all actions of a connector have done: the counts at once, then again whenever they change, at most twice a second.',
    args: connectorArgs,
    subscribe: async (_root, { connectorId }, context) => {
      if (!(await isVisibleConnector(context, connectorId))) throw new NotFound('Connector', connectorId)
      return context.deps.live.connectors.watch(connectorId)
    },
    resolve: (metrics) => metrics,
  }),
  workspaceMetrics: t.field({
    type: WorkspaceMetricsRef,
    description:
      'What all actions of a workspace have done: the counts at once, then again whenever they change, at most twice a second.',
    args: workspaceArgs,
    subscribe: async (_root, { workspaceId }, context) => {
      if (!(await isVisibleWorkspace(context, workspaceId))) throw new NotFound('Workspace', workspaceId)
      return context.deps.live.workspaces.watch(workspaceId)
    },
    resolve: (metrics) => metrics,
  }),
}))

async function isVisibleConnector({ db, access }: Context, id: string): Promise<boolean> {
  return (await db.connector.count({ where: { id, ...within(access) } })) > 0
}

async function isVisibleWorkspace({ db, access }: Context, id: string): Promise<boolean> {
  return covers(access, id) && (await db.workspace.count({ where: { id } })) > 0
}

/** Null where it was deleted meanwhile. */
async function summaryOf(context: Context, of: SummariesOf): Promise<SummaryMetrics | null> {
  const [summary] = await summariesOf(context, of)
  return summary instanceof Error ? null : (summary ?? null)
}

/** In the order of the ids. */
async function summariesOf({ db, deps }: Context, of: SummariesOf) {
  const summaries = await readSummaries({ db, workspaceKeys: deps.workspaceKeys }, of)
  const entity = 'connectorIds' in of ? 'Connector' : 'Workspace'
  return idsOf(of).map((id) => summaries.get(id) ?? new NotFound(entity, id))
}
