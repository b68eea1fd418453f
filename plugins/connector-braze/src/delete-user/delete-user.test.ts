/** Given these users, these deletions go out, and what the answers mean. */
import type { RequestPlan, VendorResponse } from '@sluice/connector-sdk'
import { describe, expect, it } from 'vitest'
import { interpretDeleteUser } from './interpret.ts'
import { deleteUserParameters } from './parameters.ts'
import { planDeleteUser } from './plan.ts'

function plan(...payloads: unknown[]): readonly RequestPlan[] {
  return planDeleteUser(
    payloads.map((payload) => ({
      payload: deleteUserParameters.parse(payload),
      change: 'upsert' as const,
      key: '',
    })),
  )
}

describe('Delete User', () => {
  it('sends one kind of id a request, in the order in which the kinds appear', () => {
    expect(
      plan(
        { email: 'ann@example.com' },
        { externalId: '1', email: 'bob@example.com' },
        { aliasName: 'carl', aliasLabel: 'crm' },
        { externalId: '2' },
        { phone: '+31201234567', prioritization: 'most_recently_updated' },
        { brazeId: 'b-1' },
        { email: 'dora@example.com', prioritization: 'unidentified' },
      ),
    ).toMatchInlineSnapshot(`
      [
        {
          "body": {
            "kind": "json",
            "value": {
              "email_addresses": [
                {
                  "email": "ann@example.com",
                  "prioritization": [
                    "identified",
                    "most_recently_updated",
                  ],
                },
                {
                  "email": "dora@example.com",
                  "prioritization": [
                    "unidentified",
                    "most_recently_updated",
                  ],
                },
              ],
            },
          },
          "method": "POST",
          "parts": [
            {
              "effect": "append",
              "item": 0,
              "part": 0,
            },
            {
              "effect": "append",
              "item": 6,
              "part": 0,
            },
          ],
          "path": "/users/delete",
        },
        {
          "body": {
            "kind": "json",
            "value": {
              "external_ids": [
                "1",
                "2",
              ],
            },
          },
          "method": "POST",
          "parts": [
            {
              "effect": "set",
              "item": 1,
              "part": 0,
            },
            {
              "effect": "set",
              "item": 3,
              "part": 0,
            },
          ],
          "path": "/users/delete",
        },
        {
          "body": {
            "kind": "json",
            "value": {
              "user_aliases": [
                {
                  "alias_label": "crm",
                  "alias_name": "carl",
                },
              ],
            },
          },
          "method": "POST",
          "parts": [
            {
              "effect": "set",
              "item": 2,
              "part": 0,
            },
          ],
          "path": "/users/delete",
        },
        {
          "body": {
            "kind": "json",
            "value": {
              "phone_numbers": [
                {
                  "phone": "+31201234567",
                  "prioritization": [
                    "most_recently_updated",
                  ],
                },
              ],
            },
          },
          "method": "POST",
          "parts": [
            {
              "effect": "append",
              "item": 4,
              "part": 0,
            },
          ],
          "path": "/users/delete",
        },
        {
          "body": {
            "kind": "json",
            "value": {
              "braze_ids": [
                "b-1",
              ],
            },
          },
          "method": "POST",
          "parts": [
            {
              "effect": "set",
              "item": 5,
              "part": 0,
            },
          ],
          "path": "/users/delete",
        },
      ]
    `)
  })

  it('sends at most 50 ids a request', () => {
    const requests = plan(...Array.from({ length: 120 }, (_, index) => ({ externalId: `${index}` })))
    expect(requests.map(({ parts }) => parts.length)).toEqual([50, 50, 20])
    expect(requests.flatMap(({ parts }) => parts.map(({ item }) => item))).toEqual(
      Array.from({ length: 120 }, (_, index) => index),
    )
  })

  it('refuses a record without a user id, so that no empty id is ever sent', () => {
    const codes = (payload: unknown) =>
      deleteUserParameters.safeParse(payload).error?.issues.map(({ message }) => message)
    expect(codes({})).toEqual(['identifier_missing'])
    expect(codes({ externalId: null })).toEqual(['identifier_missing'])
    expect(codes({ aliasName: 'ann', email: 'ann@example.com' })).toEqual(['alias_incomplete'])
    expect(codes({ externalId: '1', prioritization: 'all' })).toEqual(['invalid_prioritization'])
  })

  it.each<[number, unknown, object]>([
    [201, { deleted: 2 }, { kind: 'delivered' }],
    [201, { deleted: 0, message: 'success' }, { kind: 'delivered' }],
    [201, undefined, { kind: 'unknown', code: 'unreadable_answer' }],
    [400, { message: 'x' }, { kind: 'refused', code: 'http_400', wholeRequest: true }],
    [401, { message: 'x' }, { kind: 'setup', code: 'invalid_api_key' }],
    [503, {}, { kind: 'retry', code: 'http_503' }],
    [429, {}, { kind: 'throttled' }],
  ])('reads an answer %d %j for every user', (status, json, verdict) => {
    const [request] = plan({ externalId: '1' }, { externalId: '2' })
    if (request === undefined) return expect.unreachable('no request was planned')
    const response: VendorResponse = { status, headers: {}, text: '', json, receivedAt: 0 }
    expect(interpretDeleteUser(request, response)).toEqual([verdict, verdict])
  })
})
