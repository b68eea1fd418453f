/** The webhook receiver, over real HTTP: what it writes down, answers and shows. */
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createWebhookReceiver, type WebhookReceiver } from './webhook-receiver.ts'

let receiver: WebhookReceiver
beforeEach(async () => {
  receiver = await createWebhookReceiver({ maxBodyBytes: 1_000 })
})
afterEach(() => receiver.close())

const post = (path: string, body: string, headers = {}) =>
  fetch(receiver.url + path, { method: 'POST', body, headers: { 'content-type': 'text/xml', ...headers } })

it('writes down any request, as it came', async () => {
  expect((await post('/any/where?a=1&a=2', '<a/>', { authorization: 'Bearer T' })).status).toBe(200)
  await fetch(`${receiver.url}/other`, { method: 'DELETE' })
  expect(receiver.received).toMatchObject([
    {
      method: 'POST',
      path: '/any/where',
      text: '<a/>',
      body: '<a/>',
      headers: { authorization: 'Bearer T' },
    },
    { sequence: 2, method: 'DELETE', path: '/other', text: '' },
  ])
  expect(receiver.received[0]?.query.getAll('a')).toEqual(['1', '2'])
})

it('answers by script, then as told', async () => {
  receiver.answerNext({ kind: 'status', status: 503, times: 2 })
  const statuses = [
    await post('/', ''),
    await post('/a', ''),
    await post('/a', ''),
    await post('/a', '[1,2]'),
  ]
  // `/` is its own page, which takes no POST.
  expect(statuses.map(({ status }) => status)).toEqual([404, 503, 503, 200])
  expect((await post('/a', 'x'.repeat(1_001))).status).toBe(413)
  const stats = await fetch(`${receiver.url}/_simulator/stats`)
  expect(await stats.json()).toEqual({ requests: 4, records: 2 })
})

it('shows what came on a page, with masks for secrets and nothing that runs', async () => {
  await post('/a?api_key=hidden-1&city=Delft', '<script>alert(1)</script>', {
    ...{
      authorization: 'Bearer hidden-2',
      'x-api-key': 'hidden-3',
      cookie: 'a=hidden-4',
      'x-trace': 'shown',
    },
  })
  const page = await (await fetch(receiver.url)).text()
  expect(page).toMatch(/POST \/a.*Delft.*shown.*&lt;script&gt;/s)
  expect(page).not.toMatch(/hidden|<script/)
})
