/** Forgotten passwords in GraphQL: the owner of the installation issues a token. */
import { builder } from '../graphql/builder.ts'
import { InvalidInput } from '../problems/rules.ts'
import { NotPermitted } from '../workspaces/rules.ts'
import { IssuePasswordResetInput } from './inputs.ts'
import { type IssuedPasswordReset, issuePasswordReset } from './password-resets.ts'

const IssuedPasswordResetRef = builder.objectRef<IssuedPasswordReset>('IssuedPasswordReset').implement({
  description: 'A token with which a person sets a new password.',
  fields: (t) => ({
    token: t.exposeString('token', {
      description:
        'Hand it to the person: `/auth/reset-password` takes it with `newPassword`, once. It is shown this once and kept as a hash.',
    }),
    expiresAt: t.expose('expiresAt', { type: 'DateTime', description: 'Until when it can be used.' }),
  }),
})

builder.mutationField('issuePasswordReset', (t) =>
  t.field({
    type: IssuedPasswordResetRef,
    description:
      'Lets a person who has forgotten the password set a new one, within an hour: for the owner of the installation. Sluice sends no mail: hand the token over, to nobody else. Setting it ends all sessions of the person. Issuing again makes a new token, and the former counts no more.',
    errors: { types: [InvalidInput, NotPermitted] },
    args: { input: t.arg({ type: IssuePasswordResetInput, required: true, description: 'For whom.' }) },
    resolve: (_root, { input }, context) => issuePasswordReset(context, input),
  }),
)
