/** The inputs of the action mutations. */
import { z } from 'zod'
import { startFroms } from '../../engine/documents.ts'
import { builder } from '../graphql/builder.ts'
import { globalId } from '../graphql/global-id.ts'
import { TemplateDraftInput, TemplateVariableInput, templateDrafts } from '../templates/inputs.ts'
import { givenOnly } from '../workspaces/given.ts'
import type { StartFrom } from './rules.ts'

export const StartFromRef = builder.enumType('StartFrom', {
  description: 'Where a new lane starts reading.',
  values: {
    BEGINNING: { description: 'At the first row of the source.' },
    NOW: { description: 'After the rows that exist when it is first published.' },
  } satisfies Record<StartFrom, { readonly description: string }>,
})

const about = {
  id: 'The action.',
  revision: 'Its revision when it was read.',
  name: 'Its name, unique in the workspace.',
  connectorId: 'The connector that it sends through.',
  dataSourceId: 'The data source that it reads.',
  segmentId: 'The segment whose rows it sends. It must list the data source.',
  type: "The operation of the connector's type, for example `track-user`.",
  mappings:
    'What goes where: [ { parameter, key?, from } ]. `from` is { kind: "attribute", attribute }, { kind: "constant", value }, { kind: "metadata", field } with one of connector.id, connector.name, action.id, action.name, segment.id, segment.name, version.number, delivery.id and time (the creation of the delivery; ids are sent without the prefix that they have here), { kind: "prepared", output } with an output of the preparation, or { kind: "template", template } with the name of a template of the action; one of the format JSON fills all of a group where `key` is left out, in place of what else is mapped to the group.',
  templates: 'Its templates, which mappings name. Others can be created later.',
  templateVariables:
    'Names for attributes in its templates, beside the names of the columns; an attribute may have several. Default: none.',
  startFrom: 'Where it starts reading when it is first published. Default: BEGINNING.',
  retryDelaysMs: 'Waits between attempts, in milliseconds. Default: 1, 5 and 30 minutes.',
  retryForMs: 'How long a record is retried in all, in milliseconds. Default: 24 hours.',
  requestTimeoutMs: 'How long the vendor may take to answer, in milliseconds. Default: 10 seconds.',
  notes:
    'What people should know about it, at most 10,000 characters. Notes act at once: they are not versioned.',
  applyWithinMs:
    'How long after it was sent the vendor may still apply a request that got no answer, in milliseconds: so long nothing newer goes to its recipients. Default: the time-out plus 5 seconds.',
} as const

const needed = {
  name: z.string().trim(),
  connectorId: globalId('Connector'),
  dataSourceId: globalId('DataSource'),
  segmentId: globalId('Segment'),
  type: z.string(),
}
const optional = {
  mappings: z.unknown().optional(),
  templateVariables: z.array(z.object({ name: z.string(), attribute: z.string() })).nullish(),
  startFrom: z.enum(startFroms).nullish(),
  retryDelaysMs: z.array(z.int()).nullish(),
  retryForMs: z.int().nullish(),
  requestTimeoutMs: z.int().nullish(),
  applyWithinMs: z.int().nullish(),
  notes: z.string().nullish(),
}

export const CreateActionInput = builder
  .inputType('CreateActionInput', {
    description: 'A new action.',
    fields: (t) => ({
      workspaceId: t.id({ required: true, description: 'The workspace it is for.' }),
      name: t.string({ required: true, description: about.name }),
      connectorId: t.id({ required: true, description: about.connectorId }),
      dataSourceId: t.id({ required: true, description: about.dataSourceId }),
      segmentId: t.id({ required: true, description: about.segmentId }),
      type: t.string({ required: true, description: about.type }),
      mappings: t.field({ type: 'JSON', required: true, description: about.mappings }),
      templates: t.field({ type: [TemplateDraftInput], description: about.templates }),
      templateVariables: t.field({ type: [TemplateVariableInput], description: about.templateVariables }),
      startFrom: t.field({ type: StartFromRef, description: about.startFrom }),
      retryDelaysMs: t.intList({ description: about.retryDelaysMs }),
      retryForMs: t.int({ description: about.retryForMs }),
      requestTimeoutMs: t.int({ description: about.requestTimeoutMs }),
      applyWithinMs: t.int({ description: about.applyWithinMs }),
      notes: t.string({ description: about.notes }),
    }),
  })
  .validate(
    z
      .object({ workspaceId: globalId('Workspace'), ...needed, ...optional, templates: templateDrafts })
      .transform(givenOnly),
  )

