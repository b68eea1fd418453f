/** What a page about one action shows beside its settings: what it does now, and its parameters with what fills them. */
import { actionOfType } from '../../engine/action-of-type.ts'
import { sourceColumnsSchema } from '../../engine/documents.ts'
import { builder } from '../graphql/builder.ts'
import { IssueRef } from '../graphql/errors.ts'
import { ActionTypeRef } from '../marketplace/types.ts'
import { storedVariables, templateDocument } from '../templates/rules.ts'
import { type ActionParameter, type FilledPlace, parametersOf } from './filled-parameters.ts'
import { typeIssues } from './read-action.ts'
import { savedActionIssues } from './saved-action-issues.ts'
import { ActionRef } from './schema.ts'
import { type ActionStatus, readStatuses } from './status.ts'

export const ActionStatusRef = builder.enumType('ActionStatus', {
  description:
    'What an action does now, by the version that runs; the first reason where it sends nothing. `isEnabled` is its switch in the working copy.',
  values: {
    ACTIVE: { description: 'It sends what its data source brings.' },
    INACTIVE: { description: 'It is switched off.' },
    CONNECTOR_OFF: { description: 'It is switched on, its connector is not.' },
    SOURCE_OFF: { description: 'It is switched on, its data source is not.' },
    NOT_PUBLISHED: { description: 'It is switched on in the working copy, which is not published.' },
    HALTED: {
      description: 'The workspace delivers nothing: it was stopped, or its connectors are switched off.',
    },
    PAUSED: { description: 'It is paused, by command or by a failure: see `pauseReason`.' },
    NOT_RUNNABLE: {
      description:
        'The package of its connector is not there, no longer works, or has no such operation: see `notRunnable`.',
    },
    SOURCE_FAILING: { description: 'The last look at its data source failed: see `errorCode` there.' },
  } satisfies Record<ActionStatus, { readonly description: string }>,
})

const FilledPlaceRef = builder.objectRef<FilledPlace>('FilledPlace').implement({
  description: 'A mapping, at its parameter.',
  fields: (t) => ({
    key: t.exposeString('key', {
      nullable: true,
      description: 'The entry of an open or repeated group; null where it fills all of the parameter.',
    }),
    from: t.field({
      type: 'JSON',
      description: 'Where the value comes from, as in `mappings`.',
      resolve: ({ from }) => from,
    }),
  }),
})

const ActionParameterRef = builder.objectRef<ActionParameter>('ActionParameter').implement({
  description: 'A parameter of an action, with what fills it.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Its name in mappings.' }),
    title: t.exposeString('title', { description: 'Its name for people.' }),
    group: t.exposeString('group', {
      nullable: true,
      description: 'The category to show it in; null where it has none.',
    }),
    isRequired: t.exposeBoolean('isRequired', {
      description: 'Whether a record without it is rejected.',
    }),
    isKnown: t.exposeBoolean('isKnown', {
      description: 'Whether the installed type has it. What is mapped to one that it has not is not sent.',
    }),
    filledBy: t.field({
      type: [FilledPlaceRef],
      description: 'What is mapped to it, in the order of the mappings; empty where nothing is.',
      resolve: ({ filledBy }) => filledBy,
    }),
  }),
})

builder.prismaObjectFields(ActionRef, (t) => ({
  status: t.loadable({
    type: ActionStatusRef,
    description: 'What it does now, or why it sends nothing.',
    load: (ids: string[], context) => readStatuses(context, ids),
    resolve: ({ id }) => id,
  }),
  actionType: t.field({
    type: ActionTypeRef,
    nullable: true,
    description: 'Its operation as the marketplace shows it; null where that is not installed.',
    select: { type: true, connector: { select: { type: true } } },
    resolve: ({ connector, type }, _args, { deps }) => {
      const actions = deps.registry.connector(connector.type)?.definition.actions
      const definition = actions && actionOfType(actions, type)
      return definition ? { type, definition } : null
    },
  }),
  parameters: t.field({
    type: [ActionParameterRef],
    description:
      'The parameters of its type, in their order, each with what fills it; then those that are mapped and that the installed type has not.',
    select: { type: true, typeVersion: true, mappings: true, connector: { select: { type: true } } },
    resolve: ({ connector, ...action }, _args, { deps }) =>
      parametersOf(action, deps.registry.connector(connector.type)?.definition),
  }),
  issues: t.field({
    type: [IssueRef],
    description:
      'What is wrong with its parts, mappings and templates: it can only be published where that is nothing.',
    select: {
      type: true,
      typeVersion: true,
      mappings: true,
      dataSourceId: true,
      templates: true,
      templateVariables: true,
      connector: { select: { name: true, type: true } },
      dataSource: { select: { name: true, columns: true } },
      segment: { select: { name: true, sources: { select: { dataSourceId: true } } } },
    },
    resolve: (
      { connector, dataSource, segment, templates, templateVariables, ...action },
      _args,
      { deps },
    ) => {
      const parts = {
        connector,
        definitions: deps.registry.connector(connector.type)?.definition.actions,
        source: { name: dataSource.name, columns: sourceColumnsSchema.parse(dataSource.columns) },
        segment: { name: segment.name, dataSourceIds: segment.sources.map((each) => each.dataSourceId) },
      }
      const saved = {
        ...action,
        templates: templates.map(templateDocument),
        templateVariables: storedVariables(templateVariables),
      }
      return [...typeIssues(action, parts), ...savedActionIssues(saved, parts)]
    },
  }),
}))
