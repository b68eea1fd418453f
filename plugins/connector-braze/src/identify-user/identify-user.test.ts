/** Given these profiles, these identifications go out, and what the answers mean. */
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
import { identifyUser } from './index.ts'

describe('Identify User', () => {
  it('sends profiles of every kind in one request, each kind in its own list', () => {
    expect(
      planOf(identifyUser, [
        { externalId: '1', aliasName: 'ann', aliasLabel: 'crm', email: 'ann@example.com' },
        { externalId: '2', email: 'bob@example.com', phone: '+31201234567' },
        { externalId: '3', phone: '+31201234568', prioritization: 'most_recently_updated' },
        { externalId: '4', aliasName: 'dora', aliasLabel: 'crm' },
      ]),
    ).toMatchInlineSnapshot(`
      [
        {
          "body": {
            "kind": "json",
            "value": {
              "aliases_to_identify": [
                {
                  "external_id": "1",
                  "user_alias": {
                    "alias_label": "crm",
                    "alias_name": "ann",
                  },
                },
                {
                  "external_id": "4",
                  "user_alias": {
                    "alias_label": "crm",
                    "alias_name": "dora",
                  },
                },
              ],
              "emails_to_identify": [
                {
                  "email": "bob@example.com",
                  "external_id": "2",
                  "prioritization": [
                    "unidentified",
                    "most_recently_updated",
                  ],
                },
              ],
              "phone_numbers_to_identify": [
                {
                  "external_id": "3",
                  "phone": "+31201234568",
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
              "effect": "set",
              "item": 0,
              "part": 0,
            },
            {
              "effect": "set",
              "item": 1,
              "part": 0,
            },
            {
              "effect": "set",
              "item": 2,
              "part": 0,
            },
            {
              "effect": "set",
              "item": 3,
              "part": 0,
            },
          ],
          "path": "/users/identify",
        },
      ]
    `)
  })

  it('sends at most 50 users a request, in their order', () => {
    const payloads = Array.from({ length: 101 }, (_, index) => ({ externalId: `${index}`, phone: '+31' }))
    expect(carried(planOf(identifyUser, payloads))).toEqual([
      `POST /users/identify: ${Array.from({ length: 50 }, (_, index) => index).join(' ')}`,
      `POST /users/identify: ${Array.from({ length: 50 }, (_, index) => index + 50).join(' ')}`,
      'POST /users/identify: 100',
    ])
  })

  it.each<[unknown, string[]]>([
    [{ email: 'ann@example.com' }, ['externalId: external_id_missing']],
    [{ externalId: ' ', email: 'ann@example.com' }, ['externalId: external_id_missing']],
    [{ externalId: '1' }, ['aliasName: profile_id_missing']],
    [{ externalId: '1', aliasName: 'ann', email: 'ann@example.com' }, ['aliasLabel: alias_incomplete']],
    [{ externalId: '1', email: 'nobody' }, ['email: invalid_email']],
    [{ externalId: '1', phone: '1', prioritization: 'all' }, ['prioritization: invalid_prioritization']],
  ])('refuses the record %j', (payload, issues) => {
    expect(issuesOf(identifyUser, payload)).toEqual(issues)
  })

  it('is for the user who gets the external ID', () => {
    const payload = identifyUser.parameters.parse({ externalId: '1', email: 'ann@example.com' })
    expect(identifyUser.recipient(payload)).toBe('external_id:1')
  })

  it.each<AnswerCase>([
    ...wholeAnswers,
    { status: 201, json: { aliases_processed: 2, message: 'success' }, verdict: { kind: 'delivered' } },
  ])('reads an answer $status $json for every user', (answer) => {
    const request = onlyRequest(
      planOf(identifyUser, [
        { externalId: '1', phone: '+311' },
        { externalId: '2', phone: '+312' },
      ]),
    )
    expect(verdictsOf(identifyUser, request, answer)).toEqual([answer.verdict, answer.verdict])
  })
})
