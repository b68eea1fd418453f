/** better-auth on our tables: what it may do, and how often somebody may ask. */
import { type BetterAuthOptions, betterAuth } from 'better-auth'
import { prismaAdapter } from 'better-auth/adapters/prisma'
import { APIError, createAuthMiddleware } from 'better-auth/api'
import { genericOAuth } from 'better-auth/plugins/generic-oauth'
import type { PrismaClient } from '../../prisma/generated/client/client.ts'
import type { Logger } from '../logger.ts'
import { deleteOneself } from '../people/delete-person.ts'
import { takeInvitations } from '../people/invitations.ts'
import { hashReset, recordPasswordReset, resetPrefix } from '../people/password-resets.ts'
import { LastAdmin } from '../people/rules.ts'
import { invitationIn, whyNotAdmitted } from './admit-person.ts'
import { clientAddressHeader } from './answer.ts'
import { cookiePrefix, type PublicAddress } from './public-address.ts'
import { createRateLimit } from './rate-limit.ts'

/** An identity provider. */
export interface OidcSettings {
  readonly issuer: string
  readonly clientId: string
  readonly clientSecret: string
}

export interface AuthDeps {
  readonly db: PrismaClient
  /** Signs cookies. The same on all servers. */
  readonly secret: string
  readonly address: PublicAddress
  readonly oidc: OidcSettings | undefined
  readonly log: Logger
}

const signInPath = '/auth'

/** Guesses from one address, and guesses at one person from many. */
const byAddress = { window: 60, max: 10 }
const byPerson = { window: 15 * 60, max: 10 }
const passwordLength = { minPasswordLength: 12, maxPasswordLength: 128 }

export function createAuth(deps: AuthDeps) {
  const { address, db, secret, oidc } = deps
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
    user: {
      modelName: 'user',
      validateUserInfo: (asked, context) => whyNotAdmitted(db, asked, context),
      // All of it is gone before the library looks: it knows no memberships.
      deleteUser: { enabled: true, beforeDelete: (user) => deleteUnlessLastAdmin(db, user) },
    },
    session: { modelName: 'session' },
    account: {
      modelName: 'signInMethod',
      // Whoever owns the address at the provider need not own the account here: linking takes a session.
      accountLinking: { disableImplicitLinking: true },
    },
    verification: {
      modelName: 'signInState',
      storeIdentifier: {
        default: 'plain',
        overrides: { [resetPrefix]: { hash: async (identifier) => hashReset(identifier) } },
      },
    },
    emailAndPassword: {
      ...{ enabled: true, ...passwordLength },
      revokeSessionsOnPasswordReset: true,
      onPasswordReset: ({ user }) => recordPasswordReset(db, user),
    },
    plugins: oidc === undefined ? [] : [genericOAuth({ config: [providerOf(oidc)] })],
    rateLimit: {
      enabled: true,
      customStorage: { consume },
      window: 60,
      max: 120,
      customRules: {
        ...{ '/sign-in/*': byAddress, '/sign-up/*': byAddress },
        ...{ '/change-password': byAddress, '/reset-password': byAddress, '/delete-user': byAddress },
      },
    },
    hooks: {
      before: createAuthMiddleware(async ({ path, body }) => {
        // Who has the old password may have a session too.
        if (path === '/change-password') return { context: { body: { ...body, revokeOtherSessions: true } } }
        if (path !== '/sign-in/email') return undefined
        const { allowed } = await consume(`person|${String(body?.email).toLowerCase()}`, byPerson)
        if (!allowed) throw new APIError('TOO_MANY_REQUESTS', tooManyGuesses)
        return undefined
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

async function deleteUnlessLastAdmin(db: PrismaClient, user: Parameters<typeof deleteOneself>[1]) {
  try {
    await deleteOneself(db, user)
  } catch (error) {
    if (!(error instanceof LastAdmin)) throw error
    throw new APIError('CONFLICT', { code: error.code, message: error.message })
  }
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
