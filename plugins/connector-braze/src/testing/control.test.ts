/** The simulator's page and control paths. */
import { request } from 'node:http'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type BrazeSimulator, createBrazeSimulator } from './simulator.ts'
import { type Client, createClient } from './test-client.ts'

let braze: BrazeSimulator
let client: Client

beforeEach(async () => {
  braze = await createBrazeSimulator()
  client = createClient(braze)
})
afterEach(() => braze.close())

const page = async (query = '') => (await fetch(`${braze.url}/${query}`)).text()

/** fetch sets the Host header itself, so this asks with another one. */
function statusForHost(path: string, host: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request(braze.url + path, { headers: { host } }, (response) => {
      response.resume()
      resolve(response.statusCode)
    })
      .on('error', reject)
      .end()
  })
}

describe('the page', () => {
  it('lists profiles with attributes and event counts, and refreshes itself', async () => {
    await client.track({
      attributes: [{ external_id: 'customer-1', tier: 'gold', tags: ['a'] }],
      events: [{ external_id: 'customer-1', name: 'seen', time: '2026-05-28' }],
    })
    const html = await page()
    expect(html).toContain('Braze simulator')
    expect(html).toContain('customer-1')
    expect(html).toContain('<b>tier</b> gold')
    expect(html).toContain('<b>seen</b> 1')
    expect(html).toContain('http-equiv="refresh"')
    expect(html).not.toMatch(/src=|href="http|@import|url\(/)
  })

  it('shows no profile as markup, and its policy allows no script', async () => {
    await client.track({
      attributes: [{ external_id: '<script>alert(1)</script>', 'a"b': "<img onerror='x'>" }],
    })
    const response = await fetch(braze.url)
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'")
    const html = await response.text()
    expect(html).not.toMatch(/<script|<img/)
    expect(html).toContain('&lt;script&gt;alert(1)&lt;/script&gt;')
  })

  it('comes in pages, and a number beyond them shows the last', async () => {
    const attributes = Array.from({ length: 51 }, (_, index) => ({ external_id: `user-${index}-x` }))
    await client.track({ attributes })
    const first = await page()
    expect(first).toContain('user-49-x')
    expect(first).not.toContain('user-50-x')
    for (const query of ['?page=2', '?page=99']) {
      const last = await page(query)
      expect(last).toContain('user-50-x')
      expect(last).not.toContain('user-49-x')
    }
    expect(await page('?page=nonsense')).toContain('Page 1 of 2')
  })
})

describe('the control paths', () => {
  it('tell the totals without a key, and are no requests to the API', async () => {
    await client.track({ attributes: [{ external_id: '1' }, { external_id: '2' }] })
    const response = await fetch(`${braze.url}/_simulator/stats`)
    expect(await response.json()).toEqual({ receivedUsers: 2, profiles: 2, requests: 1, objects: 2 })
  })

  it('take faults from another process, and take them back', async () => {
    const add = [{ kind: 'status', status: 503, times: null }]
    expect((await client.post('/_simulator/faults', { add })).body).toEqual({ active: 1 })
    for (const _ of [1, 2, 3]) expect((await client.track({})).status).toBe(503)
    expect((await client.post('/_simulator/faults', { clear: true })).body).toEqual({ active: 0 })
    expect((await client.track({ attributes: [{ external_id: '1' }] })).status).toBe(201)
  })

  it.each<[string, unknown]>([
    ['no JSON', '{'],
    ['an unknown kind', { add: [{ kind: 'magic' }] }],
    ['an unknown field', { add: [{ kind: 'hang', matches: 'x' }] }],
    ['a status that is none', { add: [{ kind: 'status', status: 42 }] }],
  ])('say no to %s', async (_, body) => {
    const answer = await client.post('/_simulator/faults', body)
    expect(answer.status).toBe(400)
    expect(answer.body).toMatchObject({ message: expect.any(String) })
    expect(braze.faults.active).toBe(0)
  })

  it('answer only to names of this machine', async () => {
    for (const path of ['/', '/_simulator/stats']) {
      expect(await statusForHost(path, 'evil.example.com')).toBe(403)
      expect(await statusForHost(path, '127.0.0.1.example.com')).toBe(403)
      expect(await statusForHost(path, 'localhost:1234')).toBe(200)
      expect(await statusForHost(path, '127.0.0.1')).toBe(200)
      expect(await statusForHost(path, '[::1]:99')).toBe(200)
    }
  })

  it('answer 404 for what they do not know', async () => {
    expect((await fetch(`${braze.url}/_simulator/other`)).status).toBe(404)
    expect((await fetch(`${braze.url}/_simulator/faults`)).status).toBe(404)
  })
})
