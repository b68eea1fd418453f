/** Plugins in GraphQL: connector types with their page, source types, and packages that cannot be used. */
import type {
  ActionDefinition,
  ChangelogEntry,
  DataKind,
  Deprecation,
  PageLink,
  Terms,
} from '@sluice/connector-sdk'
import { deprecationOf } from '../../engine/deprecation.ts'
import { builder } from '../graphql/builder.ts'
import { globalId } from '../graphql/global-id.ts'
import { formOf, parametersFormOf } from '../registry/form.ts'
import { formFieldsOf } from '../registry/form-fields.ts'
import { iconUri } from '../registry/icon.ts'
import type { InstalledConnector, InstalledSource, Role, UnavailablePlugin } from '../registry/registry.ts'
import { type CountKey, countConnectors, keyText } from './connector-counts.ts'
import { dataKindsOf, isInstalled, type MarketplaceEntry, nameOf } from './entries.ts'
import { FormFieldRef } from './form-types.ts'

const form =
  'as JSON Schema: `title`, `description` and `group` say how to draw a field, `secret` that it is never returned.'

export const DataKindRef = builder.enumType('DataKind', {
  description: 'What actions are fed with.',
  values: {
    RECORDS: { value: 'records', description: 'Rows of data sources.' },
    EVENTS: { value: 'events', description: 'What somebody does. Sluice has none for now.' },
    VISITORS: { value: 'visitors', description: 'Profiles of visitors. Sluice has none for now.' },
  } as const satisfies Record<string, { readonly value: DataKind; readonly description: string }>,
})

const LinkRef = builder.objectRef<PageLink>('PluginLink').implement({
  description: 'A page to read on.',
  fields: (t) => ({
    title: t.exposeString('title', { description: 'What it is about.' }),
    url: t.exposeString('url', { description: 'Where it is.' }),
    isInternal: t.boolean({
      description:
        "Whether it is of whoever wrote the package, such as a set-up guide; else it is the vendor's.",
      resolve: ({ kind }) => kind === 'internal',
    }),
  }),
})

const DeprecationKindRef = builder.enumType('DeprecationKind', {
  description: 'What deprecation means for what is configured.',
  values: {
    FUNCTIONAL: { value: 'functional', description: 'It still works, and may be removed.' },
    FULL: {
      value: 'full',
      description: 'It no longer works: its actions stand still, and it cannot be published as active.',
    },
  } as const,
})

const DeprecationRef = builder.objectRef<Deprecation>('Deprecation').implement({
  description: 'Why a connector type should not be used any more.',
  fields: (t) => ({
    kind: t.expose('kind', { type: DeprecationKindRef, description: 'Whether it still works.' }),
    reason: t.exposeString('reason', {
      description: 'For people: what happened, and what to use instead.',
    }),
  }),
})

const ChangelogEntryRef = builder.objectRef<ChangelogEntry>('ChangelogEntry').implement({
  description: 'What a version of a package changed.',
  fields: (t) => ({
    version: t.exposeString('version', { description: 'The version.' }),
    date: t.exposeString('date', { description: 'The day, for example `2026-11-30`.' }),
    notes: t.exposeString('notes', { description: 'What changed, for people.' }),
  }),
})

const TermsRef = builder.objectRef<Terms>('Terms').implement({
  description: 'What has to be agreed to before a connector is made: `acceptTerms`.',
  fields: (t) => ({
    title: t.exposeString('title', { description: 'Their name.' }),
    url: t.exposeString('url', { description: 'Where they are.' }),
  }),
})

const ActionModeRef = builder.enumType('ActionMode', {
  description: 'What an action can do with a record.',
  values: {
    UPSERT: { value: 'upsert', description: 'Add or change its recipient.' },
    LEAVE: { value: 'leave', description: 'Take its recipient out.' },
  } as const,
})

export const ActionTypeRef = builder
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
        type: [ActionModeRef],
        description: 'What it can do with a record.',
        resolve: ({ definition }) => definition.modes,
      }),
      parameters: t.field({
        type: [FormFieldRef],
        description: 'Its parameters, which mappings fill, as a list.',
        resolve: ({ definition }) => formFieldsOf(parametersFormOf(definition)),
      }),
      parametersForm: t.field({
        type: 'JSON',
        description: `The same ${form} \`liveChoices\` says that \`Connector.parameterChoices\` asks the vendor what it can be.`,
        resolve: ({ definition }) => parametersFormOf(definition),
      }),
    }),
  })

export const MarketplaceEntryRef = builder.interfaceRef<MarketplaceEntry>('MarketplaceEntry').implement({
  description: 'What stands in the marketplace: a connector type, or a package that cannot be used.',
  resolveType: (entry) => (isInstalled(entry) ? 'ConnectorType' : 'UnavailablePlugin'),
  fields: (t) => ({
    name: t.string({
      description: 'Its name for people; of a package that cannot be used that of the package.',
      resolve: nameOf,
    }),
    isAvailable: t.boolean({ description: 'Whether it can be used.', resolve: isInstalled }),
    packageName: t.exposeString('packageName', { description: 'The package it comes from.' }),
    packageVersion: t.string({
      nullable: true,
      description: 'The installed version of the package, where that can be told.',
      resolve: ({ packageVersion }) => packageVersion ?? null,
    }),
  }),
})

