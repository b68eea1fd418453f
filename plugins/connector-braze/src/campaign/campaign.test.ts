/** Given these users, these campaigns are triggered, and what the answers mean. */
import { describe, expect, it } from 'vitest'
import {
  type AnswerCase,
  carried,
  issuesOf,
  messageAnswers,
  onlyRequest,
  planOf,
  verdictsOf,
} from '../testing/action-cases.ts'
import { campaign } from './index.ts'

const welcome = { campaignId: 'welcome' }

describe('Campaign', () => {
  it('sends recipients by every kind of id, each with what is its own', () => {
    expect(
      planOf(campaign, [
        {
          ...welcome,
          externalId: '1',
          email: 'ann@example.com',
          triggerProperties: { price: 12.5, tags: ['a'], at: new Date('2026-05-28T10:00:00Z'), none: null },
          attributes: { first_name: 'Ann' },
        },
        { ...welcome, brazeId: 'b-1' },
        { ...welcome, aliasName: 'carl', aliasLabel: 'crm', triggerProperties: {} },
        { ...welcome, email: 'dora@example.com', prioritization: 'unidentified' },
        { ...welcome, externalId: '5', attributes: { tier: 'gold' }, sendToExistingOnly: false },
      ]),
    ).toMatchInlineSnapshot(`
      [
        {
          "body": {
            "kind": "json",
            "value": {
              "campaign_id": "welcome",
              "recipients": [
                {
                  "attributes": {
                    "first_name": "Ann",
                  },
                  "external_user_id": "1",
                  "trigger_properties": {
                    "at": "2026-05-28T10:00:00.000Z",
                    "price": 12.5,
                    "tags": [
                      "a",
                    ],
                  },
                },
                {
                  "braze_id": "b-1",
                },
                {
                  "user_alias": {
                    "alias_label": "crm",
                    "alias_name": "carl",
                  },
                },
                {
                  "email": "dora@example.com",
                  "prioritization": [
                    "unidentified",
                    "most_recently_updated",
                  ],
                },
                {
                  "attributes": {
                    "tier": "gold",
                  },
                  "external_user_id": "5",
                  "send_to_existing_only": false,
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
              "item": 1,
              "part": 0,
            },
            {
              "effect": "append",
              "item": 2,
              "part": 0,
            },
            {
              "effect": "append",
              "item": 3,
              "part": 0,
            },
            {
              "effect": "append",
              "item": 4,
              "part": 0,
            },
          ],
          "path": "/campaigns/trigger/send",
        },
      ]
    `)
  })

  it('sends one campaign and send a request, in order of first appearance', () => {
    const requests = planOf(campaign, [
      { ...welcome, externalId: '1' },
      { campaignId: 'offer', externalId: '2' },
      { ...welcome, externalId: '3', sendId: 'spring' },
      { ...welcome, externalId: '4', sendId: '' },
      { campaignId: 'offer', externalId: '5' },
    ])
    expect(carried(requests)).toEqual([
      'POST /campaigns/trigger/send: 0 3',
      'POST /campaigns/trigger/send: 1 4',
      'POST /campaigns/trigger/send: 2',
    ])
    expect(requests.map(({ body }) => body)).toMatchObject([
      { value: { campaign_id: 'welcome' } },
      { value: { campaign_id: 'offer' } },
      { value: { campaign_id: 'welcome', send_id: 'spring' } },
    ])
  })

  it('sends at most 50 recipients a request, and each counts', () => {
    const payloads = Array.from({ length: 120 }, (_, index) => ({ ...welcome, externalId: `${index}` }))
    const requests = planOf(campaign, payloads)
    expect(requests.map(({ parts }) => parts.length)).toEqual([50, 50, 20])
    expect(new Set(requests.flatMap(({ parts }) => parts.map(({ effect }) => effect)))).toEqual(
      new Set(['append']),
    )
  })

  it.each<[unknown, string[]]>([
    [{ externalId: '1' }, ['campaignId: campaign_id_missing']],
    [{ ...welcome, phone: '+31201234567' }, ['externalId: identifier_missing']],
    [{ ...welcome, aliasName: 'ann' }, ['aliasLabel: alias_incomplete']],
    [{ ...welcome, externalId: '1', sendToExistingOnly: false }, ['attributes: attributes_missing']],
    [
      { ...welcome, aliasName: 'a', aliasLabel: 'b', sendToExistingOnly: false, attributes: { tier: 1 } },
      ['sendToExistingOnly: alias_not_creatable'],
    ],
    [
      { ...welcome, externalId: '1', triggerProperties: { price: Number.NaN } },
      ['triggerProperties.price: invalid_message_property'],
    ],
    [{ ...welcome, externalId: '1', attributes: { ' ': 1 } }, ['attributes. : invalid_attribute_value']],
  ])('refuses the record %j', (payload, issues) => {
    expect(issuesOf(campaign, payload)).toEqual(issues)
  })

  it('refuses properties of more than 50 KB', () => {
    const payload = { ...welcome, externalId: '1', triggerProperties: { text: 'é'.repeat(25_000) } }
    expect(issuesOf(campaign, payload)).toEqual(['triggerProperties: message_properties_too_large'])
  })

  it.each<AnswerCase>([
    ...messageAnswers,
    {
      status: 201,
      json: { message: 'success', notice: 'The campaign is paused. Resume the campaign.' },
      verdict: { kind: 'deliveredWithWarning', code: 'campaign_paused' },
    },
    {
      status: 400,
      json: { message: 'Invalid Campaign ID' },
      verdict: { kind: 'refused', code: 'unknown_campaign' },
    },
    {
      status: 400,
      json: { message: 'The campaign is archived. Unarchive the campaign.' },
      verdict: { kind: 'refused', code: 'campaign_archived' },
    },
  ])('reads an answer $status $json for every recipient', (answer) => {
    const payloads = [
      { ...welcome, externalId: '1' },
      { ...welcome, externalId: '2' },
    ]
    const request = onlyRequest(planOf(campaign, payloads))
    expect(verdictsOf(campaign, request, answer)).toEqual([answer.verdict, answer.verdict])
  })
})
