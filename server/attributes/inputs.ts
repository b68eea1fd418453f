/** The inputs of the attribute mutations, and the filter of the list. */
import { attributeTypes } from '@sluice/connector-sdk'
import { z } from 'zod'
import { builder } from '../graphql/builder.ts'
import { globalId } from '../graphql/global-id.ts'
import { AttributeTypeRef } from '../sources/types.ts'
import { givenOnly } from '../workspaces/given.ts'

const about = {
  id: 'The attribute.',
  revision: 'Its revision when it was read.',
  name: 'Its name, unique in the workspace.',
  notes: 'What people say about it.',
} as const

export const CreateAttributeInput = builder
  .inputType('CreateAttributeInput', {
    description: 'A new attribute, to let columns feed it.',
    fields: (t) => ({
      workspaceId: t.id({ required: true, description: 'The workspace it is for.' }),
      name: t.string({ required: true, description: about.name }),
      type: t.field({ type: AttributeTypeRef, required: true, description: 'The kind of its values.' }),
      notes: t.string({ description: about.notes }),
    }),
  })
  .validate(
    z
      .object({
        workspaceId: globalId('Workspace'),
        name: z.string().trim(),
        type: z.enum(attributeTypes),
        notes: z.string().nullish(),
      })
      .transform(givenOnly),
  )

export const UpdateAttributeInput = builder
  .inputType('UpdateAttributeInput', {
    description: 'Other notes on an attribute.',
    fields: (t) => ({
      id: t.id({ required: true, description: about.id }),
      revision: t.int({ required: true, description: about.revision }),
      notes: t.string({ required: true, description: about.notes }),
    }),
  })
  .validate(z.object({ id: globalId('Attribute'), revision: z.int(), notes: z.string() }))

export const RenameAttributeInput = builder
  .inputType('RenameAttributeInput', {
    description: 'Another name for an attribute.',
    fields: (t) => ({
      id: t.id({ required: true, description: about.id }),
      revision: t.int({ required: true, description: about.revision }),
      name: t.string({ required: true, description: about.name }),
    }),
  })
  .validate(z.object({ id: globalId('Attribute'), revision: z.int(), name: z.string().trim() }))

export const DeleteAttributeInput = builder
  .inputType('DeleteAttributeInput', {
    description: 'Names the attribute to delete.',
    fields: (t) => ({
      id: t.id({ required: true, description: about.id }),
      revision: t.int({ required: true, description: about.revision }),
    }),
  })
  .validate(z.object({ id: globalId('Attribute'), revision: z.int() }))

export const AttributeFilter = builder.inputType('AttributeFilter', {
  description: 'Which attributes to list: those that meet all that is given.',
  fields: (t) => ({
    search: t.string({ description: 'A part of the name, in any case.' }),
    types: t.field({ type: [AttributeTypeRef], description: 'Of one of these types.' }),
  }),
})

const longestSearch = 500

export const attributeFilterSchema = z
  .object({
    search: z.string().max(longestSearch).nullish(),
    types: z.array(z.enum(attributeTypes)).max(attributeTypes.length).nullish(),
  })
  .transform(givenOnly)
