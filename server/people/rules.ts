/** People of a workspace: what is asked of their names and addresses, and what cannot be done to them. */
import { z } from 'zod'
import { DomainError } from '../problems/rules.ts'

/** How long an invitation can be taken. */
export const invitationDays = 7
/** How long a forgotten password can be set anew. */
export const resetMinutes = 60
/** Members and open invitations of a workspace, together. */
export const mostPeople = 500

const longestEmail = 254

export const emailSchema = z
  .string()
  .trim()
  .toLowerCase()
  .max(longestEmail, `An e-mail address has at most ${longestEmail} characters.`)
  .pipe(z.email('This is not an e-mail address, such as ann@example.com.'))

/** Nobody could manage the workspace any more. */
export class LastAdmin extends DomainError {
  override readonly name = 'LastAdmin'
  readonly code = 'last_admin'
  /** With the names of the workspaces, where it is not one that was named already. */
  constructor(workspaces: readonly string[] = []) {
    const names = workspaces.map((name) => `"${name}"`).join(', ')
    super(
      names === ''
        ? 'This is the last ADMIN of the workspace. Make somebody else an ADMIN first.'
        : `This is the last ADMIN of ${names}. Make somebody else an ADMIN there first, or delete the workspace.`,
    )
  }
}

/** Only a person can do this, not a token. */
export class SignInRequired extends DomainError {
  override readonly name = 'SignInRequired'
  readonly code = 'sign_in_required'
  constructor() {
    super('This is for people: sign in, and ask with the cookie of the session instead of a token.')
  }
}
