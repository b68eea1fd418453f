/** The marketplace in GraphQL: the installed connector and source types, and the plugins that cannot be used. */
import type { ActionDefinition, ConnectorDefinition } from '@sluice/connector-sdk'
import { builder } from '../graphql/builder.ts'
import { formOf, parametersFormOf } from '../registry/form.ts'
import type { InstalledConnector, InstalledSource, UnavailablePlugin } from '../registry/registry.ts'

type Link = ConnectorDefinition['docs']['links'][number]

const form =
  'as JSON Schema: `title`, `description` and `group` say how to draw a field, `secret` that it is never returned.'

const LinkRef = builder.objectRef<Link>('PluginLink').implement({
  description: 'A page to read on.',
  fields: (t) => ({
    title: t.exposeString('title', { description: 'What it is about.' }),
    url: t.exposeString('url', { description: 'Where it is.' }),
  }),
})

const ChangeRef = builder.enumType('ActionMode', {
  description: 'What an action can do with a record.',
  values: {
    UPSERT: { value: 'upsert', description: 'Add or change its recipient.' },
    LEAVE: { value: 'leave', description: 'Take its recipient out.' },
  } as const,
})

const ActionTypeRef = builder
  .objectRef<{ readonly type: string; readonly definition: ActionDefinition }>('ActionType')
  .implement({
    description: 'An operation of a vendor that records can be delivered to.',
    fields: (t) => ({
      type: t.exposeString('type', { description: 'Its name in configuration, for example `track-user`.' }),
      title: t.string({ description: 'Its name for people.', resolve: ({ definition }) => definition.title }),
      description: t.string({
        description: 'What it does.',
        resolve: ({ definition }) => definition.description,
      }),
      version: t.int({
        description: 'Version of its parameters; mappings name the one they were written for.',
        resolve: ({ definition }) => definition.version,
      }),
      preparedOutputs: t.stringList({
        description:
          'What has to be created at the vendor before the first delivery, by name: `prepareAction` does it, and mappings can send it. Empty where nothing has.',
        resolve: ({ definition }) => definition.prepare?.outputs ?? [],
      }),
      modes: t.field({
        type: [ChangeRef],
        description: 'What it can do with a record.',
        resolve: ({ definition }) => definition.modes,
      }),
      parametersForm: t.field({
        type: 'JSON',
        description: `Its parameters, which mappings fill, ${form} \`liveChoices\` says that \`Connector.parameterChoices\` asks the vendor what it can be.`,
        resolve: ({ definition }) => parametersFormOf(definition),
      }),
    }),
  })

const ConnectorTypeRef = builder.objectRef<InstalledConnector>('ConnectorType').implement({
  description: 'A vendor that an installed package delivers to.',
  fields: (t) => ({
    id: t.string({
      description: 'Its name in configuration, for example `braze`.',
      resolve: ({ definition }) => definition.id,
    }),
    name: t.string({ description: 'Its name for people.', resolve: ({ definition }) => definition.name }),
    vendor: t.string({ description: 'Who runs it.', resolve: ({ definition }) => definition.vendor }),
    categories: t.stringList({
      description: 'What it is for.',
      resolve: ({ definition }) => definition.categories,
    }),
    deprecated: t.string({
      nullable: true,
      description: 'Why it should not be used any more, where that is so.',
      resolve: ({ definition }) => definition.deprecated ?? null,
    }),
    summary: t.string({
      description: 'What it does, in a sentence.',
      resolve: ({ definition }) => definition.docs.summary,
    }),
    requirements: t.stringList({
      description: 'What is needed before it works.',
      resolve: ({ definition }) => definition.docs.requirements,
    }),
    links: t.field({
      type: [LinkRef],
      description: 'Pages to read on.',
      resolve: ({ definition }) => definition.docs.links,
    }),
    settingsForm: t.field({
      type: 'JSON',
      description: `Its settings, ${form}`,
      resolve: ({ definition }) => formOf(definition.settings),
    }),
    actions: t.field({
      type: [ActionTypeRef],
      description: 'The operations it offers.',
      resolve: ({ definition }) =>
        Object.entries(definition.actions).map(([type, action]) => ({ type, definition: action })),
    }),
    packageName: t.exposeString('packageName', { description: 'The package it comes from.' }),
    packageVersion: t.exposeString('packageVersion', {
      description: 'The installed version of the package.',
    }),
  }),
})

const SourceTypeRef = builder.objectRef<InstalledSource>('SourceType').implement({
  description: 'A kind of database or file that an installed package reads from.',
  fields: (t) => ({
    id: t.string({
      description: 'Its name in configuration, for example `duckdb`.',
      resolve: ({ definition }) => definition.id,
    }),
    name: t.string({ description: 'Its name for people.', resolve: ({ definition }) => definition.name }),
    summary: t.string({
      description: 'What it reads, in a sentence.',
      resolve: ({ definition }) => definition.docs.summary,
    }),
    links: t.field({
      type: [LinkRef],
      description: 'Pages to read on.',
      resolve: ({ definition }) => definition.docs.links,
    }),
    settingsForm: t.field({
      type: 'JSON',
      description: `Its settings, ${form}`,
      resolve: ({ definition }) => formOf(definition.settings),
    }),
    defaultSettleMs: t.int({
      description:
        'How long a written row may stay invisible, unless a data source says otherwise, in milliseconds.',
      resolve: ({ definition }) => definition.defaultSettleMs,
    }),
    packageName: t.exposeString('packageName', { description: 'The package it comes from.' }),
    packageVersion: t.exposeString('packageVersion', {
      description: 'The installed version of the package.',
    }),
  }),
})

const UnavailablePluginRef = builder.objectRef<UnavailablePlugin>('UnavailablePlugin').implement({
  description: 'An installed package that says it is a plugin and cannot be used.',
  fields: (t) => ({
    packageName: t.exposeString('packageName', { description: 'The package.' }),
    packageVersion: t.string({
      nullable: true,
      description: 'Its installed version, where that can be told.',
      resolve: ({ packageVersion }) => packageVersion ?? null,
    }),
    code: t.exposeString('code', { description: 'Stable, for programs; all are listed in docs/errors.md.' }),
    reason: t.exposeString('reason', { description: 'For people: what is wrong and what to do.' }),
  }),
})

builder.queryFields((t) => ({
  connectorTypes: t.field({
    type: [ConnectorTypeRef],
    description: 'The vendors that can be delivered to.',
    resolve: (_root, _args, { deps }) => deps.registry.connectors(),
  }),
  sourceTypes: t.field({
    type: [SourceTypeRef],
    description: 'The databases and files that can be read from.',
    resolve: (_root, _args, { deps }) => deps.registry.sources(),
  }),
  unavailablePlugins: t.field({
    type: [UnavailablePluginRef],
    description: 'The installed plugins that cannot be used, and why. They stop nothing else.',
    resolve: (_root, _args, { deps }) => deps.registry.unavailable(),
  }),
}))
