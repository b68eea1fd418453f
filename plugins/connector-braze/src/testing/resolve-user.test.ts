/** Which profile the simulator writes to. */
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

const set = (...attributes: object[]) => client.track({ attributes })
const alias = { user_alias: { alias_name: 'ann', alias_label: 'crm' } }

describe('an external id', () => {
  it('makes a profile once, and is told apart by case', async () => {
    await set({ external_id: 'a', tier: 'gold' })
    await set({ external_id: 'a', city: 'Utrecht' }, { external_id: 'A' })
    expect(braze.receivedUsers).toBe(2)
    expect(braze.profile('a')?.attributes).toEqual({ tier: 'gold', city: 'Utrecht' })
  })

  it('that is unknown makes a second profile beside one with the same e-mail', async () => {
    await set({ email: 'ann@example.com' })
    await set({ external_id: 'ann', email: 'ann@example.com' })
    expect([...braze.profiles()].map(({ externalId }) => externalId)).toEqual([undefined, 'ann'])
  })
})

describe('an e-mail or phone without a primary id', () => {
  it('finds the profile that has it, whatever the case', async () => {
    await set({ external_id: 'a', email: 'Ann@Example.com', phone: '+311' })
    await set({ email: 'ann@example.com', tier: 'gold' }, { phone: '+311', city: 'Utrecht' })
    expect(braze.receivedUsers).toBe(1)
    expect(braze.profile('a')?.attributes).toMatchObject({ tier: 'gold', city: 'Utrecht' })
  })

  it('prefers the most recently updated profile with an external id', async () => {
    await set({ email: 'ann@example.com' })
    await set({ external_id: 'a', email: 'ann@example.com' }, { external_id: 'b', email: 'ann@example.com' })
    await set({ external_id: 'a', touched: true })
    await set({ email: 'ann@example.com', found: true })
    expect(braze.profile('a')?.attributes).toHaveProperty('found')
  })

  it('makes a profile of its own when nobody has it', async () => {
    await client.track({ events: [{ email: 'ann@example.com', name: 'seen', time: '2026-05-28' }] })
    expect([...braze.profiles()]).toMatchObject([
      {
        externalId: undefined,
        attributes: { email: 'ann@example.com' },
        events: [{ name: 'seen', count: 1 }],
      },
    ])
  })

  it('no longer finds a profile whose e-mail has changed', async () => {
    await set({ external_id: 'a', email: 'old@example.com' })
    await set({ email: 'old@example.com', found: 1 })
    await set({ external_id: 'a', email: 'new@example.com' })
    await set({ email: 'old@example.com', found: 2 })
    expect(braze.profile('a')?.attributes).toMatchObject({ found: 1 })
    expect(braze.receivedUsers).toBe(2)
  })

  it('is looked up by e-mail when both are given', async () => {
    await set({ external_id: 'mail', email: 'ann@example.com' }, { external_id: 'phone', phone: '+311' })
    await set({ email: 'ann@example.com', phone: '+311', found: true })
    expect(braze.profile('mail')?.attributes).toMatchObject({ found: true, phone: '+311' })
    expect(braze.profile('phone')?.attributes).not.toHaveProperty('found')
  })
})

describe('a Braze id', () => {
  it('finds the profile it was given to, and makes none', async () => {
    await set({ external_id: 'a' })
    const brazeId = braze.profile('a')?.brazeId
    await set({ braze_id: brazeId, tier: 'gold' })
    await set({ braze_id: 'f'.repeat(24), tier: 'gold' }, { braze_id: 'x', tier: 'gold' })
    expect(braze.receivedUsers).toBe(1)
    expect(braze.profile('a')?.attributes).toEqual({ tier: 'gold' })
  })
})

describe('update existing only', () => {
  it('leaves out an unknown user in silence', async () => {
    const { status, body } = await set(
      { external_id: 'a', _update_existing_only: true },
      { email: 'ann@example.com', _update_existing_only: true },
    )
    expect(status).toBe(201)
    expect(body).toEqual({ message: 'success', attributes_processed: 2 })
    expect(braze.receivedUsers).toBe(0)
  })

  it('updates a known user, and is no attribute', async () => {
    await set({ external_id: 'a' })
    await set({ external_id: 'a', tier: 'gold', _update_existing_only: true })
    expect(braze.profile('a')?.attributes).toEqual({ tier: 'gold' })
  })

  it('is what an alias does unless it is told false', async () => {
    await set({ ...alias, tier: 'gold' })
    expect(braze.receivedUsers).toBe(0)
    await set({ ...alias, tier: 'gold', _update_existing_only: false })
    await set({ ...alias, city: 'Utrecht' })
    expect([...braze.profiles()]).toMatchObject([
      { aliases: [alias.user_alias], attributes: { tier: 'gold', city: 'Utrecht' } },
    ])
  })
})
