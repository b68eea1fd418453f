/** Given these users, these changes of one group go out, and what the answers mean. */
import { describe, expect, it } from 'vitest'
import {
  type AnswerCase,
  carried,
  issuesOf,
  onlyRequest,
  planOf,
  verdictsOf,
  wholeAnswers,
} from '../testing/action-cases.ts'
import { subscriptionGroupStatus } from './index.ts'

const news = { subscriptionGroupId: 'news', subscriptionState: 'subscribed' }

describe('Subscription Group Status', () => {
  it('sends one group, one state and ids of one kind a request, in order of first appearance', () => {
    expect(
      planOf(subscriptionGroupStatus, [
        { ...news, externalId: '1', email: 'ann@example.com' },
        { ...news, email: 'bob@example.com' },
        { ...news, externalId: '2', subscriptionState: 'unsubscribed' },
        { ...news, externalId: '3' },
        { ...news, phone: '0031 20 123 4567' },
        { ...news, externalId: '4', subscriptionGroupId: 'offers' },
        { ...news, email: 'dora@example.com' },
      ]),
    ).toMatchInlineSnapshot(`
      [
        {
          "body": {
            "kind": "json",
            "value": {
              "external_id": [
                "1",
                "3",
              ],
              "subscription_group_id": "news",
              "subscription_state": "subscribed",
            },
          },
          "method": "POST",
          "parts": [
            {
              "effect": "set",
              "item": 0,
              "part": 0,
            },
            {
              "effect": "set",
              "item": 3,
              "part": 0,
            },
          ],
          "path": "/subscription/status/set",
        },
        {
          "body": {
            "kind": "json",
            "value": {
              "email": [
                "bob@example.com",
                "dora@example.com",
              ],
              "subscription_group_id": "news",
              "subscription_state": "subscribed",
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
              "item": 6,
              "part": 0,
            },
          ],
          "path": "/subscription/status/set",
        },
        {
          "body": {
            "kind": "json",
            "value": {
              "external_id": [
                "2",
              ],
              "subscription_group_id": "news",
              "subscription_state": "unsubscribed",
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
          "path": "/subscription/status/set",
        },
        {
          "body": {
            "kind": "json",
            "value": {
              "phone": [
                "+31201234567",
              ],
              "subscription_group_id": "news",
              "subscription_state": "subscribed",
            },
          },
          "method": "POST",
          "parts": [
            {
              "effect": "set",
              "item": 4,
              "part": 0,
            },
          ],
          "path": "/subscription/status/set",
        },
        {
          "body": {
            "kind": "json",
            "value": {
              "external_id": [
                "4",
              ],
              "subscription_group_id": "offers",
              "subscription_state": "subscribed",
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
          "path": "/subscription/status/set",
        },
      ]
    `)
  })

  it('sends at most 50 users a request', () => {
    const payloads = Array.from({ length: 120 }, (_, index) => ({ ...news, externalId: `${index}` }))
    const requests = planOf(subscriptionGroupStatus, payloads)
    expect(requests.map(({ parts }) => parts.length)).toEqual([50, 50, 20])
    expect(carried(requests).at(-1)).toMatch(/^POST \/subscription\/status\/set: 100 101 .* 119$/)
  })

  it.each<[unknown, string[]]>([
    [news, ['externalId: identifier_missing']],
    [
      { ...news, externalId: '1', subscriptionGroupId: ' ' },
      ['subscriptionGroupId: subscription_group_missing'],
    ],
    [
      { ...news, externalId: '1', subscriptionState: 'opted_in' },
      ['subscriptionState: invalid_subscription_state'],
    ],
    [{ ...news, phone: '020 123 4567' }, ['phone: invalid_phone']],
    [{ ...news, phone: '+3120123456789012' }, ['phone: invalid_phone']],
    [{ ...news, email: 'nobody' }, ['email: invalid_email']],
  ])('refuses the record %j', (payload, issues) => {
    expect(issuesOf(subscriptionGroupStatus, payload)).toEqual(issues)
  })

  it('is for the user whose id is sent', () => {
    const recipient = (payload: object) =>
      subscriptionGroupStatus.recipient(subscriptionGroupStatus.parameters.parse({ ...news, ...payload }))
    expect(recipient({ externalId: '1', email: 'ann@example.com' })).toBe('external_id:1')
    expect(recipient({ email: 'Ann@example.com' })).toBe('email:ann@example.com')
  })

  it.each<AnswerCase>([
    ...wholeAnswers,
    { status: 201, json: { message: 'success' }, verdict: { kind: 'delivered' } },
    {
      status: 400,
      json: { message: 'Either an email address or a phone number should be provided, but not both.' },
      verdict: { kind: 'refused', code: 'several_identifiers', wholeRequest: true },
    },
  ])('reads an answer $status $json for every user', (answer) => {
    const payloads = [
      { ...news, externalId: '1' },
      { ...news, externalId: '2' },
    ]
    const request = onlyRequest(planOf(subscriptionGroupStatus, payloads))
    expect(verdictsOf(subscriptionGroupStatus, request, answer)).toEqual([answer.verdict, answer.verdict])
  })
})
