/** Templates in GraphQL: written, tried on a few rows, and with what an editor shows of them. */
import { z } from 'zod'
import { helperFacts } from '../../engine/templates/helpers.ts'
import { within } from '../access/rules.ts'
import { ActionRef } from '../actions/schema.ts'
import { builder } from '../graphql/builder.ts'
import { ProblemRef } from '../graphql/errors.ts'
import { globalId } from '../graphql/global-id.ts'
import { InvalidInput, NameTaken, NotFound, RevisionConflict } from '../problems/rules.ts'
import { SourceTypeMissing, SourceUnavailable } from '../sources/rules.ts'
import {
  completionsAt,
  type EditedTemplate,
  editTemplate,
  previewTemplate,
  type RenderedRow,
} from './draft.ts'
import {
  CompletionRef,
  HelperRef,
  NameUseRef,
  RecordVariableRef,
  TemplateProblemRef,
  TokenRef,
} from './editor-types.ts'
import {
  CreateTemplateInput,
  DeleteTemplateInput,
  TemplateDraftInput,
  TemplateFormatRef,
  TemplateKindRef,
  UpdateTemplateInput,
} from './inputs.ts'
import { TemplatePlaceRef } from './place-type.ts'
import { storedVariables, TemplateInUse, type TemplateUse } from './rules.ts'
import { createTemplate, deleteTemplate, findTemplatedAction, updateTemplate, usesOf } from './service.ts'

const mostPreviewed = 20

const RenderedRowRef = builder.objectRef<RenderedRow>('RenderedRow').implement({
  description: 'What a template renders for a row. It is read and rendered for this answer and kept nowhere.',
  fields: (t) => ({
    attributes: t.field({
      type: 'JSON',
      description: 'The attributes that the template reads, by name.',
      resolve: ({ record }) => record,
    }),
    text: t.exposeString('text', {
      nullable: true,
      description: 'What it renders, cut after 64 Ki characters; null where it cannot be rendered.',
    }),
    isCut: t.exposeBoolean('isCut', { description: 'Whether the text was cut.' }),
    errorCode: t.string({
      nullable: true,
      description: 'Why it cannot be rendered, for programs; null where it can.',
      resolve: ({ failure }) => failure?.code ?? null,
    }),
    errorMessage: t.string({
      nullable: true,
      description: 'Why it cannot be rendered, for people.',
      resolve: ({ failure }) => failure?.message ?? null,
    }),
    place: t.field({
      type: TemplatePlaceRef,
      nullable: true,
      description: 'Where it failed; null where it did not.',
      resolve: ({ failure }) => failure,
    }),
  }),
})

const TemplatePreviewRef = builder
  .objectRef<{ readonly rows: readonly RenderedRow[] }>('TemplatePreview')
  .implement({
    description: 'What a template renders for a few rows.',
    fields: (t) => ({
      rows: t.field({
        type: [RenderedRowRef],
        description: 'The first rows of the data source, whether they meet the segment or not.',
        resolve: ({ rows }) => rows,
      }),
    }),
  })

const TemplateDraftRef = builder.objectRef<EditedTemplate>('TemplateDraft').implement({
  description: 'A template as it is being written, among the others of its action. Nothing of it is saved.',
  fields: (t) => ({
    tokens: t.field({
      type: [TokenRef],
      description: 'Its pieces, for highlighting: in order, and never one over another.',
      resolve: (edited) => edited.facts().tokens,
    }),
    uses: t.field({
      type: [NameUseRef],
      description: 'Where it names variables that there are.',
      resolve: (edited) => edited.facts().uses,
    }),
    includes: t.stringList({
      description: 'The templates that it includes, directly or not.',
      resolve: (edited) => [...edited.facts().includes],
    }),
    problems: t.field({
      type: [TemplateProblemRef],
      description: 'All errors and warnings of it.',
      resolve: (edited) => edited.facts().problems,
    }),
    variables: t.field({
      type: [RecordVariableRef],
      description: 'The variables that it may name.',
      resolve: ({ variables }) => variables,
    }),
    completions: t.field({
      type: [CompletionRef],
      description: 'What may be written at a place, in the order of the texts; nothing outside of tags.',
      args: {
        offset: t.arg
          .int({ required: true, description: 'The place, in UTF-16 code units from 0.' })
          .validate(z.int().min(0)),
      },
      resolve: (edited, { offset }) => completionsAt(edited, offset),
    }),
    preview: t.field({
      type: TemplatePreviewRef,
      description: 'Renders the first rows of the data source. Nothing is sent or kept.',
      args: {
        limit: t.arg
          .int({ required: true, defaultValue: 5, description: `How many rows, from 1 to ${mostPreviewed}.` })
          .validate(z.int().min(1).max(mostPreviewed)),
      },
      errors: {
        types: [InvalidInput, SourceUnavailable, SourceTypeMissing],
        union: { name: 'TemplatePreviewResult', description: 'The rows, or why they cannot be rendered.' },
      },
      resolve: async (edited, { limit }, context) => ({
        rows: await previewTemplate(context, edited, limit),
      }),
    }),
  }),
})

const TemplateUseRef = builder.objectRef<TemplateUse>('TemplateUse').implement({
  description: 'A place where a template is used.',
  fields: (t) => ({
    parameter: t.exposeString('parameter', {
      nullable: true,
      description: 'The parameter that it fills, with its key; null where a template includes it.',
    }),
    template: t.exposeString('template', {
      nullable: true,
      description: 'The template that includes it, directly or not; null where a mapping takes it.',
    }),
  }),
})

