/** Actions in GraphQL: what is sent where, switched and paused. */

import { z } from 'zod'
import { within } from '../access/rules.ts'
import { ConnectorRef } from '../connectors/schema.ts'
import { builder } from '../graphql/builder.ts'
import { ProblemRef } from '../graphql/errors.ts'
import { encodeGlobalId, globalId } from '../graphql/global-id.ts'
import { LabelRef } from '../labels/schema.ts'
import { InvalidInput, NameTaken, NotFound, RevisionConflict } from '../problems/rules.ts'
import { SegmentRef } from '../segments/schema.ts'
import { SourceTypeMissing, SourceUnavailable } from '../sources/rules.ts'
import { DataSourceRef } from '../sources/schema.ts'
import { compilesTemplates } from '../templates/check.ts'
import { present } from '../workspaces/present.ts'
import { ConnectorsDisabled } from '../workspaces/rules.ts'
import { WorkspaceRef } from '../workspaces/schema.ts'
import { dryRun } from './dry-run.ts'
import {
  ActivateActionInput,
  CreateActionInput,
  DeactivateActionInput,
  DeleteActionInput,
  PauseActionInput,
  PrepareActionInput,
  ResumeActionInput,
  ResumeConnectorInput,
  SendSampleInput,
  StartFromRef,
  UpdateActionInput,
} from './inputs.ts'
import { pauseAction, resumeAction, resumeConnector } from './pause-actions.ts'
import { PreparationRef } from './preparation-types.ts'
import { prepareAction } from './prepare-action.ts'
import { ConnectorNotActive, NotPrepared, WorkflowsUnavailable, whyNotRunnable } from './rules.ts'
import { shownMappings } from './saved-mappings.ts'
import { sendSample } from './send-sample.ts'
import { activateAction, createAction, deactivateAction, deleteAction, updateAction } from './service.ts'
import { ActionDryRunRef, SentSampleRef } from './trial-types.ts'

const ofMappings = { connector: { select: { type: true } } } as const
const whyNotTried = [InvalidInput, NotFound, SourceUnavailable, SourceTypeMissing]

export const ActionRef = builder.prismaNode('Action', {
  id: { field: 'id', description: 'Its id.' },
  findUnique: (id, { access }) => ({ id, ...within(access) }),
  nullable: true,
  fields: (t) => ({
    workspace: t.relation('workspace', { description: 'The workspace it belongs to.' }),
    connector: t.relation('connector', { description: 'The connector that it sends through.' }),
    dataSource: t.relation('dataSource', { description: 'The data source that it reads.' }),
    segment: t.relation('segment', { description: 'The segment whose rows it sends.' }),
    name: t.exposeString('name', { description: 'Its name, unique in the workspace.' }),
    type: t.exposeString('type'),
    typeVersion: t.int({
      description:
        "Version of the operation's parameters that the mappings are for: the installed one, where they can be brought forward to it.",
      select: ofMappings,
      resolve: (action, _args, { deps }) =>
        shownMappings(deps.registry, action.connector.type, action).typeVersion,
    }),
    mappings: t.field({
      type: 'JSON',
      description:
        'The list of { parameter, key?, from }, brought forward to the installed version of its type where that can be done.',
      select: ofMappings,
      resolve: (action, _args, { deps }) =>
        shownMappings(deps.registry, action.connector.type, action).mappings,
    }),
    startFrom: t.expose('startFrom', {
      type: StartFromRef,
      description: 'Where it starts reading at first.',
    }),
    retryDelaysMs: t.exposeIntList('retryDelaysMs'),
    retryForMs: t.exposeInt('retryForMs'),
    requestTimeoutMs: t.exposeInt('requestTimeoutMs'),
    applyWithinMs: t.exposeInt('applyWithinMs', { nullable: true }),
    preparation: t.field({
      type: PreparationRef,
      nullable: true,
      description:
        'What it has created at the vendor before its first delivery; null where it needs nothing, or nothing was asked for yet.',
      select: { connectorId: true, type: true, preparations: true },
      resolve: ({ connectorId, preparations, type }) =>
        preparations.find((each) => each.connectorId === connectorId && each.type === type) ?? null,
    }),
    dryRun: t.field({
      type: ActionDryRunRef,
      description:
        'Shows what it would send for the first rows that meet its segment, as it stands in the working copy. Nothing is sent or kept.',
      args: {
        limit: t.arg
          .int({ required: true, defaultValue: 10, description: 'How many rows, from 1 to 100.' })
          .validate(z.int().min(1).max(100)),
      },
      errors: {
        types: whyNotTried,
        union: { name: 'ActionDryRunResult', description: 'What would be sent, or why it cannot be told.' },
      },
      resolve: ({ id }, { limit }, context) => dryRun(context, { id, limit }),
    }),
    notes: t.exposeString('notes'),
    labels: t.field({
      type: [LabelRef],
      description: 'Its labels, by name.',
      select: (_args, _context, nestedSelection) => ({
        labels: { select: { label: nestedSelection({}) }, orderBy: { label: { name: 'asc' } } },
      }),
      resolve: ({ labels }) => labels.map(({ label }) => label),
    }),
    isEnabled: t.exposeBoolean('isEnabled'),
    isLive: t.exposeBoolean('isLive'),
    deletedAt: t.expose('deletedAt', { type: 'DateTime', nullable: true }),
    pausedAt: t.expose('pausedAt', { type: 'DateTime', nullable: true }),
    pauseReason: t.exposeString('pauseReason', { nullable: true }),
    notRunnable: t.string({
      nullable: true,
      description:
        'Why it cannot run with what is installed: `plugin_missing` where the package of its connector is not there or cannot be used, `connector_type_discontinued` where its type no longer works, `action_type_missing` where the package has no such action any more, `unfit_templates` where its templates no longer compile over its source, `unfit_mappings` where the package takes no longer what the working copy maps. It stands still, and goes on where it stopped once that is mended. Null when it can run.',
      select: {
        type: true,
        typeVersion: true,
        mappings: true,
        templates: true,
        templateVariables: true,
        connector: { select: { type: true } },
        dataSource: { select: { columns: true } },
      },
      resolve: ({ connector, dataSource, ...action }, _args, { deps }) =>
        whyNotRunnable(
          {
            ...action,
            columns: dataSource.columns,
            mappings: shownMappings(deps.registry, connector.type, action).mappings,
          },
          deps.registry.connector(connector.type)?.definition,
          compilesTemplates,
        ),
    }),
    revision: t.exposeInt('revision'),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was created.' }),
    updatedAt: t.expose('updatedAt', { type: 'DateTime', description: 'When it was last changed.' }),
  }),
})

