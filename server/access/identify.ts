/** Decides who a request comes from, from its headers alone: by a token, or by GraphiQL's cookie on loopback. */
import type { BrowserSession } from './browser-session.ts'
import { type Access, ownerAccess, type Refusal, type RequestMarks } from './rules.ts'
import { bearerToken } from './token.ts'

export type Identity =
  | { readonly isKnown: true; readonly access: Access }
  | { readonly isKnown: false; readonly refusal: Refusal }

interface Deps {
  findAccess(token: string): Promise<Access | undefined>
  /** Present where the server listens on loopback only. */
  readonly session: BrowserSession | undefined
}

export type Identify = (marks: RequestMarks) => Promise<Identity>

/** A request that brings a token is judged by the token alone: no page of another site can know it. */
export function createIdentify({ findAccess, session }: Deps): Identify {
  return async (marks) => {
    if (marks.authorization !== null) {
      const token = bearerToken(marks.authorization)
      const access = token === undefined ? undefined : await findAccess(token)
      return access === undefined ? refuse(wrongToken) : { isKnown: true, access }
    }
    if (session === undefined || !session.isClaimed(marks)) return refuse(noToken)
    const refusal = session.refusalOf(marks)
    return refusal === undefined ? { isKnown: true, access: ownerAccess } : refuse(refusal)
  }
}

const howTo =
  'Send the header "Authorization: Bearer <token>"; the owner\'s token stands in the file "token" of the data folder.'

const noToken: Refusal = {
  status: 401,
  code: 'unauthenticated',
  message: `This API asks for a token. ${howTo}`,
}

const wrongToken: Refusal = {
  status: 401,
  code: 'unauthenticated',
  message: `This token is not known here. ${howTo}`,
}

function refuse(refusal: Refusal): Identity {
  return { isKnown: false, refusal }
}
