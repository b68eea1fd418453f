/** The vendor that behaves as told, over real HTTP. */
import { request } from 'node:http'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createVendorSimulator, type VendorSimulatorOptions } from './vendor-simulator.ts'

async function start(options: Partial<VendorSimulatorOptions> = {}) {
  const taken: unknown[] = []
  const vendor = await createVendorSimulator({
    routes: {
      'POST /contacts': ({ body }) => ({
        status: 201,
        body: { ok: true },
        apply: () => void taken.push(body),
      }),
      'GET /lists/{name}': ({ name, query }) => ({ body: { name, page: query.get('page') } }),
    },
    ...options,
  })
  onTestFinished(vendor.close)
  const post = (body: unknown, headers: Record<string, string> = {}) =>
    fetch(`${vendor.url}/contacts`, { method: 'POST', body: JSON.stringify(body), headers })
  return { vendor, taken, post }
}

describe('routes', () => {
  it('answer with what they return, by method and path, with the name in the path', async () => {
    const { vendor, taken, post } = await start()
    const created = await post({ id: 1 })
    expect([created.status, await created.json(), taken]).toEqual([201, { ok: true }, [{ id: 1 }]])
    const list = await fetch(`${vendor.url}/lists/new%20ones?page=2`)
    expect(await list.json()).toEqual({ name: 'new ones', page: '2' })
    expect((await fetch(`${vendor.url}/contacts`)).status).toBe(404)
  })

  it('are asked only for requests that may come in and are not too long', async () => {
    const { post, taken } = await start({
      isAuthorized: ({ headers }) => headers['authorization'] === 'Bearer right',
      maxBodyBytes: 20,
    })
    expect((await post({})).status).toBe(401)
    expect((await post('x'.repeat(20), { authorization: 'Bearer right' })).status).toBe(413)
    expect((await post({}, { authorization: 'Bearer right' })).status).toBe(201)
    expect(taken).toEqual([{}])
  })

  it('answer after the latency, if there is one', async () => {
    const { post, taken } = await start({ latencyMs: 1 })
    expect((await post({ id: 1 })).status).toBe(201)
    expect(taken).toEqual([{ id: 1 }])
  })
})

it('keeps the latest requests, without the key', async () => {
  const { vendor, post } = await start({ keepRequests: 1 })
  await post({ id: 1 })
  await post({ id: 2 }, { authorization: 'Bearer key' })
  expect(vendor.requests).toEqual([
    expect.objectContaining({ sequence: 2, method: 'POST', path: '/contacts', body: { id: 2 }, status: 201 }),
  ])
  expect(JSON.stringify(vendor.requests)).not.toContain('Bearer')
})

describe('limits', () => {
  it('refuse what is beyond their window, and say how long to wait', async () => {
    let now = 1_800_000_000_000
    const { post } = await start({
      now: () => now,
      limits: [{ match: '/contacts', requests: 1, perMs: 3_000 }],
    })
    expect((await post({})).status).toBe(201)
    now += 1_000
    const refused = await post({})
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '2'])
    now += 2_000
    expect((await post({})).status).toBe(201)
  })

  it('are for their path only, and may tell in headers of other forms', async () => {
    const limits = [{ match: '/lists', requests: 1, perMs: 1_000, headers: 'seconds' as const }]
    const { vendor, post } = await start({ limits, now: () => 1_800_000_000_000 })
    expect((await post({})).headers.get('x-ratelimit-limit')).toBeNull()
    const { headers } = await fetch(`${vendor.url}/lists/a`)
    expect([headers.get('x-ratelimit-remaining'), headers.get('x-ratelimit-reset')]).toEqual(['0', '1'])
  })
})

describe('answerNext', () => {
  it('has the next requests answered so, then all is as before', async () => {
    const { vendor, post, taken } = await start()
    vendor.answerNext(
      { kind: 'status', status: 503, times: 2 },
      { kind: 'status', status: 429, headers: { 'retry-after': '7' }, body: { wait: true } },
    )
    const statuses = [await post({}), await post({})].map(({ status }) => status)
    const third = await post({})
    expect([...statuses, third.status, third.headers.get('retry-after')]).toEqual([503, 503, 429, '7'])
    expect(taken).toEqual([])
    expect((await post({ id: 1 })).status).toBe(201)
  })

  it('cuts the connection, before or after the request took effect', async () => {
    const { vendor, post, taken } = await start()
    vendor.answerNext({ kind: 'reset' }, { kind: 'reset', stores: true })
    await expect(post({ id: 1 })).rejects.toThrow()
    expect(taken).toEqual([])
    await expect(post({ id: 2 })).rejects.toThrow()
    expect(taken).toEqual([{ id: 2 }])
    expect(vendor.requests.map(({ status }) => status)).toEqual([undefined, undefined])
  })

  it('answers what is no JSON, and byte by byte', async () => {
    const { vendor, post, taken } = await start()
    vendor.answerNext({ kind: 'garbage' }, { kind: 'drip', everyMs: 0 })
    const garbage = await post({ id: 1 })
    expect(garbage.status).toBe(201)
    await expect(garbage.json()).rejects.toThrow()
    const dripped = await post({ id: 2 })
    expect([dripped.status, await dripped.json()]).toEqual([201, { ok: true }])
    expect(taken).toEqual([{ id: 1 }, { id: 2 }])
  })
})

describe('the page and the orders', () => {
  it('shows the latest requests, none of them as markup', async () => {
    const { vendor, post } = await start({ name: 'Acme & Co' })
    await post({ id: '<script>' })
    const page = await (await fetch(vendor.url)).text()
    expect(page).toContain('<h1>Acme &amp; Co simulator</h1>')
    expect(page).toContain('POST /contacts')
    expect(page).toContain('&lt;script&gt;')
    expect(page).not.toContain('<script')
  })

  it('takes faults as JSON, and says what is wrong with them', async () => {
    const { vendor, post } = await start()
    const order = (body: unknown) =>
      fetch(`${vendor.url}/_simulator/faults`, { method: 'POST', body: JSON.stringify(body) })
    const wrong = await order({ add: [{ kind: 'status', status: 503, externalId: '1' }] })
    expect([wrong.status, await wrong.text()]).toEqual([400, expect.stringContaining('externalId')])
    expect(await (await order({ add: [{ kind: 'status', status: 503 }] })).json()).toEqual({ active: 1 })
    expect((await post({})).status).toBe(503)
  })

  it('are for this machine only', async () => {
    const { vendor } = await start()
    const status = await new Promise((resolve, reject) => {
      request(vendor.url, { headers: { host: 'elsewhere.example' } }, (response) => {
        response.resume()
        resolve(response.statusCode)
      })
        .on('error', reject)
        .end()
    })
    expect(status).toBe(403)
  })
})