builder.objectType(ConnectorNotActive, {
  name: 'ConnectorNotActive',
  description: 'An action can only be active under an active connector.',
  interfaces: [ProblemRef],
  fields: (t) => ({
    connectorId: t.id({
      description: 'The connector to activate first.',
      resolve: ({ connectorId }) => encodeGlobalId('Connector', connectorId),
    }),
  }),
})

builder.objectType(WorkflowsUnavailable, {
  name: 'WorkflowsUnavailable',
  description: 'What was asked is saved, but Temporal could not be reached to start the work.',
  interfaces: [ProblemRef],
})

const byName = { where: present, orderBy: { name: 'asc' } } as const

builder.prismaObjectField(WorkspaceRef, 'actions', (t) =>
  t.relation('actions', { description: 'Its actions, by name.', query: byName }),
)
builder.prismaObjectField(ConnectorRef, 'actions', (t) =>
  t.relation('actions', { description: 'The actions that send through it, by name.', query: byName }),
)
builder.prismaObjectField(DataSourceRef, 'actions', (t) =>
  t.relation('actions', { description: 'The actions that read it, by name.', query: byName }),
)
builder.prismaObjectField(SegmentRef, 'actions', (t) =>
  t.relation('actions', { description: 'The actions that send its rows, by name.', query: byName }),
)

builder.prismaObjectFields(LabelRef, (t) => ({
  actions: t.field({
    type: [ActionRef],
    description: 'The actions that bear it, by name.',
    select: (_args, _context, nestedSelection) => ({
      actions: {
        where: { action: present },
        select: { action: nestedSelection({}) },
        orderBy: { action: { name: 'asc' } },
      },
    }),
    resolve: ({ actions }) => actions.map(({ action }) => action),
  }),
}))

builder.queryField('action', (t) =>
  t.prismaField({
    type: ActionRef,
    nullable: true,
    description: 'An action by its id; null when there is none, or the token does not cover it.',
    args: { id: t.arg.id({ required: true, description: 'The action.' }).validate(globalId('Action')) },
    resolve: (query, _root, { id }, { db, access }) =>
      db.action.findUnique({ ...query, where: { id, ...within(access) } }),
  }),
)

