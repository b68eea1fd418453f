/** The inputs of the label mutations. */
import { z } from 'zod'
import { builder } from '../graphql/builder.ts'
import { globalId } from '../graphql/global-id.ts'
import { mostNamed } from '../workspaces/rules.ts'

const about = {
  id: 'The label.',
  revision: 'Its revision when it was read.',
  name: 'Its name, unique in the workspace: unaccented letters, digits and underscores, at most 50.',
  colour: 'Its colour as # and six hexadecimal digits, for example #1a7f37.',
} as const

/** Each is put on record by itself. */
const mostLabels = 20

/** Of the mutations that put labels on things and take them off. */
export const labelIdsDescription = `Labels of the same workspace, from 1 to ${mostLabels}.`
export const labelIdsSchema = z.array(globalId('Label')).min(1).max(mostLabels)

const named = { id: globalId('Label'), revision: z.int() }

export const CreateLabelInput = builder
  .inputType('CreateLabelInput', {
    description: 'A new label.',
    fields: (t) => ({
      workspaceId: t.id({ required: true, description: 'The workspace it is for.' }),
      name: t.string({ required: true, description: about.name }),
      colour: t.string({ required: true, description: about.colour }),
    }),
  })
  .validate(
    z.object({ workspaceId: globalId('Workspace'), name: z.string().trim(), colour: z.string().trim() }),
  )

export const RenameLabelInput = builder
  .inputType('RenameLabelInput', {
    description: 'A new name for a label.',
    fields: (t) => ({
      id: t.id({ required: true, description: about.id }),
      revision: t.int({ required: true, description: about.revision }),
      name: t.string({ required: true, description: about.name }),
    }),
  })
  .validate(z.object({ ...named, name: z.string().trim() }))

export const RecolourLabelInput = builder
  .inputType('RecolourLabelInput', {
    description: 'A new colour for a label.',
    fields: (t) => ({
      id: t.id({ required: true, description: about.id }),
      revision: t.int({ required: true, description: about.revision }),
      colour: t.string({ required: true, description: about.colour }),
    }),
  })
  .validate(z.object({ ...named, colour: z.string().trim() }))

export const MergeLabelsInput = builder
  .inputType('MergeLabelsInput', {
    description: 'Labels that become one.',
    fields: (t) => ({
      id: t.id({ required: true, description: 'The label that stays.' }),
      revision: t.int({ required: true, description: about.revision }),
      otherIds: t.idList({
        required: true,
        description: `The labels that go into it and are deleted, at most ${mostNamed}.`,
      }),
    }),
  })
  .validate(z.object({ ...named, otherIds: z.array(globalId('Label')).min(1).max(mostNamed) }))

export const DeleteLabelInput = builder
  .inputType('DeleteLabelInput', {
    description: 'A label to delete.',
    fields: (t) => ({
      id: t.id({ required: true, description: about.id }),
      revision: t.int({ required: true, description: about.revision }),
    }),
  })
  .validate(z.object(named))