builder.objectType(TemplateInUse, {
  name: 'TemplateInUse',
  description: 'A template can neither go nor get another name while something names it.',
  interfaces: [ProblemRef],
  fields: (t) => ({
    uses: t.field({ type: [TemplateUseRef], description: 'All places.', resolve: ({ uses }) => uses }),
  }),
})

export const TemplateRef = builder.prismaNode('Template', {
  id: { field: 'id', description: 'Its id.' },
  findUnique: (id, { access }) => ({ id, ...within(access) }),
  nullable: true,
  fields: (t) => ({
    action: t.relation('action', { description: 'The action that it belongs to.' }),
    name: t.exposeString('name'),
    kind: t.expose('kind', { type: TemplateKindRef, description: 'What its text becomes.' }),
    format: t.expose('format', {
      type: TemplateFormatRef,
      description: 'Whether what it renders must be JSON.',
    }),
    source: t.exposeString('source'),
    uses: t.field({
      type: [TemplateUseRef],
      description: 'Where it is used. While there are any, it can neither go nor get another name.',
      select: { name: true, actionId: true },
      resolve: async ({ name, actionId }, _args, context) =>
        usesOf(await findTemplatedAction(context, actionId, 'read'), name),
    }),
    draft: t.field({
      type: TemplateDraftRef,
      description: 'It as it is saved, with what an editor shows of it and what it renders.',
      resolve: async ({ actionId, ...template }, _args, context) =>
        editTemplate(await findTemplatedAction(context, actionId, 'read'), template),
    }),
    revision: t.exposeInt('revision'),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was created.' }),
    updatedAt: t.expose('updatedAt', { type: 'DateTime', description: 'When it was last changed.' }),
  }),
})

const TemplateVariableRef = builder
  .objectRef<ReturnType<typeof storedVariables>[number]>('TemplateVariable')
  .implement({
    description: 'A name that an action gives to an attribute in its templates.',
    fields: (t) => ({
      name: t.exposeString('name', { description: 'The name.' }),
      attribute: t.exposeString('attribute', { description: 'The column of the data source.' }),
    }),
  })

builder.prismaObjectFields(ActionRef, (t) => ({
  templates: t.relation('templates', {
    description: 'Its templates, by name.',
    query: { orderBy: { name: 'asc' } },
  }),
  templateVariables: t.field({
    type: [TemplateVariableRef],
    description: 'Names for attributes in its templates, beside the names of the columns.',
    select: { templateVariables: true },
    resolve: ({ templateVariables }) => storedVariables(templateVariables),
  }),
  templateDraft: t.field({
    type: TemplateDraftRef,
    description:
      'A template as it is being written: what an editor shows of it, and what it renders. It takes the place of the saved one of its name. Nothing is saved.',
    args: {
      template: t.arg({ type: TemplateDraftInput, required: true, description: 'The template.' }),
    },
    select: { id: true },
    resolve: async ({ id }, { template }, context) =>
      editTemplate(await findTemplatedAction(context, id, 'read'), template),
  }),
}))

builder.queryFields((t) => ({
  template: t.prismaField({
    type: TemplateRef,
    nullable: true,
    description: 'A template by its id; null when there is none, or the token does not cover it.',
    args: { id: t.arg.id({ required: true, description: 'The template.' }).validate(globalId('Template')) },
    resolve: (query, _root, { id }, { db, access }) =>
      db.template.findUnique({ ...query, where: { id, ...within(access) } }),
  }),
  templateHelpers: t.field({
    type: [HelperRef],
    description: 'All helpers of templates, in the order of their names.',
    resolve: () => helperFacts,
  }),
}))

builder.mutationFields((t) => ({
  createTemplate: t.prismaField({
    type: TemplateRef,
    description:
      'Creates a template of an action. It must compile over the columns of the data source; mappings can then name it.',
    errors: { types: [InvalidInput, NotFound, NameTaken] },
    args: { input: t.arg({ type: CreateTemplateInput, required: true, description: 'The template.' }) },
    resolve: async (query, _root, { input }, context) => {
      const id = await createTemplate(context, input)
      return context.db.template.findUniqueOrThrow({ ...query, where: { id } })
    },
  }),
  updateTemplate: t.prismaField({
    type: TemplateRef,
    description: 'Changes a template in the working copy. What runs changes with the next publish.',
    errors: { types: [InvalidInput, NotFound, NameTaken, RevisionConflict, TemplateInUse] },
    args: { input: t.arg({ type: UpdateTemplateInput, required: true, description: 'The changes.' }) },
    resolve: async (query, _root, { input }, context) => {
      const id = await updateTemplate(context, input)
      return context.db.template.findUniqueOrThrow({ ...query, where: { id } })
    },
  }),
  deleteTemplate: t.prismaField({
    type: ActionRef,
    description:
      'Takes a template out of the working copy, where nothing uses it; returns its action. Published versions keep theirs.',
    errors: { types: [InvalidInput, NotFound, RevisionConflict, TemplateInUse] },
    args: { input: t.arg({ type: DeleteTemplateInput, required: true, description: 'Which one.' }) },
    resolve: async (query, _root, { input }, context) => {
      const id = await deleteTemplate(context, input)
      return context.db.action.findUniqueOrThrow({ ...query, where: { id } })
    },
  }),
}))
