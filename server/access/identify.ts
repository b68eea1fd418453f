/** Decides who a request comes from, from its headers alone: by a token, a session's cookie, or GraphiQL's on loopback. */
import { type BrowserSession, foreignOrigin } from './browser-session.ts'
import { type Access, ownerAccess, type Refusal, type RequestMarks } from './rules.ts'
import { bearerToken } from './token.ts'

export type Identity =
  | { readonly isKnown: true; readonly access: Access }
  | { readonly isKnown: false; readonly refusal: Refusal }

export interface SignedInUser {
  readonly id: string
  readonly name: string
}

/** The sessions of people who are signed in. */
export interface UserSessions {
  /** Whether a request tries to use a session's cookie. */
  isClaimed(marks: RequestMarks): boolean
  /** Whether it comes from a page of ours: a cookie alone proves nothing. */
  isFromOwnPage(marks: RequestMarks): boolean
  /** Whose session the cookie is of; undefined when it has ended. */
  findUser(cookie: string): Promise<SignedInUser | undefined>
}

interface Deps {
  findAccess(token: string): Promise<Access | undefined>
  /** Absent where people cannot sign in. */
  readonly userSessions: UserSessions | undefined
  accessOfUser(user: SignedInUser): Promise<Access>
  /** Present where the server listens on loopback only. */
  readonly session: BrowserSession | undefined
}

export type Identify = (marks: RequestMarks) => Promise<Identity>

/** A request that brings a token is judged by the token alone: no page of another site can know it. */
export function createIdentify({ findAccess, accessOfUser, userSessions, session }: Deps): Identify {
  return async (marks) => {
    if (marks.authorization !== null) {
      const token = bearerToken(marks.authorization)
      const access = token === undefined ? undefined : await findAccess(token)
      return access === undefined ? refuse(wrongToken) : { isKnown: true, access }
    }
    const signedIn = await identifySignedIn(marks)
    if (signedIn?.isKnown === true) return signedIn
    if (session === undefined || !session.isClaimed(marks)) return signedIn ?? refuse(noToken)
    const refusal = session.refusalOf(marks)
    return refusal === undefined ? { isKnown: true, access: ownerAccess } : refuse(refusal)
  }

  /** Undefined where the request does not try. */
  async function identifySignedIn(marks: RequestMarks): Promise<Identity | undefined> {
    if (userSessions === undefined || !userSessions.isClaimed(marks)) return undefined
    if (!userSessions.isFromOwnPage(marks)) return refuse(foreignOrigin)
    const user = await userSessions.findUser(marks.cookie ?? '')
    return user === undefined ? refuse(signedOut) : { isKnown: true, access: await accessOfUser(user) }
  }
}

const signedOut: Refusal = {
  status: 401,
  code: 'unauthenticated',
  message: 'The session has ended. Sign in again.',
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