builder.mutationFields((t) => ({
  createAction: t.prismaField({
    type: ActionRef,
    description: 'Creates an action. It is inactive until it is activated.',
    errors: { types: [InvalidInput, NotFound, NameTaken] },
    args: { input: t.arg({ type: CreateActionInput, required: true, description: 'The action.' }) },
    resolve: async (query, _root, { input }, context) => {
      const id = await createAction(context, input)
      return context.db.action.findUniqueOrThrow({ ...query, where: { id } })
    },
  }),
  sendSample: t.field({
    type: SentSampleRef,
    description:
      "Sends one row for real, as the action stands in the working copy, and shows the vendor's answer. It must meet the segment. Nothing is kept, and it is not repeated.",
    errors: { types: [...whyNotTried, ConnectorsDisabled] },
    args: { input: t.arg({ type: SendSampleInput, required: true, description: 'Which row.' }) },
    resolve: (_root, { input }, context) => sendSample(context, input),
  }),
  prepareAction: t.prismaField({
    type: ActionRef,
    description:
      'Has created at the vendor what the action needs before its first delivery, such as a list. It happens once: repeating it is safe. An action that needs it cannot be published before.',
    errors: { types: [InvalidInput, NotFound, NotPrepared] },
    args: { input: t.arg({ type: PrepareActionInput, required: true, description: 'Which one.' }) },
    resolve: async (query, _root, { input }, context) => {
      const id = await prepareAction(context, input)
      return context.db.action.findUniqueOrThrow({ ...query, where: { id } })
    },
  }),
  updateAction: t.prismaField({
    type: ActionRef,
    description:
      'Changes an action in the working copy. What runs changes with the next publish. One that is active can only go to a connector that is.',
    errors: { types: [InvalidInput, NotFound, NameTaken, RevisionConflict, ConnectorNotActive] },
    args: { input: t.arg({ type: UpdateActionInput, required: true, description: 'The changes.' }) },
    resolve: async (query, _root, { input }, context) => {
      const id = await updateAction(context, input)
      return context.db.action.findUniqueOrThrow({ ...query, where: { id } })
    },
  }),
  activateAction: t.prismaField({
    type: ActionRef,
    description: 'Lets an action run, with the next publish. Its connector must be active.',
    errors: { types: [InvalidInput, NotFound, RevisionConflict, ConnectorNotActive] },
    args: { input: t.arg({ type: ActivateActionInput, required: true, description: 'Which one.' }) },
    resolve: async (query, _root, { input }, context) => {
      const id = await activateAction(context, input)
      return context.db.action.findUniqueOrThrow({ ...query, where: { id } })
    },
  }),
  deactivateAction: t.prismaField({
    type: ActionRef,
    description: 'Ends an action, with the next publish.',
    errors: { types: [InvalidInput, NotFound, RevisionConflict] },
    args: { input: t.arg({ type: DeactivateActionInput, required: true, description: 'Which one.' }) },
    resolve: async (query, _root, { input }, context) => {
      const id = await deactivateAction(context, input)
      return context.db.action.findUniqueOrThrow({ ...query, where: { id } })
    },
  }),
  deleteAction: t.prismaField({
    type: ActionRef,
    description:
      'Deletes an action in the working copy; it ends with the next publish. Its deliveries and counts stay, and loading a version that has it brings it back, to go on where it stopped.',
    errors: { types: [InvalidInput, NotFound, RevisionConflict] },
    args: { input: t.arg({ type: DeleteActionInput, required: true, description: 'Which one.' }) },
    resolve: async (query, _root, { input }, context) => {
      const id = await deleteAction(context, input)
      return context.db.action.findUniqueOrThrow({ ...query, where: { id } })
    },
  }),
  pauseAction: t.prismaField({
    type: ActionRef,
    description: 'Stops an action at once. Requests in flight finish; nothing is lost.',
    errors: { types: [InvalidInput, NotFound] },
    args: { input: t.arg({ type: PauseActionInput, required: true, description: 'Which one.' }) },
    resolve: async (query, _root, { input }, context) => {
      const id = await pauseAction(context, input)
      return context.db.action.findUniqueOrThrow({ ...query, where: { id } })
    },
  }),
  resumeAction: t.prismaField({
    type: ActionRef,
    description: 'Lets a paused action go on at once, from where it stopped.',
    errors: { types: [InvalidInput, NotFound, WorkflowsUnavailable] },
    args: { input: t.arg({ type: ResumeActionInput, required: true, description: 'Which one.' }) },
    resolve: async (query, _root, { input }, context) => {
      const id = await resumeAction(context, input)
      return context.db.action.findUniqueOrThrow({ ...query, where: { id } })
    },
  }),
  resumeConnector: t.prismaField({
    type: ConnectorRef,
    description:
      'Lets the actions of a connector go on, from where they stopped, that were paused because the credential or the configuration did not work. What was paused by command stays paused.',
    errors: { types: [InvalidInput, NotFound, WorkflowsUnavailable] },
    args: { input: t.arg({ type: ResumeConnectorInput, required: true, description: 'Which one.' }) },
    resolve: async (query, _root, { input }, context) => {
      const id = await resumeConnector(context, input)
      return context.db.connector.findUniqueOrThrow({ ...query, where: { id } })
    },
  }),
}))
