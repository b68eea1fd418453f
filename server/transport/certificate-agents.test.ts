/** Mutual TLS over real connections: who has the certificate comes in, with it to the token endpoint too. */
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { TLSSocket } from 'node:tls'
import type { RequestPlan } from '@sluice/connector-sdk'
import { Agent } from 'undici'
import { afterEach, expect, it } from 'vitest'
import { encodeBody } from '../../engine/sending/body.ts'
import { sendRequest } from '../../engine/sending/send-request.ts'
import { certified } from '../../test/harness/auth-connectors.ts'
import {
  authority,
  clientCertificate,
  clientKey,
  serverCertificate,
  serverKey,
} from '../../test/harness/certificates.ts'
import { createCertificateAgents } from './certificate-agents.ts'
import { createHttpTransport } from './http-transport.ts'

const closing: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

const plan: RequestPlan = { method: 'GET', path: '/', parts: [{ item: 0, part: 0, effect: 'append' }] }

async function vendor(options: { readonly maxVersion?: 'TLSv1.2' } = {}) {
  const seen: { readonly client: string | undefined; readonly authorization: string | undefined }[] = []
  const tls = { cert: serverCertificate, key: serverKey, ca: authority, requestCert: true, ...options }
  const server: Server = createServer({ ...tls, rejectUnauthorized: true }, (request, response) => {
    const { subject } = (request.socket as TLSSocket).getPeerCertificate()
    seen.push({ client: String(subject?.CN), authorization: request.headers.authorization })
    response.end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closing.push(() => new Promise((resolve) => server.close(resolve)))
  return { seen, endpoint: `https://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

function sender(allowPrivateHosts = ['127.0.0.1']) {
  const transport = createHttpTransport({ allowPrivateHosts })
  closing.push(() => transport.close())
  const deps = { transport: transport.send, now: Date.now }
  return async (settings: object, secrets: object, definition = certified) => {
    const account = { definition, settings: { authority, ...settings }, secrets: { apiKey: 'k', ...secrets } }
    const { verdicts } = await sendRequest(deps, account, plan, encodeBody(plan), 2000, undefined)
    return verdicts[0]
  }
}

const own = { certificate: clientCertificate, privateKey: clientKey }

it('presents the certificate of the account, with the other authentication inside', async () => {
  const { endpoint, seen } = await vendor()
  expect(await sender()({ endpoint }, own)).toEqual({ kind: 'delivered' })
  expect(seen).toEqual([{ client: 'client', authorization: 'Bearer k' }])
})

it('is setup, and not unknown, when the vendor asks for a certificate that is not there', async () => {
  const { endpoint, seen } = await vendor({ maxVersion: 'TLSv1.2' })
  const transport = createHttpTransport({ allowPrivateHosts: ['127.0.0.1'] })
  closing.push(() => transport.close())
  const certificate = { certificate: '', key: '', authority }
  const request = { method: 'POST', url: endpoint, headers: {}, body: 'x', timeoutMs: 2000 } as const
  const result = await transport.send({ ...request, certificate })
  expect(result).toEqual({ kind: 'not-allowed', code: 'certificate_refused' })
  expect(seen).toEqual([])
})

it('trusts the authority that is given for it, and without one those that Node knows', async () => {
  const { endpoint, seen } = await vendor()
  const verdict = await sender()({ endpoint, authority: undefined }, own)
  expect(verdict).toEqual({ kind: 'retry', code: 'tls_failed' })
  expect(seen).toEqual([])
})

it('is setup where certificate and key do not go together', async () => {
  const { endpoint, seen } = await vendor()
  for (const secrets of [
    { ...own, privateKey: serverKey },
    { ...own, certificate: 'none' },
  ]) {
    expect(await sender()({ endpoint }, secrets)).toEqual({ kind: 'setup', code: 'certificate_unusable' })
  }
  expect(seen).toEqual([])
})

it('uses no connection of one certificate for another', async () => {
  const { endpoint, seen } = await vendor()
  const send = sender()
  await send({ endpoint }, own)
  await send({ endpoint }, { certificate: serverCertificate, privateKey: serverKey })
  await send({ endpoint }, own)
  expect(seen.map(({ client }) => client)).toEqual(['client', 'server', 'client'])
})

it('keeps a few certificates, and closes the one that was used longest ago', async () => {
  const made: Agent[] = []
  const agentFor = () => {
    const agent = new Agent()
    made.push(agent)
    return agent
  }
  const agents = createCertificateAgents(agentFor, 2)
  // A text before the certificate makes it another one by name.
  const of = (name: string) => agents.of({ certificate: `${name}\n${clientCertificate}`, key: clientKey })
  const first = of('a')
  of('b')
  expect(of('a')).toBe(first)
  of('c')
  expect(made.map(({ closed }) => closed)).toEqual([false, true, false])
  await agents.close()
  expect(made.map(({ closed }) => closed)).toEqual([true, true, true])
})

it('checks the address all the same', async () => {
  const { endpoint, seen } = await vendor()
  expect(await sender([])({ endpoint }, own)).toEqual({ kind: 'setup', code: 'private_address' })
  expect(seen).toEqual([])
})
