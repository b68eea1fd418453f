/** The inputs of what is done with connectors beside editing them: alone, or with several at once. */
import { z } from 'zod'
import { builder } from '../graphql/builder.ts'
import { globalId } from '../graphql/global-id.ts'
import { labelIdsDescription, labelIdsSchema } from '../labels/inputs.ts'
import { givenOnly } from '../workspaces/given.ts'
import { mostNamed } from '../workspaces/rules.ts'

const about = {
  id: 'The connector.',
  revision: 'Its revision when it was read.',
  connectors: `The connectors, all of one workspace, from 1 to ${mostNamed}.`,
  withActions: 'Whether the actions that send through it are deleted too. Default: it must have none.',
} as const

const ConnectorRevisionInput = builder.inputType('ConnectorRevisionInput', {
  description: 'Names one of several connectors.',
  fields: (t) => ({
    id: t.id({ required: true, description: about.id }),
    revision: t.int({ required: true, description: about.revision }),
  }),
})

const named = z.object({ id: globalId('Connector'), revision: z.int() })
const several = z.object({ connectors: z.array(named).min(1).max(mostNamed) })

export const ActivateConnectorsInput = builder
  .inputType('ActivateConnectorsInput', {
    description: 'Names the connectors to activate.',
    fields: (t) => ({
      connectors: t.field({ type: [ConnectorRevisionInput], required: true, description: about.connectors }),
    }),
  })
  .validate(several)

export const DeactivateConnectorsInput = builder
  .inputType('DeactivateConnectorsInput', {
    description: 'Names the connectors to deactivate.',
    fields: (t) => ({
      connectors: t.field({ type: [ConnectorRevisionInput], required: true, description: about.connectors }),
    }),
  })
  .validate(several)

export const DeleteConnectorInput = builder
  .inputType('DeleteConnectorInput', {
    description: 'Names the connector to delete in the working copy.',
    fields: (t) => ({
      id: t.id({ required: true, description: about.id }),
      revision: t.int({ required: true, description: about.revision }),
      withActions: t.boolean({ required: true, defaultValue: false, description: about.withActions }),
    }),
  })
  .validate(named.extend({ withActions: z.boolean() }))

export const DeleteConnectorsInput = builder
  .inputType('DeleteConnectorsInput', {
    description: 'Names the connectors to delete in the working copy.',
    fields: (t) => ({
      connectors: t.field({ type: [ConnectorRevisionInput], required: true, description: about.connectors }),
      withActions: t.boolean({ required: true, defaultValue: false, description: about.withActions }),
    }),
  })
  .validate(several.extend({ withActions: z.boolean() }))

export const DuplicateConnectorInput = builder
  .inputType('DuplicateConnectorInput', {
    description: 'A connector to copy.',
    fields: (t) => ({
      id: t.id({ required: true, description: about.id }),
      name: t.string({
        description: 'The name of the copy, unique in the workspace. Default: its name with " - copy".',
      }),
    }),
  })
  .validate(z.object({ id: globalId('Connector'), name: z.string().trim().nullish() }).transform(givenOnly))

export const FavouriteConnectorInput = builder
  .inputType('FavouriteConnectorInput', {
    description: 'A connector to have at hand.',
    fields: (t) => ({ id: t.id({ required: true, description: about.id }) }),
  })
  .validate(z.object({ id: globalId('Connector') }))

export const UnfavouriteConnectorInput = builder
  .inputType('UnfavouriteConnectorInput', {
    description: 'A connector that is a favourite no more.',
    fields: (t) => ({ id: t.id({ required: true, description: about.id }) }),
  })
  .validate(z.object({ id: globalId('Connector') }))

const labelling = z.object({
  connectorIds: z.array(globalId('Connector')).min(1).max(mostNamed),
  labelIds: labelIdsSchema,
})

export const LabelConnectorsInput = builder
  .inputType('LabelConnectorsInput', {
    description: 'Labels to put on connectors.',
    fields: (t) => ({
      connectorIds: t.idList({ required: true, description: about.connectors }),
      labelIds: t.idList({ required: true, description: labelIdsDescription }),
    }),
  })
  .validate(labelling)

export const UnlabelConnectorsInput = builder
  .inputType('UnlabelConnectorsInput', {
    description: 'Labels to take off connectors.',
    fields: (t) => ({
      connectorIds: t.idList({ required: true, description: about.connectors }),
      labelIds: t.idList({ required: true, description: labelIdsDescription }),
    }),
  })
  .validate(labelling)
