/** The inputs of the template mutations, and of the templates that come with an action. */
import { z } from 'zod'
import { builder } from '../graphql/builder.ts'
import { globalId } from '../graphql/global-id.ts'
import { givenOnly } from '../workspaces/given.ts'
import { type StoredFormat, type StoredKind, storedFormats, storedKinds } from './rules.ts'

export const TemplateKindRef = builder.enumType('TemplateKind', {
  description: "What a template's text becomes. Any of them can be mapped to any parameter.",
  values: {
    HEADER: { description: 'A header: one line.' },
    URL: { description: 'An address up to its "?": one line.' },
    URL_PARAMETERS: { description: 'What stands behind the "?" of an address: one line.' },
    BODY: { description: 'The body of a request.' },
    CUSTOM: { description: 'Any other text.' },
  } satisfies Record<StoredKind, { readonly description: string }>,
})

export const TemplateFormatRef = builder.enumType('TemplateFormat', {
  description: 'Whether what a template renders is checked.',
  values: {
    TEXT: { description: 'Any text.' },
    JSON: {
      description:
        'Must be JSON: a record for which it is none is rejected. Mapped to a group of parameters without a key, such as the events of Braze, it fills all of the group.',
    },
  } satisfies Record<StoredFormat, { readonly description: string }>,
})

const about = {
  id: 'The template.',
  revision: 'Its revision when it was read.',
  actionId: 'The action that it belongs to.',
  name: 'Its name, unique in the action: mappings and other templates name it so.',
  kind: 'What its text becomes. Headers, URLs and their parameters must be one line. Default: CUSTOM.',
  format: 'Whether what it renders must be JSON. Default: TEXT.',
  source: 'The text with its tags, see docs/templates.md.',
} as const

const draft = {
  name: z.string().trim(),
  kind: z.enum(storedKinds).nullish(),
  format: z.enum(storedFormats).nullish(),
  source: z.string(),
}

function withDefaults<
  Draft extends { kind?: StoredKind | null | undefined; format?: StoredFormat | null | undefined },
>(given: Draft) {
  return { ...given, kind: given.kind ?? ('CUSTOM' as const), format: given.format ?? ('TEXT' as const) }
}

const draftSchema = z.object(draft).transform(withDefaults)

export const TemplateDraftInput = builder
  .inputType('TemplateDraftInput', {
    description: 'A template of an action.',
    fields: (t) => ({
      name: t.string({ required: true, description: about.name }),
      kind: t.field({ type: TemplateKindRef, description: about.kind }),
      format: t.field({ type: TemplateFormatRef, description: about.format }),
      source: t.string({ required: true, description: about.source }),
    }),
  })
  .validate(draftSchema)

export const templateDrafts = z.array(draftSchema).nullish()

export const TemplateVariableInput = builder.inputType('TemplateVariableInput', {
  description: 'A name for an attribute in templates.',
  fields: (t) => ({
    name: t.string({
      required: true,
      description:
        'The name. Names with a dot belong together: `items.name` and `items.price` are columns of the table `items`.',
    }),
    attribute: t.string({ required: true, description: 'The column of the data source.' }),
  }),
})

export const CreateTemplateInput = builder
  .inputType('CreateTemplateInput', {
    description: 'A new template.',
    fields: (t) => ({
      actionId: t.id({ required: true, description: about.actionId }),
      name: t.string({ required: true, description: about.name }),
      kind: t.field({ type: TemplateKindRef, description: about.kind }),
      format: t.field({ type: TemplateFormatRef, description: about.format }),
      source: t.string({ required: true, description: about.source }),
    }),
  })
  .validate(z.object({ actionId: globalId('Action'), ...draft }).transform(withDefaults))

export const UpdateTemplateInput = builder
  .inputType('UpdateTemplateInput', {
    description: 'Changes of a template. What is left out stays.',
    fields: (t) => ({
      id: t.id({ required: true, description: about.id }),
      revision: t.int({ required: true, description: about.revision }),
      name: t.string({ description: about.name }),
      kind: t.field({ type: TemplateKindRef, description: about.kind }),
      format: t.field({ type: TemplateFormatRef, description: about.format }),
      source: t.string({ description: about.source }),
    }),
  })
  .validate(
    z
      .object({
        id: globalId('Template'),
        revision: z.int(),
        ...draft,
        name: draft.name.nullish(),
        source: draft.source.nullish(),
      })
      .transform(givenOnly),
  )

export const DeleteTemplateInput = builder
  .inputType('DeleteTemplateInput', {
    description: 'Names the template that goes.',
    fields: (t) => ({
      id: t.id({ required: true, description: about.id }),
      revision: t.int({ required: true, description: about.revision }),
    }),
  })
  .validate(z.object({ id: globalId('Template'), revision: z.int() }))
