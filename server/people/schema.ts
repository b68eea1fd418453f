/** People of a workspace in GraphQL: members, invitations, and who the caller is. */
import { requireRight, within } from '../access/rules.ts'
import { RoleRef } from '../access/types.ts'
import { builder } from '../graphql/builder.ts'
import { ProblemRef } from '../graphql/errors.ts'
import { InvalidInput, NotFound } from '../problems/rules.ts'
import { WorkspaceRef } from '../workspaces/schema.ts'
import {
  AcceptInvitationInput,
  ChangeMemberRoleInput,
  InviteMemberInput,
  RemoveMemberInput,
  RevokeInvitationInput,
} from './inputs.ts'
import { LastAdmin, SignInRequired } from './rules.ts'
import {
  acceptInvitation,
  type CreatedInvitation,
  changeMemberRole,
  inviteMember,
  removeMember,
  revokeInvitation,
} from './service.ts'

export const MemberRef = builder.prismaNode('Member', {
  id: { field: 'id', description: 'Its id.' },
  findUnique: (id, { access }) => ({ id, ...within(access) }),
  nullable: true,
  fields: (t) => ({
    workspace: t.relation('workspace', { description: 'The workspace.' }),
    name: t.string({
      description: "The person's name.",
      select: { user: { select: { name: true } } },
      resolve: ({ user }) => user.name,
    }),
    email: t.string({
      description: "The person's e-mail address.",
      select: { user: { select: { email: true } } },
      resolve: ({ user }) => user.email,
    }),
    role: t.expose('role', { type: RoleRef, description: 'What the person may do.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'Since when.' }),
  }),
})

const InvitationRef = builder.prismaNode('Invitation', {
  id: { field: 'id', description: 'Its id.' },
  findUnique: (id, { access }) => ({ id, ...within(access, 'administer') }),
  nullable: true,
  fields: (t) => ({
    workspace: t.relation('workspace', { description: 'The workspace.' }),
    email: t.exposeString('email'),
    role: t.expose('role', { type: RoleRef, description: 'What the person will be allowed.' }),
    invitedBy: t.exposeString('invitedBy'),
    expiresAt: t.expose('expiresAt', { type: 'DateTime', description: 'Until when it can be taken.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was first made.' }),
  }),
})

const InvitationsRef = builder.objectRef<{ readonly workspaceId: string }>('Invitations').implement({
  description: 'The invitations of a workspace that nobody has taken yet.',
  fields: (t) => ({
    invitations: t.prismaField({
      type: [InvitationRef],
      description: 'Those that have expired too, by e-mail address.',
      resolve: (query, { workspaceId }, _args, { db }) =>
        db.invitation.findMany({ ...query, where: { workspaceId }, orderBy: { email: 'asc' } }),
    }),
  }),
})

const CreatedInvitationRef = builder.objectRef<CreatedInvitation>('CreatedInvitation').implement({
  description: 'An invitation with its token.',
  fields: (t) => ({
    token: t.exposeString('token', {
      description:
        'Hand it to the person: it signs up at /auth/sign-up/email, or is given to `acceptInvitation`. It is shown this once and kept as a hash.',
    }),
    invitation: t.prismaField({
      type: InvitationRef,
      description: 'The invitation.',
      resolve: (query, { id }, _args, { db }) => db.invitation.findUniqueOrThrow({ ...query, where: { id } }),
    }),
  }),
})

builder.objectType(LastAdmin, {
  name: 'LastAdmin',
  description: 'A workspace keeps at least one ADMIN among its members, once it has one.',
  interfaces: [ProblemRef],
})

builder.objectType(SignInRequired, {
  name: 'SignInRequired',
  description: 'A token cannot do this, only a person who is signed in.',
  interfaces: [ProblemRef],
})

builder.prismaObjectFields(WorkspaceRef, (t) => ({
  members: t.relation('members', {
    description: 'Its members, by name.',
    query: { orderBy: { user: { name: 'asc' } } },
  }),
  invitations: t.field({
    type: InvitationsRef,
    description: 'Its invitations, for ADMINs.',
    errors: {
      union: {
        name: 'WorkspaceInvitationsResult',
        description: 'The invitations, or why they are not shown.',
      },
    },
    resolve: ({ id }, _args, { access }) => {
      requireRight(access, id, 'administer')
      return { workspaceId: id }
    },
  }),
}))

builder.mutationFields((t) => ({
  inviteMember: t.field({
    type: CreatedInvitationRef,
    description:
      'Invites somebody, for 7 days. Sluice sends no mail: hand the token over. Inviting the same address again makes a new token, and the former counts no more.',
    errors: { types: [InvalidInput, NotFound] },
    args: { input: t.arg({ type: InviteMemberInput, required: true, description: 'Whom, as what.' }) },
    resolve: (_root, { input }, context) => inviteMember(context, input),
  }),
  revokeInvitation: t.prismaField({
    type: WorkspaceRef,
    description: 'Withdraws an invitation; returns its workspace.',
    errors: { types: [InvalidInput, NotFound] },
    args: { input: t.arg({ type: RevokeInvitationInput, required: true, description: 'Which one.' }) },
    resolve: async (query, _root, { input }, context) => {
      const id = await revokeInvitation(context, input)
      return context.db.workspace.findUniqueOrThrow({ ...query, where: { id } })
    },
  }),
  acceptInvitation: t.prismaField({
    type: WorkspaceRef,
    description:
      'Makes the person who is signed in a member; returns the workspace. The invitation must be for their e-mail address.',
    errors: { types: [InvalidInput, SignInRequired] },
    args: { input: t.arg({ type: AcceptInvitationInput, required: true, description: 'Which one.' }) },
    resolve: async (query, _root, { input }, context) => {
      const id = await acceptInvitation(context, input)
      return context.db.workspace.findUniqueOrThrow({ ...query, where: { id } })
    },
  }),
  changeMemberRole: t.prismaField({
    type: MemberRef,
    description: 'Gives a member another role, at once. Their tokens never have more rights than they have.',
    errors: { types: [InvalidInput, NotFound, LastAdmin] },
    args: { input: t.arg({ type: ChangeMemberRoleInput, required: true, description: 'Whom, to what.' }) },
    resolve: async (query, _root, { input }, context) => {
      const id = await changeMemberRole(context, input)
      return context.db.member.findUniqueOrThrow({ ...query, where: { id } })
    },
  }),
  removeMember: t.prismaField({
    type: WorkspaceRef,
    description: 'Takes somebody out of a workspace, at once, with the API tokens that they made in it.',
    errors: { types: [InvalidInput, NotFound, LastAdmin] },
    args: { input: t.arg({ type: RemoveMemberInput, required: true, description: 'Whom.' }) },
    resolve: async (query, _root, { input }, context) => {
      const id = await removeMember(context, input)
      return context.db.workspace.findUniqueOrThrow({ ...query, where: { id } })
    },
  }),
}))
