/** What a record may count on: its own verdict, its own request, its own day, and no guess at who or what it is. */
import type { RequestPlan, VendorResponse } from '@sluice/connector-sdk'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { deleteUser } from '../delete-user/index.ts'
import { trackUser } from './index.ts'

const context = { settings: {}, now: Date.UTC(2026, 4, 28, 10) }

function plan(...payloads: readonly unknown[]): readonly RequestPlan[] {
  const items = payloads.map((payload) => ({
    payload: trackUser.parameters.parse(payload),
    change: 'upsert' as const,
    key: '',
  }))
  return trackUser.plan(items, context)
}

function verdictsOf(request: RequestPlan | undefined, status: number, json: unknown) {
  const response: VendorResponse = { status, headers: {}, text: '', json, receivedAt: 0 }
  return request === undefined ? [] : trackUser.interpret?.(request, response)
}

function problems(payload: unknown): string[] {
  const { error } = trackUser.parameters.safeParse(payload)
  return (error?.issues ?? []).map(({ message, path }) => `${path.join('.')}: ${message}`)
}

const users = [{ externalId: '0' }, { externalId: '1' }, { externalId: '2' }]

describe('each record', () => {
  it('has the error that the vendor names for it, and no other', () => {
    const errors = [
      { type: 'EMAIL_BAD_FORMAT', input_array: 'attributes', index: 0 },
      { type: 'BAD_LOCATION_UPDATE', input_array: 'attributes', index: 1 },
    ]
    const [request] = plan(...users)
    expect(verdictsOf(request, 201, { message: 'success', errors })).toEqual([
      { kind: 'refused', code: 'invalid_email' },
      { kind: 'refused', code: 'bad_location' },
      { kind: 'delivered' },
    ])
  })

  it('is not lost with a neighbour: a batch that is refused whole is halved, and the halves are whole requests', () => {
    const [request] = plan(...users)
    const fatal = {
      message: 'fatal',
      errors: [{ type: 'EMAIL_BAD_FORMAT', input_array: 'attributes', index: 1 }],
    }
    const refused = { kind: 'refused', code: 'http_400', wholeRequest: true }
    expect(verdictsOf(request, 400, fatal)).toEqual([refused, refused, refused])
    const [half] = plan(...users.slice(0, 2))
    const [neighbour] = plan(...users.slice(2))
    expect(half?.parts).toHaveLength(2)
    expect(neighbour?.parts).toEqual([{ item: 0, part: 0, effect: 'set' }])
  })

  it('is packed by what is sent: 50, 30 and 20 purchases are two requests, and every purchase is in one', () => {
    const bought = (count: number) =>
      Array.from({ length: count }, () => ({ productId: 'sku', currency: 'EUR', price: 1 }))
    const requests = plan(
      ...[50, 30, 20].map((count, index) => ({ externalId: `${index}`, purchases: bought(count) })),
    )
    expect(requests.map(({ parts }) => parts.length)).toEqual([50, 50])
  })

  it('without an id is rejected before anything is sent, to delete as to track', () => {
    expect(deleteUser.parameters.safeParse({ externalId: null }).error?.issues).toMatchObject([
      { message: 'identifier_missing' },
    ])
    expect(problems({ externalId: null, brazeId: ' ' })).toEqual(['externalId: identifier_missing'])
  })

  it('whose gender is in words that Braze does not know is rejected', () => {
    expect(problems({ externalId: '1', gender: 'unclear' })).toEqual(['gender: invalid_gender'])
  })

  it('with half an alias is rejected, an e-mail beside it or not', () => {
    expect(problems({ aliasName: 'ann', email: 'ann@example.com' })).toEqual(['aliasLabel: alias_incomplete'])
  })
})

describe.each(['UTC', 'Asia/Tokyo', 'America/Los_Angeles', 'Pacific/Kiritimati'])(
  'on a server in %s',
  (zone) => {
    afterEach(() => {
      vi.unstubAllEnvs()
    })

    it('birthdays and instants are the same', () => {
      vi.stubEnv('TZ', zone)
      const [request] = plan({
        externalId: '1',
        dob: new Date('1990-05-28T00:00:00Z').toISOString(),
        dateOfFirstSession: '2025-01-01',
        attributes: { since: new Date('2026-05-28T23:30:00Z') },
        events: [{ name: 'seen' }, { name: 'left', time: '2026-05-01 23:30:00' }],
        purchases: [{ productId: 'sku', currency: 'EUR', price: 1, time: '2026-05-01T00:30:00+09:00' }],
      })
      expect(request?.body).toEqual({
        kind: 'json',
        value: {
          attributes: [
            {
              external_id: '1',
              dob: '1990-05-28',
              date_of_first_session: '2025-01-01T00:00:00.000Z',
              since: '2026-05-28T23:30:00.000Z',
            },
          ],
          events: [
            { external_id: '1', name: 'seen', time: '2026-05-28T10:00:00.000Z' },
            { external_id: '1', name: 'left', time: '2026-05-01T23:30:00.000Z' },
          ],
          purchases: [
            {
              external_id: '1',
              product_id: 'sku',
              currency: 'EUR',
              price: 1,
              time: '2026-04-30T15:30:00.000Z',
            },
          ],
        },
      })
    })
  },
)
