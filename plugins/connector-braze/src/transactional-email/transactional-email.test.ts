/** Given these users, these e-mails are sent, and what the answers mean. */
import { describe, expect, it } from 'vitest'
import {
  type AnswerCase,
  issuesOf,
  messageAnswers,
  onlyRequest,
  planOf,
  verdictsOf,
} from '../testing/action-cases.ts'
import { transactionalEmail } from './index.ts'

const receipt = { campaignId: 'receipt' }

describe('Transactional E-mail', () => {
  it('sends one e-mail a request, named by the key of its item', () => {
    expect(
      planOf(transactionalEmail, [
        {
          ...receipt,
          externalId: '1',
          triggerProperties: { order_number: '1042' },
          attributes: { email: 'ann@example.com' },
        },
        { campaignId: 'offer', aliasName: 'bob', aliasLabel: 'crm' },
      ]),
    ).toMatchInlineSnapshot(`
      [
        {
          "body": {
            "kind": "json",
            "value": {
              "external_send_id": "key-0",
              "recipient": {
                "attributes": {
                  "email": "ann@example.com",
                },
                "external_user_id": "1",
              },
              "trigger_properties": {
                "order_number": "1042",
              },
            },
          },
          "method": "POST",
          "parts": [
            {
              "effect": "append",
              "isDeduplicated": true,
              "item": 0,
              "part": 0,
            },
          ],
          "path": "/transactional/v1/campaigns/receipt/send",
        },
        {
          "body": {
            "kind": "json",
            "value": {
              "external_send_id": "key-1",
              "recipient": {
                "user_alias": {
                  "alias_label": "crm",
                  "alias_name": "bob",
                },
              },
            },
          },
          "method": "POST",
          "parts": [
            {
              "effect": "append",
              "isDeduplicated": true,
              "item": 1,
              "part": 0,
            },
          ],
          "path": "/transactional/v1/campaigns/offer/send",
        },
      ]
    `)
  })

  it('names an e-mail in characters that Braze takes, whatever the key', () => {
    const names = ['a1+/=_-', '["2026-05-28","é"]'].map((key) => {
      const payload = transactionalEmail.parameters.parse({ ...receipt, externalId: '1' })
      const request = onlyRequest(
        transactionalEmail.plan([{ payload, change: 'upsert', key }], { settings: {}, now: 0 }),
      )
      const { external_send_id: name } = (request.body?.kind === 'json' ? request.body.value : {}) as {
        external_send_id?: string
      }
      return name
    })
    expect(names[0]).toBe('a1+/=_-')
    expect(names[1]).toMatch(/^[a-f0-9]{64}$/)
  })

  it.each<[unknown, string[]]>([
    [{ externalId: '1' }, ['campaignId: campaign_id_missing']],
    [{ campaignId: '..', externalId: '1' }, ['campaignId: invalid_campaign_id']],
    [receipt, ['externalId: identifier_missing']],
    [{ ...receipt, email: 'ann@example.com' }, ['externalId: identifier_missing']],
    [{ ...receipt, aliasLabel: 'crm' }, ['aliasName: alias_incomplete']],
  ])('refuses the record %j', (payload, issues) => {
    expect(issuesOf(transactionalEmail, payload)).toEqual(issues)
  })

  it.each<AnswerCase>([
    ...messageAnswers,
    {
      status: 201,
      json: { dispatch_id: 'd1', status: 'sent', metadata: {} },
      verdict: { kind: 'delivered' },
    },
    {
      status: 201,
      json: { dispatch_id: 'd1', status: 'aborted' },
      verdict: { kind: 'refused', code: 'message_aborted' },
    },
    {
      status: 400,
      json: { message: 'The external reference has been queued. Please retry to obtain send_id.' },
      verdict: { kind: 'delivered' },
    },
    {
      status: 400,
      json: {
        message:
          'The campaign is not a transactional campaign. Only transactional campaigns may use this endpoint',
      },
      verdict: { kind: 'refused', code: 'campaign_not_transactional' },
    },
    {
      status: 400,
      json: { message: 'Campaign does not exist' },
      verdict: { kind: 'refused', code: 'unknown_campaign' },
    },
    {
      status: 404,
      json: { message: 'Not Found' },
      verdict: { kind: 'refused', code: 'unknown_campaign' },
    },
    {
      status: 400,
      json: {
        message: 'The campaign is paused. Resume the campaign in order for trigger requests to take effect.',
      },
      verdict: { kind: 'refused', code: 'campaign_paused' },
    },
    {
      status: 400,
      json: { message: 'You do not have permission to access this resource' },
      verdict: { kind: 'setup', code: 'access_denied' },
    },
    {
      status: 400,
      json: { message: 'Error authenticating credentials' },
      verdict: { kind: 'setup', code: 'invalid_api_key' },
    },
  ])('reads an answer $status $json', (answer) => {
    const request = onlyRequest(planOf(transactionalEmail, [{ ...receipt, externalId: '1' }]))
    expect(verdictsOf(transactionalEmail, request, answer)).toEqual([answer.verdict])
  })
})
