/** Attributes in GraphQL: what columns feed and everything else reads, with where each is used. */
import type { z } from 'zod'
import type { Prisma } from '../../prisma/generated/client/client.ts'
import { within } from '../access/rules.ts'
import { builder } from '../graphql/builder.ts'
import { ProblemRef } from '../graphql/errors.ts'
import { encodeGlobalId, globalId } from '../graphql/global-id.ts'
import { InvalidInput, NameTaken, NotFound, RevisionConflict } from '../problems/rules.ts'
import { AttributeTypeRef } from '../sources/types.ts'
import { WorkspaceRef } from '../workspaces/schema.ts'
import { usesByIds } from './find-uses.ts'
import {
  AttributeFilter,
  attributeFilterSchema,
  CreateAttributeInput,
  DeleteAttributeInput,
  RenameAttributeInput,
  UpdateAttributeInput,
} from './inputs.ts'
import { renameAttribute } from './rename-attribute.ts'
import { AttributeInUse, type AttributeUse, type attributeUsers, TooManyAttributes } from './rules.ts'
import { createAttribute, deleteAttribute, updateAttribute } from './service.ts'

const AttributeUserRef = builder.enumType('AttributeUser', {
  description: 'What kind of thing uses an attribute.',
  values: {
    DATA_SOURCE: { value: 'DataSource', description: 'A column of it feeds the attribute.' },
    SEGMENT: { value: 'Segment', description: 'A condition of it names the attribute.' },
    ACTION: {
      value: 'Action',
      description: 'A mapping, or a variable of its templates, names the attribute.',
    },
    TEMPLATE: { value: 'Template', description: 'It calls the attribute by its own name.' },
  } as const satisfies Record<
    string,
    { readonly value: (typeof attributeUsers)[number]; readonly description: string }
  >,
})

const AttributeUseRef = builder.objectRef<AttributeUse>('AttributeUse').implement({
  description: 'Something in the working copy that feeds or reads an attribute.',
  fields: (t) => ({
    user: t.expose('user', { type: AttributeUserRef, description: 'What kind of thing it is.' }),
    nodeId: t.id({
      description: 'Its id; `node` reads it.',
      resolve: ({ user, id }) => encodeGlobalId(user, id),
    }),
    name: t.exposeString('name', { description: 'Its name.' }),
    column: t.exposeString('column', {
      nullable: true,
      description: 'Of a data source: the column that feeds the attribute.',
    }),
  }),
})

export const AttributeRef = builder.prismaNode('Attribute', {
  id: { field: 'id', description: 'Its id.' },
  findUnique: (id, { access }) => ({ id, ...within(access) }),
  nullable: true,
  fields: (t) => ({
    workspace: t.relation('workspace', { description: 'The workspace it belongs to.' }),
    name: t.exposeString('name', {
      description: 'Its name, unique in the workspace: conditions, mappings and templates name it so.',
    }),
    type: t.expose('type', {
      type: AttributeTypeRef,
      description: 'The kind of its values, whichever column they come from.',
    }),
    notes: t.exposeString('notes'),
    revision: t.exposeInt('revision'),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was created.' }),
    updatedAt: t.expose('updatedAt', { type: 'DateTime', description: 'When it was last changed.' }),
    usedBy: t.loadableList({
      type: AttributeUseRef,
      description:
        'What feeds and reads it in the working copy: it cannot be deleted before there is nothing.',
      load: (ids: string[], { db }) => usesByIds(db, ids),
      resolve: ({ id }) => id,
    }),
  }),
})

builder.prismaObjectFields(WorkspaceRef, (t) => ({
  attributes: t.relatedConnection('attributes', {
    type: AttributeRef,
    cursor: 'id',
    description: 'Its attributes, by name.',
    args: {
      filter: t
        .arg({ type: AttributeFilter, description: 'Default: all of them.' })
        .validate(attributeFilterSchema.nullish()),
    },
    query: ({ filter }) => ({ where: whereOf(filter ?? {}), orderBy: { name: 'asc' } }),
  }),
  attributeCount: t.relationCount('attributes', {
    description: 'How many attributes it has; 500 are the most.',
    args: {
      filter: t
        .arg({ type: AttributeFilter, description: 'Which to count. Default: all of them.' })
        .validate(attributeFilterSchema.nullish()),
    },
    where: ({ filter }) => whereOf(filter ?? {}),
  }),
}))

