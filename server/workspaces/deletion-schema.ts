/** Deleting a workspace in GraphQL, and the proof that it was. */
import { z } from 'zod'
import { WorkflowsUnavailable } from '../actions/rules.ts'
import { builder } from '../graphql/builder.ts'
import { globalId } from '../graphql/global-id.ts'
import { InvalidInput, NotFound } from '../problems/rules.ts'
import { deleteWorkspace } from './delete-workspace.ts'
import { fingerprintOf } from './deleted-workspaces.ts'
import { NotPermitted } from './rules.ts'
import { WorkspaceRef } from './schema.ts'

builder.prismaObjectFields(WorkspaceRef, (t) => ({
  keyFingerprint: t.string({
    description:
      'By it its encryption key can be told from others, before and after it is destroyed. Nothing else follows from it.',
    select: { id: true, wrappedKey: true },
    resolve: ({ id, wrappedKey }, _args, { deps }) => {
      if (wrappedKey === null) throw new NotFound('Workspace', id)
      return hex(fingerprintOf(deps.keyring.unwrap(wrappedKey)))
    },
  }),
}))

const DeletedWorkspaceRef = builder.prismaNode('DeletedWorkspace', {
  id: { field: 'id', description: 'Its id.' },
  // Whoever knows the id may see the proof: who had been a member is none any more.
  findUnique: (id) => ({ id }),
  nullable: true,
  fields: (t) => ({
    keyFingerprint: t.string({
      description:
        'The fingerprint of the key that was destroyed: as `Workspace.keyFingerprint` had shown it.',
      select: { keyFingerprint: true },
      resolve: ({ keyFingerprint }) => hex(keyFingerprint),
    }),
    keyDestroyedAt: t.expose('keyDestroyedAt', {
      type: 'DateTime',
      description: 'Since when nothing that was sealed under its key can be read.',
    }),
    rowsGoneAt: t.expose('rowsGoneAt', { type: 'DateTime', nullable: true }),
  }),
})

const DeleteWorkspaceInput = builder
  .inputType('DeleteWorkspaceInput', {
    description: 'The workspace to delete, named twice.',
    fields: (t) => ({
      id: t.id({ required: true, description: 'The workspace.' }),
      name: t.string({
        required: true,
        description: 'Its name, exactly: so that nobody deletes the wrong one.',
      }),
    }),
  })
  .validate(z.object({ id: globalId('Workspace'), name: z.string().max(1_000) }))

builder.mutationField('deleteWorkspace', (t) =>
  t.prismaField({
    type: DeletedWorkspaceRef,
    description:
      'Deletes a workspace for good. Its key is destroyed at once, and with it all that was sealed under it; nothing of it can be asked for or is delivered any more. A worker then deletes its rows.',
    errors: { types: [InvalidInput, NotFound, WorkflowsUnavailable] },
    args: { input: t.arg({ type: DeleteWorkspaceInput, required: true, description: 'Which one.' }) },
    resolve: async (query, _root, { input }, context) => {
      const id = await deleteWorkspace(context, input)
      return context.db.deletedWorkspace.findUniqueOrThrow({ ...query, where: { id } })
    },
  }),
)

builder.queryField('deletedWorkspaces', (t) =>
  t.prismaConnection({
    type: DeletedWorkspaceRef,
    cursor: 'id',
    description: 'The workspaces that were deleted on this installation, newest first: for its owner.',
    resolve: (query, _root, _args, { access, db }) => {
      if (access.kind !== 'installation') throw new NotPermitted()
      return db.deletedWorkspace.findMany({ ...query, orderBy: [{ keyDestroyedAt: 'desc' }, { id: 'asc' }] })
    },
  }),
)

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}
