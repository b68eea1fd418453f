/** What becomes of mappings in GraphQL, when they are copied to other actions or their action gets another type. */

import { within } from '../access/rules.ts'
import { builder } from '../graphql/builder.ts'
import { IssueRef } from '../graphql/errors.ts'
import { globalId } from '../graphql/global-id.ts'
import { InvalidInput, NotFound, RevisionConflict } from '../problems/rules.ts'
import { asJsonArray } from '../workspaces/json.ts'
import { type ChangedActionType, changeActionType, previewTypeChange } from './change-action-type.ts'
import { CopyMappingsInput, CopyModeRef } from './change-inputs.ts'
import { copyMappings, type MappingsCopy, previewMappingsCopy } from './copy-mappings.ts'
import { ChangeActionTypeInput } from './inputs.ts'
import { ActionRef } from './schema.ts'

const ChangedActionTypeRef = builder.objectRef<ChangedActionType>('ChangedActionType').implement({
  description: 'What another type makes of an action, or would make of it.',
  fields: (t) => ({
    action: t.prismaField({
      type: ActionRef,
      description: 'The action as it is now.',
      resolve: (query, { id }, _args, { db, access }) =>
        db.action.findUniqueOrThrow({ ...query, where: { id, ...within(access) } }),
    }),
    dropped: t.field({
      type: 'JSON',
      description: 'The mappings for which the new type has no place: they are gone with the change.',
      resolve: ({ dropped }) => asJsonArray(dropped),
    }),
    issues: t.field({
      type: [IssueRef],
      description: 'What keeps the mappings that stay from being published.',
      resolve: ({ issues }) => issues,
    }),
  }),
})

const MappingsCopyRef = builder.objectRef<MappingsCopy>('MappingsCopy').implement({
  description: 'What copied mappings make of an action, or would make of it.',
  fields: (t) => ({
    action: t.prismaField({
      type: ActionRef,
      description: 'The action as it is now.',
      resolve: (query, { id }, _args, { db, access }) =>
        db.action.findUniqueOrThrow({ ...query, where: { id, ...within(access) } }),
    }),
    copied: t.field({
      type: 'JSON',
      description: 'The mappings that it gets.',
      resolve: ({ copied }) => asJsonArray(copied),
    }),
    skipped: t.field({
      type: 'JSON',
      description: 'The mappings that it does not get, since it fills their place already (KEEP).',
      resolve: ({ skipped }) => asJsonArray(skipped),
    }),
    dropped: t.field({
      type: 'JSON',
      description: 'The mappings that it does not get, since its type has no place for them.',
      resolve: ({ dropped }) => asJsonArray(dropped),
    }),
    newTemplates: t.stringList({
      description: 'The templates that come along: the mappings need them, and it has none of the name.',
      resolve: ({ newTemplates }) => newTemplates.map(({ name }) => name),
    }),
    keptTemplates: t.stringList({
      description:
        'The templates that the mappings need and that it has with another text. They stay as they are, and the mappings take them.',
      resolve: ({ keptTemplates }) => [...keptTemplates],
    }),
    keptVariables: t.stringList({
      description:
        'The names in templates that come along which mean another attribute in it. They stay as they are.',
      resolve: ({ keptVariables }) => [...keptVariables],
    }),
    issues: t.field({
      type: [IssueRef],
      description:
        'What keeps all that it maps then from being published, for example an attribute that its data source lacks.',
      resolve: ({ issues }) => issues,
    }),
  }),
})

const CopiedMappingsRef = builder
  .objectRef<{ readonly copies: readonly MappingsCopy[] }>('CopiedMappings')
  .implement({
    description: 'Mappings that were copied.',
    fields: (t) => ({
      copies: t.field({
        type: [MappingsCopyRef],
        description: 'What became of each action, in the order in which they were named.',
        resolve: ({ copies }) => copies,
      }),
    }),
  })

builder.prismaObjectFields(ActionRef, (t) => ({
  typeChange: t.field({
    type: ChangedActionTypeRef,
    description: 'Asks what `changeActionType` would do. Nothing is changed.',
    args: { type: t.arg.string({ required: true, description: 'The type that it would get.' }) },
    errors: {
      types: [InvalidInput, NotFound],
      union: { name: 'ActionTypeChangeResult', description: 'What it would do, or why it cannot be done.' },
    },
    resolve: ({ id }, { type }, context) => previewTypeChange(context, { id, type }),
  }),
  mappingsCopy: t.field({
    type: MappingsCopyRef,
    description: 'Asks what `copyMappings` would make of it. Nothing is changed.',
    args: {
      fromId: t.arg
        .id({ required: true, description: 'The action whose mappings would be copied.' })
        .validate(globalId('Action')),
      mode: t.arg({
        type: CopyModeRef,
        required: true,
        description: 'What would become of the mappings that it has.',
      }),
    },
    errors: {
      types: [InvalidInput, NotFound],
      union: { name: 'MappingsCopyResult', description: 'What it would get, or why it cannot be done.' },
    },
    resolve: ({ id }, { fromId, mode }, context) => previewMappingsCopy(context, { id, fromId, mode }),
  }),
}))

builder.mutationFields((t) => ({
  changeActionType: t.field({
    type: ChangedActionTypeRef,
    description:
      'Gives an action another type of its connector. Mappings for which the new type has a place stay; the answer lists what does not fit. `Action.typeChange` tells it before.',
    errors: { types: [InvalidInput, NotFound, RevisionConflict] },
    args: { input: t.arg({ type: ChangeActionTypeInput, required: true, description: 'Which type.' }) },
    resolve: (_root, { input }, context) => changeActionType(context, input),
  }),
  copyMappings: t.field({
    type: CopiedMappingsRef,
    description:
      'Copies the mappings of an action to others, in the working copy, to all or none. Templates that they need come along, where there are none of the name; what is mapped to a template that is there takes that one. The answer lists what does not fit. `Action.mappingsCopy` tells it before.',
    errors: { types: [InvalidInput, NotFound] },
    args: { input: t.arg({ type: CopyMappingsInput, required: true, description: 'Which, and where.' }) },
    resolve: async (_root, { input }, context) => ({ copies: await copyMappings(context, input) }),
  }),
}))
