/** People sign in by e-mail and password, or at an identity provider (OIDC): better-auth on our tables. */
import { type BetterAuthOptions, betterAuth } from 'better-auth'
import { prismaAdapter } from 'better-auth/adapters/prisma'
import { APIError, createAuthMiddleware } from 'better-auth/api'
import { genericOAuth } from 'better-auth/plugins/generic-oauth'
import type { PrismaClient } from '../../prisma/generated/client/client.ts'
import type { UserSessions } from '../access/identify.ts'
import type { Logger } from '../logger.ts'
import { takeInvitations } from '../people/invitations.ts'
import { invitationIn, whyNotAdmitted } from './admit-person.ts'
import { answerOf, clientAddressHeader } from './answer.ts'
import { isFromPageOf, type PublicAddress } from './public-address.ts'
import { createRateLimit } from './rate-limit.ts'

/** An identity provider. */
export interface OidcSettings {
  readonly issuer: string
  readonly clientId: string
  readonly clientSecret: string
}

interface Deps {
  readonly db: PrismaClient
  /** Signs cookies. The same on all servers. */
  readonly secret: string
  /** Asked late, because a free port is known only once the server listens. */
  readonly address: () => PublicAddress
  readonly oidc: OidcSettings | undefined
  readonly log: Logger
}

export interface SignIn extends UserSessions {
  /** Answers a request to a path below /auth. */
  answer(request: Request, clientAddress: string): Promise<Response>
}

const signInPath = '/auth'

/** Guesses from one address, and guesses at one person from many. */
const byAddress = { window: 60, max: 10 }
const byPerson = { window: 15 * 60, max: 10 }
const passwordLength = { minPasswordLength: 12, maxPasswordLength: 128 }

export function createSignIn(deps: Deps): SignIn {
  let made: ReturnType<typeof createAuth> | undefined
  const auth = () => {
    made ??= createAuth(deps)
    return made
  }
  return {
    answer: (request, clientAddress) => answerOf(auth().handler, request, clientAddress),
    isClaimed: ({ cookie }) => cookie?.includes(`${cookiePrefix(deps.address())}.session_token=`) ?? false,
    isFromOwnPage: (marks) => isFromPageOf(deps.address(), marks),
    async findUser(cookie) {
      const found = await auth().api.getSession({
        headers: new Headers({ cookie }),
        // A page prolongs its session at /auth/get-session: reading the API writes nothing.
        query: { disableRefresh: true },
      })
      return found === null ? undefined : { id: found.user.id, name: found.user.name }
    },
  }
}

/** Cookies don't tell ports apart: two installations on one machine need two names. */
function cookiePrefix({ url }: PublicAddress): string {
  const { port } = new URL(url)
  return port === '' ? 'sluice' : `sluice_${port}`
}

function createAuth(deps: Deps) {
  const { db, secret, oidc } = deps
  const address = deps.address()
  const consume = createRateLimit({ db, secret })
  return betterAuth({
    appName: 'Sluice',
    baseURL: address.url,
    basePath: signInPath,
    secret,
    trustedOrigins: [...address.origins],
    telemetry: { enabled: false },
    logger: loggerTo(deps.log),
    database: prismaAdapter(db, { provider: 'postgresql', transaction: true }),
    user: { modelName: 'user', validateUserInfo: (asked, context) => whyNotAdmitted(db, asked, context) },
    session: { modelName: 'session' },
    account: {
      modelName: 'signInMethod',
      // Whoever owns the address at the provider need not own the account here: linking takes a session.
      accountLinking: { disableImplicitLinking: true },
    },
    verification: { modelName: 'signInState' },
    emailAndPassword: { enabled: true, ...passwordLength },
    plugins: oidc === undefined ? [] : [genericOAuth({ config: [providerOf(oidc)] })],
    rateLimit: {
      enabled: true,
      customStorage: { consume },
      window: 60,
      max: 120,
      customRules: { '/sign-in/*': byAddress, '/sign-up/*': byAddress, '/change-password': byAddress },
    },
    hooks: {
      before: createAuthMiddleware(async ({ path, body }) => {
        if (path !== '/sign-in/email') return
        const { allowed } = await consume(`person|${String(body?.email).toLowerCase()}`, byPerson)
        if (!allowed) throw new APIError('TOO_MANY_REQUESTS', tooManyGuesses)
      }),
    },
    databaseHooks: {
      user: { create: { after: async (user, context) => takeInvitations(db, user, invitationIn(context)) } },
      // Nobody asks for them, so they are not kept.
      session: { create: { before: async () => ({ data: { ipAddress: null, userAgent: null } }) } },
      account: {
        create: { before: async () => ({ data: noTokens }) },
        update: { before: async () => ({ data: noTokens }) },
      },
    },
    advanced: {
      cookiePrefix: cookiePrefix(address),
      database: { generateId: false },
      ipAddress: { ipAddressHeaders: [clientAddressHeader] },
      // Its default is off while tests run, and a test of it would prove nothing.
      disableOriginCheck: false,
      disableCSRFCheck: false,
    },
  })
}

function providerOf({ issuer, clientId, clientSecret }: OidcSettings) {
  return {
    providerId: 'oidc',
    clientId,
    clientSecret,
    discoveryUrl: `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`,
    requireIdTokenVerification: true,
    scopes: ['openid', 'email', 'profile'],
  }
}

const noTokens = {
  accessToken: null,
  refreshToken: null,
  idToken: null,
  accessTokenExpiresAt: null,
  refreshTokenExpiresAt: null,
}

const tooManyGuesses = {
  code: 'too_many_requests',
  message:
    'There were too many attempts to sign in with this e-mail address. Try again in a quarter of an hour.',
}

/** What users did wrong is in the answers, and names them; what the library itself fails at is for operators. */
function loggerTo(log: Logger): NonNullable<BetterAuthOptions['logger']> {
  return {
    log(_level, _message, ...details) {
      const err: unknown = details.find((detail) => detail instanceof Error)
      if (err !== undefined) log.error({ err }, 'Sign-in failed unexpectedly')
    },
  }
}
