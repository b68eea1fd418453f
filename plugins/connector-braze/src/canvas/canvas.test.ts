/** Given these users, these Canvases are triggered, and what the answers mean. */
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
import { canvas } from './index.ts'

const welcome = { canvasId: 'welcome' }

describe('Canvas', () => {
  it('sends recipients with their own context', () => {
    expect(
      planOf(canvas, [
        { ...welcome, externalId: '1', context: { price: 12.5 }, attributes: { first_name: 'Ann' } },
        { ...welcome, email: 'bob@example.com' },
      ]),
    ).toMatchInlineSnapshot(`
      [
        {
          "body": {
            "kind": "json",
            "value": {
              "canvas_id": "welcome",
              "recipients": [
                {
                  "attributes": {
                    "first_name": "Ann",
                  },
                  "context": {
                    "price": 12.5,
                  },
                  "external_user_id": "1",
                },
                {
                  "email": "bob@example.com",
                  "prioritization": [
                    "identified",
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
              "item": 1,
              "part": 0,
            },
          ],
          "path": "/canvas/trigger/send",
        },
      ]
    `)
  })

  it('sends one Canvas a request and at most 50 recipients, in order of first appearance', () => {
    const offer = { canvasId: 'offer' }
    const requests = planOf(canvas, [
      ...Array.from({ length: 51 }, (_, index) => ({ ...welcome, externalId: `${index}` })),
      { ...offer, externalId: '51' },
      { ...welcome, externalId: '52' },
    ])
    expect(carried(requests).map((each) => each.split(' ').length - 2)).toEqual([50, 2, 1])
    expect(requests.map(({ body }) => body)).toMatchObject([
      { value: { canvas_id: 'welcome' } },
      { value: { canvas_id: 'welcome' } },
      { value: { canvas_id: 'offer' } },
    ])
  })

  it.each<[unknown, string[]]>([
    [{ externalId: '1' }, ['canvasId: canvas_id_missing']],
    [{ ...welcome, canvasId: ' ', externalId: '1' }, ['canvasId: canvas_id_missing']],
    [welcome, ['externalId: identifier_missing']],
  ])('refuses the record %j', (payload, issues) => {
    expect(issuesOf(canvas, payload)).toEqual(issues)
  })

  it.each<AnswerCase>([
    ...messageAnswers,
    {
      status: 201,
      json: { message: 'success', notice: 'The Canvas is paused. Resume the Canvas.' },
      verdict: { kind: 'deliveredWithWarning', code: 'canvas_paused' },
    },
    {
      status: 201,
      json: { message: 'success', notice: 'The Canvas is archived. Unarchive the Canvas.' },
      verdict: { kind: 'deliveredWithWarning', code: 'canvas_archived' },
    },
    {
      status: 400,
      json: { message: 'Invalid Canvas ID' },
      verdict: { kind: 'refused', code: 'unknown_canvas' },
    },
  ])('reads an answer $status $json for every recipient', (answer) => {
    const payloads = [
      { ...welcome, externalId: '1' },
      { ...welcome, externalId: '2' },
    ]
    const request = onlyRequest(planOf(canvas, payloads))
    expect(verdictsOf(canvas, request, answer)).toEqual([answer.verdict, answer.verdict])
  })
})
