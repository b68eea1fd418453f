/** What else is done with connectors in GraphQL: copied, deleted, labelled, switched several at once, made favourites. */
import { builder } from '../graphql/builder.ts'
import { InUse, InvalidInput, NameTaken, NotFound, RevisionConflict } from '../problems/rules.ts'
import {
  ActivateConnectorsInput,
  DeactivateConnectorsInput,
  DeleteConnectorInput,
  DeleteConnectorsInput,
  DuplicateConnectorInput,
  FavouriteConnectorInput,
  LabelConnectorsInput,
  UnfavouriteConnectorInput,
  UnlabelConnectorsInput,
} from './change-inputs.ts'
import { deleteConnector, deleteConnectors } from './delete-connectors.ts'
import { duplicateConnector } from './duplicate-connector.ts'
import { favouriteConnector, unfavouriteConnector } from './favourites.ts'
import { labelConnectors, unlabelConnectors } from './label-connectors.ts'
import { ConnectorRef } from './schema.ts'
import { activateConnectors, deactivateConnectors } from './switch-connectors.ts'

const ChangedConnectorsRef = builder
  .objectRef<{ readonly ids: readonly string[] }>('ChangedConnectors')
  .implement({
    description: 'Connectors that were changed together.',
    fields: (t) => ({
      connectors: t.prismaField({
        type: [ConnectorRef],
        description: 'The connectors, by name.',
        resolve: (query, { ids }, _args, { db }) =>
          db.connector.findMany({ ...query, where: { id: { in: [...ids] } }, orderBy: { name: 'asc' } }),
      }),
    }),
  })

builder.mutationFields((t) => ({
  duplicateConnector: t.prismaField({
    type: ConnectorRef,
    description:
      'Copies a connector with its settings, secrets, notes and labels, and its actions with their templates. The copy and its actions are inactive. What a user has allowed at the vendor is not copied: see `beginAuthorization`; nor is what actions have created there: see `prepareAction`.',
    errors: { types: [InvalidInput, NotFound, NameTaken] },
    args: { input: t.arg({ type: DuplicateConnectorInput, required: true, description: 'Which one.' }) },
    resolve: async (query, _root, { input }, context) => {
      const id = await duplicateConnector(context, input)
      return context.db.connector.findUniqueOrThrow({ ...query, where: { id } })
    },
  }),
  deleteConnector: t.prismaField({
    type: ConnectorRef,
    description:
      'Deletes a connector in the working copy. `InUse` lists the actions that send through it, unless they go too. Its secrets are kept, since what runs needs them and loading a version that has it brings it back.',
    errors: { types: [InvalidInput, NotFound, RevisionConflict, InUse] },
    args: { input: t.arg({ type: DeleteConnectorInput, required: true, description: 'Which one.' }) },
    resolve: async (query, _root, { input }, context) => {
      const id = await deleteConnector(context, input)
      return context.db.connector.findUniqueOrThrow({ ...query, where: { id } })
    },
  }),
  deleteConnectors: t.field({
    type: ChangedConnectorsRef,
    description:
      'Deletes connectors in the working copy, all or none: the issues tell each that cannot go, and why.',
    errors: { types: [InvalidInput, NotFound] },
    args: { input: t.arg({ type: DeleteConnectorsInput, required: true, description: 'Which ones.' }) },
    resolve: async (_root, { input }, context) => ({ ids: await deleteConnectors(context, input) }),
  }),
  activateConnectors: t.field({
    type: ChangedConnectorsRef,
    description:
      'Lets the active actions of connectors run, with the next publish. All or none: the issues tell each that was changed meanwhile.',
    errors: { types: [InvalidInput, NotFound] },
    args: { input: t.arg({ type: ActivateConnectorsInput, required: true, description: 'Which ones.' }) },
    resolve: async (_root, { input }, context) => ({ ids: await activateConnectors(context, input) }),
  }),
  deactivateConnectors: t.field({
    type: ChangedConnectorsRef,
    description:
      'Keeps the actions of connectors from running, with the next publish. All or none: the issues tell each that was changed meanwhile.',
    errors: { types: [InvalidInput, NotFound] },
    args: { input: t.arg({ type: DeactivateConnectorsInput, required: true, description: 'Which ones.' }) },
    resolve: async (_root, { input }, context) => ({ ids: await deactivateConnectors(context, input) }),
  }),
  labelConnectors: t.field({
    type: ChangedConnectorsRef,
    description:
      'Puts labels on connectors. What has one keeps it. Labels act at once: they are not versioned.',
    errors: { types: [InvalidInput, NotFound] },
    args: { input: t.arg({ type: LabelConnectorsInput, required: true, description: 'Which on which.' }) },
    resolve: async (_root, { input }, context) => ({ ids: await labelConnectors(context, input) }),
  }),
  unlabelConnectors: t.field({
    type: ChangedConnectorsRef,
    description: 'Takes labels off connectors. Labels act at once: they are not versioned.',
    errors: { types: [InvalidInput, NotFound] },
    args: { input: t.arg({ type: UnlabelConnectorsInput, required: true, description: 'Which off which.' }) },
    resolve: async (_root, { input }, context) => ({ ids: await unlabelConnectors(context, input) }),
  }),
  favouriteConnector: t.prismaField({
    type: ConnectorRef,
    description:
      'Makes a connector a favourite of who asks, whatever their role. It acts at once, and for nobody else.',
    errors: { types: [InvalidInput, NotFound] },
    args: { input: t.arg({ type: FavouriteConnectorInput, required: true, description: 'Which one.' }) },
    resolve: async (query, _root, { input }, context) => {
      const id = await favouriteConnector(context, input)
      return context.db.connector.findUniqueOrThrow({ ...query, where: { id } })
    },
  }),
  unfavouriteConnector: t.prismaField({
    type: ConnectorRef,
    description: 'Makes a connector no favourite of who asks any more.',
    errors: { types: [InvalidInput, NotFound] },
    args: { input: t.arg({ type: UnfavouriteConnectorInput, required: true, description: 'Which one.' }) },
    resolve: async (query, _root, { input }, context) => {
      const id = await unfavouriteConnector(context, input)
      return context.db.connector.findUniqueOrThrow({ ...query, where: { id } })
    },
  }),
}))
