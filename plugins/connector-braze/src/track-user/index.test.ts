/** Both actions as the host sees them: what they weigh, whom they are for, and what they may carry. */
import { describe, expect, it } from 'vitest'
import { trackUser, trackUserSingle } from './index.ts'

const parsed = (payload: unknown) => trackUser.parameters.parse(payload)
const purchase = { productId: 'sku', currency: 'EUR', price: 1 }
const pushTokens = [{ appId: 'app', token: 'token' }]

describe('the weight', () => {
  it('of attributes alone is one and the same object, as it is asked for every record', () => {
    const weights = [
      { externalId: '1' },
      { externalId: '2', firstName: 'Ann', increment: { a: 1 }, events: [] },
    ].map((payload) => trackUser.weigh(parsed(payload)))
    expect(weights[0]).toEqual({ objects: 1, attributes: 1, events: 0, purchases: 0, users: 1 })
    expect(weights[1]).toBe(weights[0])
  })

  it('names attributes, events, purchases and their sum', () => {
    const counted = { events: [{ name: 'seen' }, { name: 'left' }], purchases: [purchase] }
    expect(trackUser.weigh(parsed({ externalId: '1', firstName: 'Ann', ...counted }))).toEqual({
      objects: 4,
      attributes: 1,
      events: 2,
      purchases: 1,
      users: 1,
    })
    expect(trackUser.weigh(parsed({ externalId: '1', ...counted }))).toMatchObject({
      objects: 3,
      attributes: 0,
    })
  })
})

describe('the limits', () => {
  it.each([
    [{}, { objects: 75 }],
    [{ objectLimit: 'combined' }, { objects: 75 }],
    [{ objectLimit: 'each' }, { attributes: 75, events: 75, purchases: 75 }],
  ])('with the settings %j are %j', (settings, weights) => {
    expect(trackUser.limits(settings)).toEqual({ weights, bytes: 3_800_000, onePerRecipient: true })
  })

  it('of the action for single users are one user', () => {
    expect(trackUserSingle.limits({}).weights).toEqual({ users: 1 })
  })
})

describe('the recipient', () => {
  it('is the user, whatever is sent', () => {
    expect(trackUser.recipient(parsed({ externalId: '1', pushTokens }))).toBe('external_id:1')
    const imported = { email: 'Ann@example.com', pushTokenImport: true, pushTokens }
    expect(trackUser.recipient(parsed(imported))).toBe('email:ann@example.com')
  })

  it('of tokens whose owner is unknown are the tokens', () => {
    const recipientOf = (token: string) =>
      trackUser.recipient(parsed({ pushTokenImport: true, pushTokens: [{ appId: 'app', token }] }))
    expect(recipientOf('a')).toBe(recipientOf('a'))
    expect(recipientOf('a')).not.toBe(recipientOf('b'))
  })
})

it('both actions take the same parameters', () => {
  expect(trackUserSingle.parameters).toBe(trackUser.parameters)
})
