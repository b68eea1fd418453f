/** Labels in GraphQL. */
import { within } from '../access/rules.ts'
import { builder } from '../graphql/builder.ts'
import { globalId } from '../graphql/global-id.ts'
import { InvalidInput, NameTaken, NotFound, RevisionConflict } from '../problems/rules.ts'
import { WorkspaceRef } from '../workspaces/schema.ts'
import {
  CreateLabelInput,
  DeleteLabelInput,
  MergeLabelsInput,
  RecolourLabelInput,
  RenameLabelInput,
} from './inputs.ts'
import { createLabel, deleteLabel, mergeLabels, recolourLabel, renameLabel } from './service.ts'

export const LabelRef = builder.prismaNode('Label', {
  id: { field: 'id', description: 'Its id.' },
  findUnique: (id, { access }) => ({ id, ...within(access) }),
  nullable: true,
  fields: (t) => ({
    workspace: t.relation('workspace', { description: 'The workspace it belongs to.' }),
    name: t.exposeString('name'),
    colour: t.exposeString('colour'),
    revision: t.exposeInt('revision'),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was created.' }),
    updatedAt: t.expose('updatedAt', { type: 'DateTime', description: 'When it was last changed.' }),
  }),
})

builder.prismaObjectField(WorkspaceRef, 'labels', (t) =>
  t.relation('labels', { description: 'Its labels, by name.', query: { orderBy: { name: 'asc' } } }),
)

builder.queryField('label', (t) =>
  t.prismaField({
    type: LabelRef,
    nullable: true,
    description: 'A label by its id; null when there is none, or the token does not cover it.',
    args: { id: t.arg.id({ required: true, description: 'The label.' }).validate(globalId('Label')) },
    resolve: (query, _root, { id }, { db, access }) =>
      db.label.findUnique({ ...query, where: { id, ...within(access) } }),
  }),
)

builder.mutationFields((t) => ({
  createLabel: t.prismaField({
    type: LabelRef,
    description: 'Creates a label. Labels act at once: they are not part of versions.',
    errors: { types: [InvalidInput, NotFound, NameTaken] },
    args: { input: t.arg({ type: CreateLabelInput, required: true, description: 'The label.' }) },
    resolve: async (query, _root, { input }, context) => {
      const id = await createLabel(context, input)
      return context.db.label.findUniqueOrThrow({ ...query, where: { id } })
    },
  }),
  renameLabel: t.prismaField({
    type: LabelRef,
    description: 'Gives a label another name, wherever it is used.',
    errors: { types: [InvalidInput, NotFound, NameTaken, RevisionConflict] },
    args: { input: t.arg({ type: RenameLabelInput, required: true, description: 'The name.' }) },
    resolve: async (query, _root, { input }, context) => {
      const id = await renameLabel(context, input)
      return context.db.label.findUniqueOrThrow({ ...query, where: { id } })
    },
  }),
  recolourLabel: t.prismaField({
    type: LabelRef,
    description: 'Gives a label another colour, wherever it is used.',
    errors: { types: [InvalidInput, NotFound, RevisionConflict] },
    args: { input: t.arg({ type: RecolourLabelInput, required: true, description: 'The colour.' }) },
    resolve: async (query, _root, { input }, context) => {
      const id = await recolourLabel(context, input)
      return context.db.label.findUniqueOrThrow({ ...query, where: { id } })
    },
  }),
  mergeLabels: t.prismaField({
    type: LabelRef,
    description: 'Makes one label of several: what bears any of them bears the one that stays.',
    errors: { types: [InvalidInput, NotFound, RevisionConflict] },
    args: { input: t.arg({ type: MergeLabelsInput, required: true, description: 'The labels.' }) },
    resolve: async (query, _root, { input }, context) => {
      const id = await mergeLabels(context, input)
      return context.db.label.findUniqueOrThrow({ ...query, where: { id } })
    },
  }),
  deleteLabel: t.prismaField({
    type: WorkspaceRef,
    description: 'Deletes a label and takes it off everything; returns its workspace.',
    errors: { types: [InvalidInput, NotFound, RevisionConflict] },
    args: { input: t.arg({ type: DeleteLabelInput, required: true, description: 'Which one.' }) },
    resolve: async (query, _root, { input }, context) => {
      const id = await deleteLabel(context, input)
      return context.db.workspace.findUniqueOrThrow({ ...query, where: { id } })
    },
  }),
}))
