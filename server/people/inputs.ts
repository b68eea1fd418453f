/** The inputs of the mutations on people, and their limits. */
import { z } from 'zod'
import { roles } from '../access/rules.ts'
import { RoleRef } from '../access/types.ts'
import { builder } from '../graphql/builder.ts'
import { globalId } from '../graphql/global-id.ts'
import { emailSchema } from './rules.ts'

const longestToken = 100

export const InviteMemberInput = builder
  .inputType('InviteMemberInput', {
    description: 'Somebody to invite.',
    fields: (t) => ({
      workspaceId: t.id({ required: true, description: 'The workspace.' }),
      email: t.string({ required: true, description: 'The e-mail address of the person.' }),
      role: t.field({ type: RoleRef, required: true, description: 'What the person may do.' }),
    }),
  })
  .validate(z.object({ workspaceId: globalId('Workspace'), email: emailSchema, role: z.enum(roles) }))

export const RevokeInvitationInput = builder
  .inputType('RevokeInvitationInput', {
    description: 'Names an invitation to withdraw.',
    fields: (t) => ({ id: t.id({ required: true, description: 'The invitation.' }) }),
  })
  .validate(z.object({ id: globalId('Invitation') }))

export const AcceptInvitationInput = builder
  .inputType('AcceptInvitationInput', {
    description: 'An invitation that the person who is signed in takes.',
    fields: (t) => ({
      token: t.string({ required: true, description: 'As `inviteMember` returned it.' }),
    }),
  })
  .validate(z.object({ token: z.string().trim().max(longestToken) }))

export const ChangeMemberRoleInput = builder
  .inputType('ChangeMemberRoleInput', {
    description: 'Another role for a member.',
    fields: (t) => ({
      id: t.id({ required: true, description: 'The member.' }),
      role: t.field({ type: RoleRef, required: true, description: 'The new role.' }),
    }),
  })
  .validate(z.object({ id: globalId('Member'), role: z.enum(roles) }))

export const RemoveMemberInput = builder
  .inputType('RemoveMemberInput', {
    description: 'Names a member to take out.',
    fields: (t) => ({ id: t.id({ required: true, description: 'The member.' }) }),
  })
  .validate(z.object({ id: globalId('Member') }))

export const IssuePasswordResetInput = builder
  .inputType('IssuePasswordResetInput', {
    description: 'Somebody who has forgotten the password.',
    fields: (t) => ({
      email: t.string({ required: true, description: 'The e-mail address that the person signs in with.' }),
    }),
  })
  .validate(z.object({ email: emailSchema }))

export const DeletePersonInput = builder
  .inputType('DeletePersonInput', {
    description: 'Somebody to delete.',
    fields: (t) => ({
      email: t.string({ required: true, description: 'The e-mail address that the person signs in with.' }),
    }),
  })
  .validate(z.object({ email: emailSchema }))