export const UpdateActionInput = builder
  .inputType('UpdateActionInput', {
    description: 'Changes of an action. What is left out stays.',
    fields: (t) => ({
      id: t.id({ required: true, description: about.id }),
      revision: t.int({ required: true, description: about.revision }),
      name: t.string({ description: about.name }),
      connectorId: t.id({ description: about.connectorId }),
      dataSourceId: t.id({ description: about.dataSourceId }),
      segmentId: t.id({ description: about.segmentId }),
      type: t.string({ description: about.type }),
      mappings: t.field({ type: 'JSON', description: about.mappings }),
      templateVariables: t.field({ type: [TemplateVariableInput], description: about.templateVariables }),
      startFrom: t.field({ type: StartFromRef, description: about.startFrom }),
      retryDelaysMs: t.intList({ description: about.retryDelaysMs }),
      retryForMs: t.int({ description: about.retryForMs }),
      requestTimeoutMs: t.int({ description: about.requestTimeoutMs }),
      applyWithinMs: t.int({ description: about.applyWithinMs }),
      notes: t.string({ description: about.notes }),
    }),
  })
  .validate(
    z
      .object({
        id: globalId('Action'),
        revision: z.int(),
        name: needed.name.nullish(),
        connectorId: needed.connectorId.nullish(),
        dataSourceId: needed.dataSourceId.nullish(),
        segmentId: needed.segmentId.nullish(),
        type: needed.type.nullish(),
        ...optional,
      })
      .transform(givenOnly),
  )

/** No source keys its rows by more. */
const maxKeyColumns = 32
const maxKeyLength = 10_000

const switchSchema = z.object({ id: globalId('Action'), revision: z.int() })

export const ActivateActionInput = builder
  .inputType('ActivateActionInput', {
    description: 'Names the action to activate.',
    fields: (t) => ({
      id: t.id({ required: true, description: about.id }),
      revision: t.int({ required: true, description: about.revision }),
    }),
  })
  .validate(switchSchema)

export const DeactivateActionInput = builder
  .inputType('DeactivateActionInput', {
    description: 'Names the action to deactivate.',
    fields: (t) => ({
      id: t.id({ required: true, description: about.id }),
      revision: t.int({ required: true, description: about.revision }),
    }),
  })
  .validate(switchSchema)

export const DeleteActionInput = builder
  .inputType('DeleteActionInput', {
    description: 'Names the action to delete in the working copy.',
    fields: (t) => ({
      id: t.id({ required: true, description: about.id }),
      revision: t.int({ required: true, description: about.revision }),
    }),
  })
  .validate(switchSchema)

export const PauseActionInput = builder
  .inputType('PauseActionInput', {
    description: 'Names the action to pause.',
    fields: (t) => ({ id: t.id({ required: true, description: about.id }) }),
  })
  .validate(z.object({ id: globalId('Action') }))

export const PrepareActionInput = builder
  .inputType('PrepareActionInput', {
    description: 'Names the action to prepare.',
    fields: (t) => ({
      id: t.id({ required: true, description: about.id }),
      repeatUnknown: t.boolean({
        required: true,
        defaultValue: false,
        description:
          'Whether to ask the vendor again where nobody knows what became of the last time. It may then be there twice.',
      }),
    }),
  })
  .validate(z.object({ id: globalId('Action'), repeatUnknown: z.boolean() }))

export const ResumeActionInput = builder
  .inputType('ResumeActionInput', {
    description: 'Names the action to resume.',
    fields: (t) => ({ id: t.id({ required: true, description: about.id }) }),
  })
  .validate(z.object({ id: globalId('Action') }))

export const ResumeConnectorInput = builder
  .inputType('ResumeConnectorInput', {
    description: 'Names the connector whose actions go on.',
    fields: (t) => ({ id: t.id({ required: true, description: 'The connector.' }) }),
  })
  .validate(z.object({ id: globalId('Connector') }))

export const ChangeActionTypeInput = builder
  .inputType('ChangeActionTypeInput', {
    description: 'Gives an action another type.',
    fields: (t) => ({
      id: t.id({ required: true, description: about.id }),
      revision: t.int({ required: true, description: about.revision }),
      type: t.string({ required: true, description: about.type }),
    }),
  })
  .validate(z.object({ id: globalId('Action'), revision: z.int(), type: needed.type }))

export const SendSampleInput = builder
  .inputType('SendSampleInput', {
    description: 'Names an action and a row of its data source.',
    fields: (t) => ({
      id: t.id({ required: true, description: about.id }),
      key: t.stringList({
        required: true,
        description: "The row's values of the key columns, in their order, as a dry run shows them.",
      }),
    }),
  })
  .validate(
    z.object({ id: globalId('Action'), key: z.array(z.string().max(maxKeyLength)).max(maxKeyColumns) }),
  )