function whereOf({ search, types }: z.output<typeof attributeFilterSchema>): Prisma.AttributeWhereInput {
  return {
    ...(search !== undefined && { name: { contains: search, mode: 'insensitive' } }),
    ...(types !== undefined && { type: { in: types } }),
  }
}

builder.objectType(AttributeInUse, {
  name: 'AttributeInUse',
  description: 'An attribute cannot go while something in the working copy uses it.',
  interfaces: [ProblemRef],
  fields: (t) => ({
    uses: t.field({ type: [AttributeUseRef], description: 'All of them.', resolve: ({ uses }) => uses }),
  }),
})

builder.objectType(TooManyAttributes, {
  name: 'TooManyAttributes',
  description: 'A workspace cannot have so many attributes.',
  interfaces: [ProblemRef],
  fields: (t) => ({
    limit: t.exposeInt('limit', { description: 'How many a workspace may have.' }),
    total: t.exposeInt('total', { description: 'How many there are.' }),
    wanted: t.exposeInt('wanted', { description: 'How many more were wanted.' }),
  }),
})

builder.queryField('attribute', (t) =>
  t.prismaField({
    type: AttributeRef,
    nullable: true,
    description: 'An attribute by its id; null when there is none, or the token does not cover it.',
    args: { id: t.arg.id({ required: true, description: 'The attribute.' }).validate(globalId('Attribute')) },
    resolve: (query, _root, { id }, { db, access }) =>
      db.attribute.findUnique({ ...query, where: { id, ...within(access) } }),
  }),
)

builder.mutationFields((t) => ({
  createAttribute: t.prismaField({
    type: AttributeRef,
    description:
      'Creates an attribute, to let columns feed it. Those of columns need not be created: a data source brings them.',
    errors: { types: [InvalidInput, NotFound, NameTaken, TooManyAttributes] },
    args: { input: t.arg({ type: CreateAttributeInput, required: true, description: 'The attribute.' }) },
    resolve: async (query, _root, { input }, context) => {
      const id = await createAttribute(context, input)
      return context.db.attribute.findUniqueOrThrow({ ...query, where: { id } })
    },
  }),
  updateAttribute: t.prismaField({
    type: AttributeRef,
    description: 'Changes the notes on an attribute. They are not versioned.',
    errors: { types: [InvalidInput, NotFound, RevisionConflict] },
    args: { input: t.arg({ type: UpdateAttributeInput, required: true, description: 'The changes.' }) },
    resolve: async (query, _root, { input }, context) => {
      const id = await updateAttribute(context, input)
      return context.db.attribute.findUniqueOrThrow({ ...query, where: { id } })
    },
  }),
  renameAttribute: t.prismaField({
    type: AttributeRef,
    description:
      'Renames an attribute in all of the working copy at once: data sources, conditions, mappings, variables. Templates that call it by its name get a variable of that name, and render the same. What runs changes with the next publish.',
    errors: { types: [InvalidInput, NotFound, NameTaken, RevisionConflict] },
    args: { input: t.arg({ type: RenameAttributeInput, required: true, description: 'The new name.' }) },
    resolve: async (query, _root, { input }, context) => {
      const id = await renameAttribute(context, input)
      return context.db.attribute.findUniqueOrThrow({ ...query, where: { id } })
    },
  }),
  deleteAttribute: t.prismaField({
    type: WorkspaceRef,
    description: 'Deletes an attribute that nothing in the working copy uses; returns its workspace.',
    errors: { types: [InvalidInput, NotFound, RevisionConflict, AttributeInUse] },
    args: { input: t.arg({ type: DeleteAttributeInput, required: true, description: 'Which one.' }) },
    resolve: async (query, _root, { input }, context) => {
      const id = await deleteAttribute(context, input)
      return context.db.workspace.findUniqueOrThrow({ ...query, where: { id } })
    },
  }),
}))
