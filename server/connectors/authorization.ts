/** Lets people allow access at a vendor (OAuth 2 authorization code with PKCE): begins it, and completes it. */
import { createHash, randomBytes } from 'node:crypto'
import type {
  Auth,
  AuthorizationCodeAuth,
  Connector as Definition,
  PublicSettings,
} from '@sluice/connector-sdk'
import type { Account } from '../../engine/sending/account.ts'
import { authOf } from '../../engine/sending/auth-of.ts'
import {
  certificateOf,
  clientOf,
  credentialOf,
  MissingSecretError,
  scopeOf,
  textOf,
  textsOf,
} from '../../engine/sending/credential.ts'
import type { Connector, PendingAuthorization } from '../../prisma/generated/client/client.ts'
import { requireRight, within } from '../access/rules.ts'
import { recordChange } from '../audit/service.ts'
import type { Context } from '../context.ts'
import { InvalidInput, type Issue } from '../problems/rules.ts'
import { requestToken } from '../transport/token-endpoint.ts'
import { sealGrant } from './grants.ts'
import { findConnector, savedAccount, unknownType } from './service.ts'

export interface BeginAuthorization {
  readonly id: string
  readonly redirectUri: string
}

export interface StartedAuthorization {
  readonly url: string
  readonly expiresAt: Date
}

export interface CompleteAuthorization {
  readonly state: string
  readonly code: string
}

/** People log in, read and agree. */
const expectedWithinMs = 15 * 60_000

/** Whether people must allow the access before anything can be sent. Settings that make no address ask for nothing. */
export function needsAuthorization(definition: Definition | undefined, settings: PublicSettings): boolean {
  if (definition === undefined) return false
  try {
    return authorizationOf(authOf({ definition, settings })) !== null
  } catch (error) {
    if (error instanceof Error) return false
    throw error
  }
}

export async function beginAuthorization(
  context: Context,
  { id, redirectUri }: BeginAuthorization,
): Promise<StartedAuthorization> {
  const { db, deps } = context
  const connector = await findConnector(context, id, 'edit')
  const { account, auth } = await authorizable(context, connector)
  const state = randomText()
  const verifier = randomText()
  const url = pageOf(auth, account, {
    response_type: 'code',
    redirect_uri: redirectUri,
    state,
    code_challenge: sha256(verifier).toString('base64url'),
    code_challenge_method: 'S256',
  })
  const { workspaceId } = connector
  const key = await deps.workspaceKeys.of(workspaceId)
  const now = deps.clock()
  const expiresAt = new Date(now.getTime() + expectedWithinMs)
  await db.pendingAuthorization.deleteMany({ where: { expiresAt: { lt: now } } })
  await db.pendingAuthorization.create({
    data: {
      stateHash: sha256(state),
      ...{ workspaceId, connectorId: id, redirectUri, expiresAt },
      verifier: key.seal('verifier', verifier),
    },
  })
  return { url, expiresAt }
}

/** Returns the connector's id. */
export async function completeAuthorization(
  context: Context,
  { code, state }: CompleteAuthorization,
): Promise<string> {
  const { db, deps } = context
  const pending = await takePending(context, state)
  const { connectorId, redirectUri, workspaceId } = pending
  const connector = await findConnector(context, connectorId, 'edit')
  const { account, auth } = await authorizable(context, connector)
  const key = await deps.workspaceKeys.of(workspaceId)
  const now = () => deps.clock().getTime()
  const grant = {
    grant_type: 'authorization_code',
    code,
    redirect_uri: redirectUri,
    code_verifier: key.open('verifier', pending.verifier),
  }
  const { client, audience } = reading(() => grantedTo(auth, account))
  const certificate = reading(() => certificateOf(authOf(account), account))
  const question = { parameters: grant }
  const answer = await requestToken({ transport: deps.transport, now }, client, question, certificate)
  if (answer.kind !== 'tokens') {
    throw new InvalidInput([notGranted(answer.kind === 'refused' ? 'authorization_refused' : answer.code)])
  }
  const sealed = sealGrant(key, answer, audience, now())
  await db.$transaction(async (tx) => {
    await tx.connectorGrant.upsert({
      where: { connectorId },
      create: { connectorId, workspaceId, sealed },
      update: { sealed, version: { increment: 1 } },
    })
    await recordChange(tx, context, {
      workspaceId,
      verb: 'completeAuthorization',
      entity: 'Connector',
      entityId: connectorId,
    })
  })
  return connectorId
}

