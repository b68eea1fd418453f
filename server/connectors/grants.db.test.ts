/** Tokens that people have allowed, used by several processes at once: a refresh token is never shown twice. */
import { randomBytes } from 'node:crypto'
import { authorizationCode, type RequestPlan } from '@sluice/connector-sdk'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { encodeBody } from '../../engine/sending/body.ts'
import { clientOf } from '../../engine/sending/credential.ts'
import { sendRequest } from '../../engine/sending/send-request.ts'
import { allowed } from '../../test/harness/auth-connectors.ts'
import { createTestDatabase, type TestDatabase } from '../../test/harness/database.ts'
import { useLocalServers } from '../../test/harness/local-server.ts'
import { createTokenVendor } from '../../test/harness/token-vendor.ts'
import { createDatabase, type Database } from '../database.ts'
import { createAuthorize } from '../transport/authorize.ts'
import { createHttpTransport } from '../transport/http-transport.ts'
import { requestToken } from '../transport/token-endpoint.ts'
import { createKeyring } from '../workspaces/keys.ts'
import { createWorkspaceKeys } from '../workspaces/workspace-keys.ts'
import { createGrants, sealGrant } from './grants.ts'

const { closeAfterwards, serve } = useLocalServers()
const client = { clientId: 'client-7', clientSecret: 's3cret' }
const start = Date.UTC(2026, 4, 28, 10)
const plan: RequestPlan = { method: 'POST', path: '/users', parts: [{ item: 0, part: 0, effect: 'append' }] }
const delivered = { kind: 'delivered' }

let testDatabase: TestDatabase
let database: Database
const keyring = createKeyring({ masterKey: randomBytes(32) })
beforeAll(async () => {
  testDatabase = await createTestDatabase()
  database = createDatabase({ url: testDatabase.url, maxConnections: 10 })
})
beforeEach(() => database.db.workspace.deleteMany())
afterAll(async () => {
  await database.close()
  await testDatabase.drop()
})

/** A connector that somebody has just allowed, and processes that send for it. */
async function scene(
  options: { readonly expiresInSeconds?: number; readonly fault?: () => number | null } = {},
) {
  const { db } = database
  const clock = { at: start }
  const now = () => clock.at
  const scope = 'contacts.write offline_access'
  const vendor = createTokenVendor({ ...client, scope, now, rotates: true, ...options })
  const endpoint = `http://127.0.0.1:${await serve(vendor.listener)}`
  const workspaceKeys = createWorkspaceKeys({ db, keyring })
  const { id: workspaceId } = await db.workspace.create({
    data: { name: 'Team', wrappedKey: keyring.createWrappedKey() },
  })
  const settings = { endpoint, clientId: client.clientId }
  const data = { workspaceId, name: 'Acme', type: allowed.id, settings }
  const { id: connectorId } = await db.connector.create({ data })

  const http = createHttpTransport({ allowPrivateHosts: ['127.0.0.1'] })
  closeAfterwards(http)
  const page = new URL(`${endpoint}/authorize?response_type=code&client_id=${client.clientId}`)
  page.searchParams.set('scope', scope)
  page.searchParams.set('code_challenge_method', 'S256')
  page.searchParams.set('code_challenge', 'ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0')
  page.searchParams.set('redirect_uri', 'https://console.test/')
  const parameters = {
    grant_type: 'authorization_code',
    code: vendor.allow(page.href).code,
    redirect_uri: 'https://console.test/',
    code_verifier: 'abc',
  }
  const tokenUrl = `${endpoint}/token`
  const auth = authorizationCode({
    ...{ authorizationUrl: page.href, tokenUrl, clientId: 'clientId', clientSecret: 'clientSecret' },
  })
  const asked = clientOf(auth, {
    ...{ definition: allowed, settings },
    secrets: { clientSecret: client.clientSecret },
  })
  const tokens = await requestToken({ transport: http.send, now }, asked, { parameters })
  if (tokens.kind !== 'tokens') throw new Error(tokens.kind)
  const audience = JSON.stringify([endpoint, tokenUrl, client.clientId])
  const sealed = sealGrant(await workspaceKeys.of(workspaceId), tokens, audience, start)
  await db.connectorGrant.create({ data: { workspaceId, connectorId, sealed } })

  return {
    vendor,
    clock,
    connectorId,
    endpoint,
    /** A process of its own: it shares nothing but the database. */
    process(line = db) {
      const grants = createGrants({ db: line, workspaceKeys, now })
      const deps = {
        transport: http.send,
        authorize: createAuthorize({ transport: http.send, grants, now }),
        now,
      }
      return async (changes: object = {}) => {
        const account = {
          ...{ definition: allowed, owner: { workspaceId, connectorId } },
          settings: { ...settings, ...changes },
          secrets: { clientSecret: client.clientSecret },
        }
        const { verdicts } = await sendRequest(deps, account, plan, encodeBody(plan), 2000, undefined)
        return verdicts[0]
      }
    },
  }
}

