/** A hashed audience, made by `prepare`, to which items are added and from which they leave: against a real local vendor. */
import type { IncomingMessage } from 'node:http'
import { type Change, sha256, type Verdict } from '@sluice/connector-sdk'
import { conformance } from '@sluice/connector-testing'
import { describe, expect, it } from 'vitest'
import { encodeBody } from '../../engine/sending/body.ts'
import { httpRequest } from '../../engine/sending/http-request.ts'
import { sendRequest } from '../../engine/sending/send-request.ts'
import { preparationEnd } from '../../server/actions/preparation-end.ts'
import { createHttpTransport } from '../../server/transport/http-transport.ts'
import { audienceConnector } from '../harness/audience-connector.ts'
import { useLocalServers } from '../harness/local-server.ts'

const servers = useLocalServers()
const action = audienceConnector.actions['sync-audience'] ?? expect.unreachable('no such action')
const prepare = action.prepare ?? expect.unreachable('it prepares nothing')

conformance(audienceConnector, {
  settings: { endpoint: 'https://audiences.example' },
  payloads: { 'sync-audience': [{ email: 'ann@example.com' }, { email: ' BOB@Example.com ' }] },
})

/** Keeps audiences of hashes and knows nothing else. */
async function serveAudiences() {
  const audiences = new Map<string, Set<string>>()
  const byRequest = new Map<string, string>()
  const bodies: string[] = []
  const port = await servers.serve(async (request, response) => {
    const text = await bodyOf(request)
    bodies.push(text)
    const [, , id = '', users] = (request.url ?? '').split('/')
    const body = JSON.parse(text)
    const say = (json: object) => response.end(JSON.stringify(json))
    if (request.headers['x-api-key'] !== 'key') return response.writeHead(401).end('{}')
    if (users === undefined) {
      const known = byRequest.get(body.request_id) ?? `a-${audiences.size + 1}`
      byRequest.set(body.request_id, known)
      if (!audiences.has(known)) audiences.set(known, new Set())
      return say({ audience_id: known })
    }
    const members = audiences.get(id)
    if (members === undefined) return response.writeHead(404).end('{}')
    const invalid = body.hashes.filter((hash: string) => hash === sha256('bad@example.com'))
    for (const hash of body.hashes) {
      if (invalid.includes(hash)) continue
      if (request.method === 'DELETE') members.delete(hash)
      else members.add(hash)
    }
    return say({ invalid })
  })
  return { audiences, bodies, url: `http://127.0.0.1:${port}` }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}

/** What the host does with the plugin's functions, over its real transport. */
function host(endpoint: string) {
  const transport = createHttpTransport({ allowPrivateHosts: ['127.0.0.1'] })
  servers.closeAfterwards(transport)
  const account = { definition: audienceConnector, settings: { endpoint }, secrets: { apiKey: 'key' } }
  return {
    async prepare(key: string) {
      const request = prepare.plan({ settings: account.settings, actionName: 'Buyers', key })
      const http = httpRequest(account, request, encodeBody(request), 5_000)
      if ('kind' in http) return expect.unreachable(http.code)
      const result = await transport.send(http)
      if (result.kind !== 'answer') return expect.unreachable(result.code)
      const response = { ...result, json: JSON.parse(result.text), receivedAt: 0 }
      return preparationEnd(
        prepare,
        audienceConnector.errorCatalogue,
        result.status,
        prepare.interpret(response),
      )
    },
    async deliver(audienceId: string, ...changes: readonly (readonly [Change, string])[]) {
      const items = changes.map(([change, email], index) => ({
        payload: action.parameters.parse({ email }),
        change,
        key: `key-${index}`,
      }))
      const verdicts: (Verdict | undefined)[] = items.map(() => undefined)
      const context = { settings: account.settings, now: 0, prepared: { audienceId } }
      for (const request of action.plan(items, context)) {
        const deps = { transport: transport.send, now: () => 0 }
        const sent = await sendRequest(deps, account, request, encodeBody(request), 5_000, action.interpret)
        for (const [place, { item }] of request.parts.entries()) verdicts[item] = sent.verdicts[place]
      }
      return verdicts
    },
  }
}

describe('a hashed audience', () => {
  it('is created once by its key, whoever asks again', async () => {
    const vendor = await serveAudiences()
    const { prepare: create } = host(vendor.url)
    expect(await create('k-1')).toEqual({ state: 'DONE', outputs: { audienceId: 'a-1' } })
    expect(await create('k-1')).toEqual({ state: 'DONE', outputs: { audienceId: 'a-1' } })
    expect([...vendor.audiences.keys()]).toEqual(['a-1'])
  })

  it('takes in who is added and lets go who leaves, in one group, by hash alone', async () => {
    const vendor = await serveAudiences()
    const { deliver, prepare: create } = host(vendor.url)
    await create('k-1')
    const delivered = { kind: 'delivered' }
    expect(await deliver('a-1', ['upsert', 'ann@example.com'], ['upsert', 'bob@example.com'])).toEqual([
      delivered,
      delivered,
    ])
    expect(
      await deliver(
        'a-1',
        ['leave', ' Ann@Example.com'],
        ['upsert', 'bad@example.com'],
        ['upsert', 'cyd@example.com'],
      ),
    ).toEqual([delivered, { kind: 'refused', code: 'invalid_hash' }, delivered])
    expect(vendor.audiences.get('a-1')).toEqual(new Set(['bob@example.com', 'cyd@example.com'].map(sha256)))
    expect(vendor.bodies.join('\n')).not.toContain('@')
  })

  it('that is gone refuses everyone', async () => {
    const vendor = await serveAudiences()
    const [gone] = await host(vendor.url).deliver('a-9', ['upsert', 'ann@example.com'])
    expect(gone).toMatchObject({ kind: 'refused', code: 'http_404' })
  })
})