/** A state works once, and for a while: of two who bring it, one gets it. */
async function takePending({ access, db, deps }: Context, state: string): Promise<PendingAuthorization> {
  const where = { stateHash: sha256(state), ...within(access) }
  const pending = await db.pendingAuthorization.findUnique({ where })
  // Before it is used up: it stays good for who may complete it.
  if (pending !== null) requireRight(access, pending.workspaceId, 'edit')
  const { count } = await db.pendingAuthorization.deleteMany({ where })
  if (pending === null || count === 0 || pending.expiresAt < deps.clock()) {
    throw new InvalidInput([unknownState])
  }
  return pending
}

async function authorizable(
  context: Context,
  connector: Connector,
): Promise<{ readonly account: Account; readonly auth: AuthorizationCodeAuth }> {
  const { id: connectorId, type, workspaceId } = connector
  const definition = context.deps.registry.connector(type)?.definition
  if (definition === undefined) throw new InvalidInput([unknownType(context, type)])
  const saved = await savedAccount(context, connector)
  const { settings } = saved
  const auth = reading(() => authorizationOf(authOf({ definition, settings })))
  if (auth === null) throw new InvalidInput([notApplicable])
  return { account: { definition, ...saved, owner: { workspaceId, connectorId } }, auth }
}

function authorizationOf(auth: Auth): AuthorizationCodeAuth | null {
  if (auth.kind === 'mutual-tls') return auth.auth === undefined ? null : authorizationOf(auth.auth)
  return auth.kind === 'authorization-code' ? auth : null
}

function pageOf(
  auth: AuthorizationCodeAuth,
  account: Account,
  parameters: Readonly<Record<string, string>>,
): string {
  return reading(() => {
    const { clientId } = clientOf(auth, account)
    const url = new URL(textOf(auth.authorizationUrl, account))
    const all = { ...textsOf(auth.parameters, account), ...scopeOf(auth), ...parameters, client_id: clientId }
    for (const [name, value] of Object.entries(all)) url.searchParams.set(name, value)
    return url.toString()
  })
}

function grantedTo(auth: AuthorizationCodeAuth, account: Account) {
  const credential = credentialOf(auth, account)
  if (credential?.kind !== 'authorization-code') throw new TypeError('An authorization code makes a grant.')
  return credential
}

/** What the connector's own code throws may hold values, and is about its settings. */
function reading<Result>(read: () => Result): Result {
  try {
    return read()
  } catch (error) {
    throw new InvalidInput([error instanceof MissingSecretError ? secretMissing : noAddress])
  }
}

function randomText(): string {
  return randomBytes(32).toString('base64url')
}

function sha256(text: string): Buffer<ArrayBuffer> {
  return createHash('sha256').update(text).digest() as Buffer<ArrayBuffer>
}

const unknownState: Issue = {
  path: ['state'],
  code: 'authorization_state_unknown',
  message: 'This state is unknown, was used before, or has expired. Begin anew with beginAuthorization.',
}

const notApplicable: Issue = {
  path: ['id'],
  code: 'not_applicable',
  message: 'This connector needs nobody to allow the access. Its settings are enough.',
}

const secretMissing: Issue = {
  path: ['id'],
  code: 'secret_missing',
  message: 'The client id or its secret is not set. Complete the settings of the connector first.',
}

const noAddress: Issue = {
  path: ['id'],
  code: 'invalid_address',
  message: 'The settings do not make the addresses at which access is allowed. Check them.',
}

function notGranted(code: string): Issue {
  const message =
    'The vendor gave no token for this code. Begin anew with beginAuthorization; if it stays so, check the client id, its secret and the redirect URI.'
  return { path: ['code'], code, message }
}