describe('a token that somebody has allowed', () => {
  it('is used by every process without asking the vendor again', async () => {
    const { process, vendor } = await scene()
    expect(await Promise.all([process()(), process()()])).toEqual([delivered, delivered])
    expect(vendor.grants).toEqual(['authorization_code'])
  })

  it('is renewed by one process when it expires, and all go on with the new one', async () => {
    const { clock, process, vendor } = await scene()
    const processes = Array.from({ length: 4 }, () => process())
    await Promise.all(processes.map((send) => send()))
    clock.at += 3_590_000
    const verdicts = await Promise.all(processes.flatMap((send) => [send(), send(), send()]))
    expect(new Set(verdicts.map((verdict) => verdict?.kind))).toEqual(new Set(['delivered']))
    expect(vendor.grants).toEqual(['authorization_code', 'refresh_token'])
    expect(vendor.reused()).toBe(0)
  })

  it('is renewed by one process when the vendor takes it no more, with the rotated refresh token', async () => {
    const { clock, process, vendor } = await scene()
    const processes = Array.from({ length: 4 }, () => process())
    await Promise.all(processes.map((send) => send()))
    for (const times of [1, 2, 3]) {
      clock.at += 11_000
      vendor.revoke()
      const verdicts = await Promise.all(processes.map((send) => send()))
      expect(verdicts).toEqual(processes.map(() => delivered))
      expect(vendor.grants.filter((grant) => grant === 'refresh_token')).toHaveLength(times)
    }
    expect(vendor.reused()).toBe(0)
  })

  it('is set up anew when the vendor renews it no more', async () => {
    const { process, vendor } = await scene()
    const send = process()
    vendor.revoke()
    vendor.revokeGrants()
    expect(await send()).toEqual({ kind: 'setup', code: 'authorization_expired' })
    expect(vendor.taken).toEqual([])
  })

  it('survives a token endpoint that is down for a while', async () => {
    let isDown = false
    const { clock, process, vendor } = await scene({ fault: () => (isDown ? 503 : null) })
    const send = process()
    clock.at += 3_590_000
    isDown = true
    expect(await send()).toEqual({ kind: 'retry', code: 'token_unavailable' })
    isDown = false
    expect(await send()).toEqual(delivered)
    expect(vendor.reused()).toBe(0)
  })

  it('survives a database that goes away while it is renewed: the rotated refresh token is not lost', async () => {
    const { clock, process, vendor } = await scene()
    const send = process(rollingBackOnce(database.db))
    clock.at += 3_590_000
    await expect(send()).rejects.toThrow('Connection terminated')
    expect(await send()).toEqual(delivered)
    expect(vendor.grants).toEqual(['authorization_code', 'refresh_token'])
    clock.at += 3_590_000
    expect(await process()()).toEqual(delivered)
    expect(await send()).toEqual(delivered)
    expect(vendor.reused()).toBe(0)
  })

  it('goes to no other address than the one it was given for', async () => {
    const { process, vendor } = await scene()
    const other: string[] = []
    const port = await serve((request, response) => {
      other.push(String(request.headers.authorization))
      response.end()
    })
    const verdict = await process()({ endpoint: `http://127.0.0.1:${port}` })
    expect(verdict).toEqual({ kind: 'setup', code: 'authorization_missing' })
    expect(other).toEqual([])
    expect(vendor.answers).toEqual([])
  })

  it('is asked for where nobody has allowed anything', async () => {
    const { connectorId, process } = await scene()
    await database.db.connectorGrant.delete({ where: { connectorId } })
    expect(await process()()).toEqual({ kind: 'setup', code: 'authorization_missing' })
  })
})

/** A line that goes down before the first transaction is committed. */
function rollingBackOnce(db: Database['db']): Database['db'] {
  let isOver = false
  return new Proxy(db, {
    get(target, property) {
      const value: unknown = Reflect.get(target, property)
      if (property !== '$transaction' || isOver || typeof value !== 'function') return value
      isOver = true
      return (run: (tx: unknown) => Promise<unknown>, options: unknown) => {
        const losing = async (tx: unknown) => {
          await run(tx)
          throw new Error('Connection terminated unexpectedly')
        }
        return Reflect.apply(value, target, [losing, options])
      }
    },
  })
}
