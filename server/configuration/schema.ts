/** The configuration of a workspace as one document, in GraphQL: taken out, compared, applied. */
import { TooManyAttributes } from '../attributes/rules.ts'
import { builder } from '../graphql/builder.ts'
import { globalId } from '../graphql/global-id.ts'
import { InvalidInput, NotFound } from '../problems/rules.ts'
import { EntityChangeKindRef, FieldChangeRef } from '../versions/change-types.ts'
import { keptId } from '../versions/inputs.ts'
import { WorkingCopyConflict } from '../versions/rules.ts'
import { ConnectorsDisabled } from '../workspaces/rules.ts'
import { WorkspaceRef } from '../workspaces/schema.ts'
import { applyConfiguration } from './apply-configuration.ts'
import type { PartChange } from './changes.ts'
import { type ConfigurationComparison, compareConfiguration } from './compare-configuration.ts'
import type { Part } from './document.ts'
import { type ExportedConfiguration, exportConfiguration } from './export-configuration.ts'
import { ApplyConfigurationInput, about } from './inputs.ts'
import type { Other } from './plan.ts'
import type { Variable } from './want-account.ts'

const PartRef = builder.enumType('ConfigurationPart', {
  description: 'A list of a configuration.',
  values: {
    LABELS: { value: 'labels', description: 'Labels.' },
    ATTRIBUTES: {
      value: 'attributes',
      description: 'Attributes that have notes, or that no data source feeds. Columns bring all others.',
    },
    CONNECTIONS: { value: 'connections', description: 'Connections of data sources.' },
    DATA_SOURCES: { value: 'dataSources', description: 'Data sources.' },
    SEGMENTS: { value: 'segments', description: 'Segments.' },
    CONNECTORS: { value: 'connectors', description: 'Connectors.' },
    ACTIONS: { value: 'actions', description: 'Actions, with their templates.' },
  } as const satisfies Record<string, { readonly value: Part; readonly description: string }>,
})

const ConfigurationRef = builder.objectRef<ExportedConfiguration>('Configuration').implement({
  description: 'A configuration as one document.',
  fields: (t) => ({
    document: t.field({
      type: 'JSON',
      description:
        'All that is configured, things by their names, sorted: the same configuration is the same document. It holds no secret: each is { env: VARIABLE }. docs/configuration.md describes it.',
      resolve: ({ document }) => document,
    }),
    fingerprint: t.exposeString('fingerprint', {
      description: 'That of the working copy when it was read, as `Workspace.fingerprint`.',
    }),
  }),
})

builder.prismaObjectFields(WorkspaceRef, (t) => ({
  configuration: t.field({
    type: ConfigurationRef,
    description: 'What is configured, as a document that can be kept, edited and applied.',
    args: {
      of: t.arg
        .id({
          description:
            'A version or a draft; left out: the working copy. Labels and notes are always those of now.',
        })
        .validate(keptId.nullish()),
    },
    errors: {
      types: [InvalidInput, NotFound],
      union: { name: 'ConfigurationResult', description: 'The configuration, or why it cannot be told.' },
    },
    resolve: ({ id }, { of }, context) => exportConfiguration(context, id, of ?? undefined),
  }),
}))

const ConfigurationChangeRef = builder.objectRef<PartChange>('ConfigurationChange').implement({
  description: 'An entry that differs between a workspace and a configuration.',
  fields: (t) => ({
    part: t.field({ type: PartRef, description: 'The list that it is of.', resolve: ({ part }) => part }),
    name: t.exposeString('name', { description: 'Its name, in the configuration if it is there.' }),
    change: t.expose('change', { type: EntityChangeKindRef, description: 'What becomes of it.' }),
    fields: t.field({
      type: [FieldChangeRef],
      description:
        'Its fields that differ. Of one that is created or deleted, all that are not as they are anyway.',
      resolve: ({ fields }) => fields,
    }),
  }),
})

const OtherRef = builder.objectRef<Other>('ConfigurationOther').implement({
  description: 'Something that the workspace has and a configuration lacks.',
  fields: (t) => ({
    part: t.field({ type: PartRef, description: 'The list that it is of.', resolve: ({ part }) => part }),
    name: t.exposeString('name', { description: 'Its name.' }),
  }),
})

const VariableRef = builder.objectRef<Variable>('ConfigurationVariable').implement({
  description: 'A variable that a configuration names in the place of a secret.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Its name.' }),
    isSet: t.exposeBoolean('isSet', {
      description:
        'Whether the workspace has the secret already. It stays where no value is given for the variable; else it is needed.',
    }),
  }),
})

const ComparisonRef = builder.objectRef<ConfigurationComparison>('ConfigurationComparison').implement({
  description: 'What applying a configuration would change. Whether a secret is another one is not told.',
  fields: (t) => ({
    changes: t.field({
      type: [ConfigurationChangeRef],
      description: 'The entries that differ, by list and name.',
      resolve: ({ changes }) => changes,
    }),
    others: t.field({
      type: [OtherRef],
      description:
        'What the configuration lacks and what stays. With `deleteOthers` it is among the changes.',
      resolve: ({ others }) => others,
    }),
    variables: t.field({
      type: [VariableRef],
      description: 'The variables that it names, each once.',
      resolve: ({ variables }) => variables,
    }),
    fingerprint: t.exposeString('fingerprint', {
      description: 'Give it to `applyConfiguration`, so that what was compared is what is changed.',
    }),
  }),
})

builder.queryField('compareConfiguration', (t) =>
  t.field({
    type: ComparisonRef,
    description:
      'Compares a configuration with the working copy of a workspace. Needs no secrets and asks no data source: what only they tell, `applyConfiguration` tells.',
    args: {
      workspaceId: t.arg
        .id({ required: true, description: about.workspaceId })
        .validate(globalId('Workspace')),
      configuration: t.arg({ type: 'JSON', required: true, description: about.configuration }),
      deleteOthers: t.arg.boolean({ required: true, defaultValue: false, description: about.deleteOthers }),
    },
    errors: { types: [InvalidInput, NotFound, TooManyAttributes] },
    resolve: (_root, input, context) => compareConfiguration(context, input),
  }),
)

builder.mutationField('applyConfiguration', (t) =>
  t.prismaField({
    type: WorkspaceRef,
    description:
      'Makes the working copy what a configuration says: all of it at once, or nothing. Where it is so already, nothing changes. What was there before is kept as a draft. It runs with the next publish; labels and notes act at once.',
    errors: {
      types: [InvalidInput, NotFound, WorkingCopyConflict, TooManyAttributes, ConnectorsDisabled],
    },
    args: {
      input: t.arg({ type: ApplyConfigurationInput, required: true, description: 'What it is to become.' }),
    },
    resolve: async (query, _root, { input }, context) => {
      const id = await applyConfiguration(context, input)
      return context.db.workspace.findUniqueOrThrow({ ...query, where: { id } })
    },
  }),
)
