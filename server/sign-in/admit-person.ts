/** Who may become a user: nobody unasked. */
import type { BetterAuthOptions } from 'better-auth'
import type { PrismaClient } from '../../prisma/generated/client/client.ts'
import { invitationFor } from '../people/invitations.ts'
import { nameSchema } from '../workspaces/rules.ts'

type ValidateUser = NonNullable<NonNullable<BetterAuthOptions['user']>['validateUserInfo']>
type Asked = Parameters<ValidateUser>[0]

/** A password takes the invitation's token, a provider an address that it vouches for. */
export async function whyNotAdmitted(db: PrismaClient, { user, source }: Asked, context: unknown) {
  if (source.action !== 'create-user') return undefined
  if (!nameSchema.safeParse(user.name).success) return badName
  const { email } = user
  const token = invitationIn(context)
  const isProven = source.method === 'oauth' ? user.emailVerified === true : token !== undefined
  const invitation =
    email !== undefined && isProven
      ? await invitationFor(db, source.method === 'oauth' ? { email } : { email, token: token ?? '' })
      : null
  return invitation === null ? notInvited : undefined
}

/** The invitation's token of a sign-up by password. */
export function invitationIn(context: unknown): string | undefined {
  const { body } = (context ?? {}) as { readonly body?: { readonly invitation?: unknown } }
  return typeof body?.invitation === 'string' ? body.invitation : undefined
}

const notInvited = {
  error: 'not_invited',
  errorDescription:
    'Sign-up takes an invitation to this e-mail address that is still open. Ask an ADMIN of the workspace for one.',
}

const badName = {
  error: 'invalid_name',
  errorDescription: 'Give a name of 1 to 200 characters, without line breaks.',
}