export const ConnectorTypeRef = builder.objectRef<InstalledConnector>('ConnectorType').implement({
  description: 'A vendor that an installed package delivers to.',
  interfaces: [MarketplaceEntryRef],
  fields: (t) => ({
    id: t.string({
      description: 'Its name in configuration, for example `braze`.',
      resolve: ({ definition }) => definition.id,
    }),
    vendor: t.string({ description: 'Who runs it.', resolve: ({ definition }) => definition.vendor }),
    categories: t.stringList({
      description: 'What it is for.',
      resolve: ({ definition }) => definition.categories,
    }),
    icon: t.string({
      nullable: true,
      description: 'A picture as a data URI, for the source of an image.',
      resolve: ({ definition: { icon } }) => (icon === undefined ? null : iconUri(icon)),
    }),
    dataKinds: t.field({
      type: [DataKindRef],
      description: 'What its actions can be fed with.',
      resolve: dataKindsOf,
    }),
    deprecation: t.field({
      type: DeprecationRef,
      nullable: true,
      description: 'Why it should not be used any more, where that is so.',
      resolve: ({ definition }) => deprecationOf(definition),
    }),
    changelog: t.field({
      type: [ChangelogEntryRef],
      description: 'What versions of the package changed, the newest first.',
      resolve: ({ definition }) => definition.changelog ?? [],
    }),
    summary: t.string({
      description: 'What it does, in a sentence.',
      resolve: ({ definition }) => definition.docs.summary,
    }),
    requirements: t.stringList({
      description: 'What is needed before it works.',
      resolve: ({ definition }) => definition.docs.requirements,
    }),
    instructions: t.stringList({
      description: 'How an account is set up, step by step.',
      resolve: ({ definition }) => definition.docs.instructions ?? [],
    }),
    links: t.field({
      type: [LinkRef],
      description: 'Pages to read on.',
      resolve: ({ definition }) => definition.docs.links,
    }),
    terms: t.field({
      type: TermsRef,
      nullable: true,
      description: 'What has to be agreed to, where there is something.',
      resolve: ({ definition }) => definition.docs.terms ?? null,
    }),
    settings: t.field({
      type: [FormFieldRef],
      description: 'Its settings as a list.',
      resolve: ({ definition }) => formFieldsOf(formOf(definition.settings)),
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
    packageVersion: t.exposeString('packageVersion', {
      description: 'The installed version of the package.',
    }),
    connectorCount: t.loadable({
      type: 'Int',
      description:
        'How many connectors of this type a workspace has. Of a workspace that the token does not cover none are seen.',
      args: {
        workspaceId: t.arg
          .id({ required: true, description: 'The workspace.' })
          .validate(globalId('Workspace')),
      },
      load: async (keys: CountKey[], context) => [...(await countConnectors(keys, context))],
      loaderOptions: { cacheKeyFn: keyText },
      resolve: ({ definition }, { workspaceId }): CountKey => ({ workspaceId, type: definition.id }),
    }),
  }),
})

export const SourceTypeRef = builder.objectRef<InstalledSource>('SourceType').implement({
  description: 'A kind of database or file that an installed package reads from.',
  fields: (t) => ({
    id: t.string({
      description: 'Its name in configuration, for example `duckdb`.',
      resolve: ({ definition }) => definition.id,
    }),
    name: t.string({ description: 'Its name for people.', resolve: ({ definition }) => definition.name }),
    icon: t.string({
      nullable: true,
      description: 'A picture as a data URI, for the source of an image.',
      resolve: ({ definition: { icon } }) => (icon === undefined ? null : iconUri(icon)),
    }),
    summary: t.string({
      description: 'What it reads, in a sentence.',
      resolve: ({ definition }) => definition.docs.summary,
    }),
    links: t.field({
      type: [LinkRef],
      description: 'Pages to read on.',
      resolve: ({ definition }) => definition.docs.links,
    }),
    settings: t.field({
      type: [FormFieldRef],
      description: 'Its settings as a list.',
      resolve: ({ definition }) => formFieldsOf(formOf(definition.settings)),
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

const PluginRoleRef = builder.enumType('PluginRole', {
  description: 'What a package says it is.',
  values: {
    CONNECTOR: { value: 'connector', description: 'A vendor to deliver to.' },
    SOURCE: { value: 'source', description: 'A kind of database or file to read from.' },
  } as const satisfies Record<string, { readonly value: Role; readonly description: string }>,
})

export const UnavailablePluginRef = builder.objectRef<UnavailablePlugin>('UnavailablePlugin').implement({
  description: 'An installed package that says it is a plugin and cannot be used.',
  interfaces: [MarketplaceEntryRef],
  fields: (t) => ({
    role: t.field({
      type: PluginRoleRef,
      nullable: true,
      description: 'What it says it is, where that can be told.',
      resolve: ({ role }) => role ?? null,
    }),
    code: t.exposeString('code', { description: 'Stable, for programs; all are listed in docs/errors.md.' }),
    reason: t.exposeString('reason', { description: 'For people: what is wrong and what to do.' }),
  }),
})
