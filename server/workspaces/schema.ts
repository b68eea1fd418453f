/** Workspaces in GraphQL. */
import { z } from 'zod'
import { coveredIds, covers } from '../access/rules.ts'
import { builder } from '../graphql/builder.ts'
import { ProblemRef } from '../graphql/errors.ts'
import { globalId } from '../graphql/global-id.ts'
import { InvalidInput, NameTaken, NotFound, RevisionConflict } from '../problems/rules.ts'
import { NotPermitted } from './rules.ts'
import { createWorkspace, renameWorkspace } from './service.ts'

export const WorkspaceRef = builder.prismaNode('Workspace', {
  id: { field: 'id', description: 'Its id.' },
  findUnique: (id, { access }) => (covers(access, id) ? { id } : { id, NOT: { id } }),
  nullable: true,
  fields: (t) => ({
    name: t.exposeString('name'),
    revision: t.exposeInt('revision'),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was created.' }),
    updatedAt: t.expose('updatedAt', { type: 'DateTime', description: 'When it was last changed.' }),
  }),
})

builder.objectType(NotPermitted, {
  name: 'NotPermitted',
  description: 'What is asked is for the owner of the installation.',
  interfaces: [ProblemRef],
})

builder.queryFields((t) => ({
  workspace: t.prismaField({
    type: WorkspaceRef,
    nullable: true,
    description: 'A workspace by its id; null when there is none, or the token does not cover it.',
    args: {
      id: t.arg.id({ required: true, description: 'The workspace.' }).validate(globalId('Workspace')),
    },
    resolve: (query, _root, { id }, { db, access }) =>
      covers(access, id) ? db.workspace.findUnique({ ...query, where: { id } }) : null,
  }),
  workspaces: t.prismaField({
    type: [WorkspaceRef],
    description: 'The workspaces that the token covers, by name.',
    resolve: (query, _root, _args, { db, access }) =>
      db.workspace.findMany({
        ...query,
        where: { id: coveredIds(access) },
        orderBy: { name: 'asc' },
      }),
  }),
}))

const CreateWorkspaceInput = builder
  .inputType('CreateWorkspaceInput', {
    description: 'A new workspace.',
    fields: (t) => ({
      name: t.string({ required: true, description: 'Its name, unique on this installation.' }),
    }),
  })
  .validate(z.object({ name: z.string().trim() }))

const RenameWorkspaceInput = builder
  .inputType('RenameWorkspaceInput', {
    description: 'A new name for a workspace.',
    fields: (t) => ({
      id: t.id({ required: true, description: 'The workspace.' }),
      revision: t.int({ required: true, description: 'Its revision when it was read.' }),
      name: t.string({ required: true, description: 'Its new name, unique on this installation.' }),
    }),
  })
  .validate(z.object({ id: globalId('Workspace'), revision: z.int(), name: z.string().trim() }))

builder.mutationFields((t) => ({
  createWorkspace: t.prismaField({
    type: WorkspaceRef,
    description: 'Creates a workspace with an encryption key of its own.',
    errors: { types: [InvalidInput, NameTaken, NotPermitted] },
    args: { input: t.arg({ type: CreateWorkspaceInput, required: true, description: 'The workspace.' }) },
    resolve: async (query, _root, { input }, context) => {
      const id = await createWorkspace(context, input)
      return context.db.workspace.findUniqueOrThrow({ ...query, where: { id } })
    },
  }),
  renameWorkspace: t.prismaField({
    type: WorkspaceRef,
    description: 'Renames a workspace.',
    errors: { types: [InvalidInput, NotFound, NameTaken, RevisionConflict] },
    args: { input: t.arg({ type: RenameWorkspaceInput, required: true, description: 'The new name.' }) },
    resolve: async (query, _root, { input }, context) => {
      const id = await renameWorkspace(context, input)
      return context.db.workspace.findUniqueOrThrow({ ...query, where: { id } })
    },
  }),
}))
