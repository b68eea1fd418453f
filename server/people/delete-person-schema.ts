/** Deleting a person in GraphQL, as the owner of the installation does it. */
import { builder } from '../graphql/builder.ts'
import { InvalidInput } from '../problems/rules.ts'
import { NotPermitted } from '../workspaces/rules.ts'
import { WorkspaceRef } from '../workspaces/schema.ts'
import { type DeletedPerson, deletePerson } from './delete-person.ts'
import { DeletePersonInput } from './inputs.ts'
import { LastAdmin } from './rules.ts'

const DeletedPersonRef = builder.objectRef<DeletedPerson>('DeletedPerson').implement({
  description: 'What a person who was deleted belonged to.',
  fields: (t) => ({
    workspaces: t.prismaField({
      type: [WorkspaceRef],
      description: 'The workspaces that the person was a member of, by name.',
      resolve: (query, { workspaceIds }, _args, { db }) =>
        db.workspace.findMany({
          ...query,
          where: { id: { in: [...workspaceIds] } },
          orderBy: { name: 'asc' },
        }),
    }),
  }),
})

builder.mutationField('deletePerson', (t) =>
  t.field({
    type: DeletedPersonRef,
    description:
      'Deletes a person for good: for the owner of the installation. Memberships, the API tokens that the person made, sessions and ways to sign in go at once, also invitations to the address. The record of changes, versions and drafts keep the name of who made them. People delete themselves at `/auth/delete-user`.',
    errors: { types: [InvalidInput, LastAdmin, NotPermitted] },
    args: { input: t.arg({ type: DeletePersonInput, required: true, description: 'Whom.' }) },
    resolve: (_root, { input }, context) => deletePerson(context, input),
  }),
)
