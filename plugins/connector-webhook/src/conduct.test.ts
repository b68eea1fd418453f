/** How a request of each action behaves, over the host's own transport to a receiver: redirections and the time-out. */
import { verdict } from '@sluice/connector-sdk'
import { createWebhookReceiver, type WebhookReceiver } from '@sluice/connector-testing/simulator'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { encodeBody } from '../../../engine/sending/body.ts'
import { sendRequest } from '../../../engine/sending/send-request.ts'
import { createHttpTransport, type HttpTransport } from '../../../server/transport/http-transport.ts'
import webhook from './index.ts'

let receiver: WebhookReceiver
let transport: HttpTransport
beforeEach(async () => {
  receiver = await createWebhookReceiver()
  transport = createHttpTransport({ allowPrivateHosts: ['127.0.0.1'] })
})
afterEach(async () => {
  await transport.close()
  await receiver.close()
})

async function send(type: string, fields: object, timeoutMs = 5_000) {
  const action = webhook.actions[type]
  const settings = { url: `${receiver.url}/hook` }
  const payload = action?.parameters.parse({ body: '{}', ...fields }) ?? {}
  const [request] = action?.plan([{ payload, change: 'upsert', key: 'k' }], { settings, now: 0 }) ?? []
  if (request === undefined) throw new Error('Nothing was planned.')
  const deps = { transport: transport.send, now: Date.now }
  const account = { definition: webhook, settings, secrets: {} }
  const sent = await sendRequest(deps, account, request, encodeBody(request), timeoutMs, action?.interpret)
  return sent.verdicts
}

describe.each(Object.keys(webhook.actions))('%s', (type) => {
  const moved = (location: string) => {
    receiver.answerNext({ kind: 'status', status: 308, headers: { location } })
  }

  it('follows redirections on its host where people want it', async () => {
    moved('/moved')
    expect(await send(type, { followsRedirects: true })).toEqual([verdict.delivered])
    const [first, second] = receiver.received
    expect(second).toMatchObject({ path: '/moved', method: 'POST', text: first?.text })
  })

  it('follows none otherwise, and none to another host', async () => {
    moved('/moved')
    expect(await send(type, {})).toEqual([verdict.refused('http_308')])
    moved('http://169.254.169.254/')
    expect(await send(type, { followsRedirects: true })).toEqual([verdict.refused('http_308')])
    expect(receiver.received.map(({ path }) => path)).toEqual(['/hook', '/hook'])
  })

  it('sends nothing to a private address that is not named', async () => {
    await transport.close()
    transport = createHttpTransport({ allowPrivateHosts: [] })
    expect(await send(type, {})).toEqual([verdict.setup('private_address')])
    expect(receiver.received).toEqual([])
  })

  it('waits for an answer as long as it is told', async () => {
    receiver.answerNext({ kind: 'hang' }, { kind: 'drip', everyMs: 50_000 })
    expect(await send(type, {}, 100)).toMatchObject([{ kind: 'unknown', code: 'timed_out' }])
    expect(await send(type, {}, 100)).toMatchObject([{ kind: 'unknown', code: 'timed_out' }])
    expect(await send(type, {})).toEqual([verdict.delivered])
  })
})
