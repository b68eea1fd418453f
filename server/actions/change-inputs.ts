/** The inputs of what is done with actions beside editing them: alone, or with several at once. */
import { z } from 'zod'
import { builder } from '../graphql/builder.ts'
import { globalId } from '../graphql/global-id.ts'
import { labelIdsDescription, labelIdsSchema } from '../labels/inputs.ts'
import { givenOnly } from '../workspaces/given.ts'
import { mostNamed } from '../workspaces/rules.ts'
import { type CopyMode, copyModes } from './copied-mappings.ts'

const about = {
  id: 'The action.',
  revision: 'Its revision when it was read.',
  actions: `The actions, all of one workspace, from 1 to ${mostNamed}.`,
} as const

const ActionRevisionInput = builder.inputType('ActionRevisionInput', {
  description: 'Names one of several actions.',
  fields: (t) => ({
    id: t.id({ required: true, description: about.id }),
    revision: t.int({ required: true, description: about.revision }),
  }),
})

const named = z.object({ id: globalId('Action'), revision: z.int() })
const several = z.object({ actions: z.array(named).min(1).max(mostNamed) })
const byId = z.object({ actionIds: z.array(globalId('Action')).min(1).max(mostNamed) })

export const ActivateActionsInput = builder
  .inputType('ActivateActionsInput', {
    description: 'Names the actions to activate.',
    fields: (t) => ({
      actions: t.field({ type: [ActionRevisionInput], required: true, description: about.actions }),
    }),
  })
  .validate(several)

export const DeactivateActionsInput = builder
  .inputType('DeactivateActionsInput', {
    description: 'Names the actions to deactivate.',
    fields: (t) => ({
      actions: t.field({ type: [ActionRevisionInput], required: true, description: about.actions }),
    }),
  })
  .validate(several)

export const DeleteActionsInput = builder
  .inputType('DeleteActionsInput', {
    description: 'Names the actions to delete in the working copy.',
    fields: (t) => ({
      actions: t.field({ type: [ActionRevisionInput], required: true, description: about.actions }),
    }),
  })
  .validate(several)

export const PauseActionsInput = builder
  .inputType('PauseActionsInput', {
    description: 'Names the actions to pause.',
    fields: (t) => ({ actionIds: t.idList({ required: true, description: about.actions }) }),
  })
  .validate(byId)

export const ResumeActionsInput = builder
  .inputType('ResumeActionsInput', {
    description: 'Names the actions to resume.',
    fields: (t) => ({ actionIds: t.idList({ required: true, description: about.actions }) }),
  })
  .validate(byId)

export const LabelActionsInput = builder
  .inputType('LabelActionsInput', {
    description: 'Labels to put on actions.',
    fields: (t) => ({
      actionIds: t.idList({ required: true, description: about.actions }),
      labelIds: t.idList({ required: true, description: labelIdsDescription }),
    }),
  })
  .validate(byId.extend({ labelIds: labelIdsSchema }))

export const UnlabelActionsInput = builder
  .inputType('UnlabelActionsInput', {
    description: 'Labels to take off actions.',
    fields: (t) => ({
      actionIds: t.idList({ required: true, description: about.actions }),
      labelIds: t.idList({ required: true, description: labelIdsDescription }),
    }),
  })
  .validate(byId.extend({ labelIds: labelIdsSchema }))

export const DuplicateActionInput = builder
  .inputType('DuplicateActionInput', {
    description: 'An action to copy.',
    fields: (t) => ({
      id: t.id({ required: true, description: about.id }),
      name: t.string({
        description: 'The name of the copy, unique in the workspace. Default: its name with " - copy".',
      }),
    }),
  })
  .validate(z.object({ id: globalId('Action'), name: z.string().trim().nullish() }).transform(givenOnly))

export const CopyModeRef = builder.enumType('CopyMode', {
  description: 'What becomes of mappings that are there already.',
  values: {
    KEEP: { description: 'They stay: only what fills a place that is empty is added.' },
    OVERWRITE: { description: 'All of them are replaced.' },
  } satisfies Record<CopyMode, { readonly description: string }>,
})

export const CopyMappingsInput = builder
  .inputType('CopyMappingsInput', {
    description: 'Mappings to copy from an action to others.',
    fields: (t) => ({
      fromId: t.id({ required: true, description: 'The action whose mappings are copied.' }),
      actions: t.field({
        type: [ActionRevisionInput],
        required: true,
        description: `The actions that get them, all of the same workspace, from 1 to ${mostNamed}. They may be of other types and connectors, and read other data sources.`,
      }),
      mode: t.field({
        type: CopyModeRef,
        required: true,
        description: 'What becomes of the mappings that they have.',
      }),
    }),
  })
  .validate(several.extend({ fromId: globalId('Action'), mode: z.enum(copyModes) }))
