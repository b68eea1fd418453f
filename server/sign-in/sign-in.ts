/** People sign in by e-mail and password, or at an identity provider (OIDC). */
import type { UserSessions } from '../access/identify.ts'
import { answerOf } from './answer.ts'
import type { AuthDeps, createAuth } from './better-auth.ts'
import { cookiePrefix, isFromPageOf, type PublicAddress } from './public-address.ts'

interface Deps extends Omit<AuthDeps, 'address'> {
  /** Asked late, because a free port is known only once the server listens. */
  readonly address: () => PublicAddress
}

export interface SignIn extends UserSessions {
  /** Answers a request to a path below /auth. */
  answer(request: Request, clientAddress: string): Promise<Response>
}

export function createSignIn(deps: Deps): SignIn {
  let made: Promise<ReturnType<typeof createAuth>> | undefined
  // The library is a quarter of all that a server would load at its start, and many are only asked with tokens.
  const auth = () => {
    made ??= import('./better-auth.ts').then((library) =>
      library.createAuth({ ...deps, address: deps.address() }),
    )
    return made
  }
  return {
    answer: (request, clientAddress) =>
      answerOf(async (asked) => (await auth()).handler(asked), request, clientAddress),
    isClaimed: ({ cookie }) => cookie?.includes(`${cookiePrefix(deps.address())}.session_token=`) ?? false,
    isFromOwnPage: (marks) => isFromPageOf(deps.address(), marks),
    async findUser(cookie) {
      const { api } = await auth()
      const found = await api.getSession({
        headers: new Headers({ cookie }),
        // A page prolongs its session at /auth/get-session: reading the API writes nothing.
        query: { disableRefresh: true },
      })
      return found === null ? undefined : { id: found.user.id, name: found.user.name }
    },
  }
}
