/** Given these users, these changes of several groups go out, and what the answers mean. */
import { describe, expect, it } from 'vitest'
import {
  type AnswerCase,
  issuesOf,
  onlyRequest,
  planOf,
  verdictsOf,
  wholeAnswers,
} from '../testing/action-cases.ts'
import { subscriptionGroupsStatus } from './index.ts'

const groups = { news: 'subscribed', offers: 'unsubscribed' }

describe('Subscription Groups Status', () => {
  it('sends an entry a group and state with the ids of its users, and ids of one kind a request', () => {
    expect(
      planOf(subscriptionGroupsStatus, [
        { externalId: '1', subscriptionGroups: groups },
        { externalId: '2', subscriptionGroups: { offers: 'subscribed', news: 'subscribed' } },
        { email: 'ann@example.com', subscriptionGroups: { news: 'subscribed' } },
        { phone: '+31201234567', subscriptionGroups: { texts: 'subscribed' }, useDoubleOptIn: true },
      ]),
    ).toMatchInlineSnapshot(`
      [
        {
          "body": {
            "kind": "json",
            "value": {
              "subscription_groups": [
                {
                  "external_ids": [
                    "1",
                    "2",
                  ],
                  "subscription_group_id": "news",
                  "subscription_state": "subscribed",
                },
                {
                  "external_ids": [
                    "1",
                  ],
                  "subscription_group_id": "offers",
                  "subscription_state": "unsubscribed",
                },
                {
                  "external_ids": [
                    "2",
                  ],
                  "subscription_group_id": "offers",
                  "subscription_state": "subscribed",
                },
              ],
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
              "item": 1,
              "part": 1,
            },
            {
              "effect": "set",
              "item": 0,
              "part": 1,
            },
            {
              "effect": "set",
              "item": 1,
              "part": 0,
            },
          ],
          "path": "/v2/subscription/status/set",
        },
        {
          "body": {
            "kind": "json",
            "value": {
              "subscription_groups": [
                {
                  "emails": [
                    "ann@example.com",
                  ],
                  "subscription_group_id": "news",
                  "subscription_state": "subscribed",
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
          "path": "/v2/subscription/status/set",
        },
        {
          "body": {
            "kind": "json",
            "value": {
              "subscription_groups": [
                {
                  "phones": [
                    "+31201234567",
                  ],
                  "subscription_group_id": "texts",
                  "subscription_state": "subscribed",
                  "use_double_opt_in_logic": true,
                },
              ],
            },
          },
          "method": "POST",
          "parts": [
            {
              "effect": "set",
              "item": 3,
              "part": 0,
            },
          ],
          "path": "/v2/subscription/status/set",
        },
      ]
    `)
  })

  it('asks for a confirmation only where someone joins', () => {
    const payload = { externalId: '1', subscriptionGroups: groups, useDoubleOptIn: true }
    expect(onlyRequest(planOf(subscriptionGroupsStatus, [payload])).body).toMatchObject({
      value: {
        subscription_groups: [
          { subscription_group_id: 'news', use_double_opt_in_logic: true },
          expect.not.objectContaining({ use_double_opt_in_logic: true }),
        ],
      },
    })
  })

  it('addresses every group of every user once, with at most 50 entries a request and 50 ids an entry', () => {
    const payloads = Array.from({ length: 120 }, (_, user) => ({
      externalId: `${user}`,
      subscriptionGroups: Object.fromEntries(
        Array.from({ length: user % 7 === 0 ? 60 : 1 }, (_, group) => [`group-${group}`, 'subscribed']),
      ),
    }))
    const requests = planOf(subscriptionGroupsStatus, payloads)
    for (const { body } of requests) {
      const { subscription_groups: entries } = (body?.kind === 'json' ? body.value : {}) as {
        subscription_groups: readonly { external_ids: readonly string[] }[]
      }
      expect(entries.length).toBeLessThanOrEqual(50)
      for (const { external_ids: ids } of entries) expect(ids.length).toBeLessThanOrEqual(50)
    }
    const addressed = requests.flatMap(({ parts }) => parts.map(({ item, part }) => `${item}/${part}`))
    const expected = payloads.flatMap(({ subscriptionGroups }, item) =>
      Object.keys(subscriptionGroups).map((_, part) => `${item}/${part}`),
    )
    expect([...addressed].sort()).toEqual([...expected].sort())
  })

  it.each<[unknown, string[]]>([
    [{ subscriptionGroups: groups }, ['externalId: identifier_missing']],
    [{ externalId: '1', subscriptionGroups: {} }, ['subscriptionGroups: subscription_group_missing']],
    [{ externalId: '1' }, ['subscriptionGroups: subscription_group_missing']],
    [
      { externalId: '1', subscriptionGroups: { news: 'opted_in' } },
      ['subscriptionGroups.news: invalid_subscription_state'],
    ],
  ])('refuses the record %j', (payload, issues) => {
    expect(issuesOf(subscriptionGroupsStatus, payload)).toEqual(issues)
  })

  it.each<AnswerCase>([
    ...wholeAnswers,
    { status: 201, json: { message: 'success' }, verdict: { kind: 'delivered' } },
  ])('reads an answer $status $json for every group', (answer) => {
    const request = onlyRequest(
      planOf(subscriptionGroupsStatus, [{ externalId: '1', subscriptionGroups: groups }]),
    )
    expect(verdictsOf(subscriptionGroupsStatus, request, answer)).toEqual([answer.verdict, answer.verdict])
  })
})
