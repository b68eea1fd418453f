/** Given these items, these requests go out, and what the answers mean. */
import { describe, expect, it } from 'vitest'
import {
  type AnswerCase,
  carried,
  catalogAnswers,
  issuesOf,
  onlyRequest,
  planOf,
  verdictsOf,
} from '../testing/action-cases.ts'
import { catalogItems } from './index.ts'

const restaurant = { catalogName: 'restaurants' }

describe('Catalog Items', () => {
  it('sends the items of one catalog a request, in order of first appearance', () => {
    expect(
      planOf(catalogItems, [
        { ...restaurant, itemId: 'r-1', fields: { city: 'Utrecht', rating: 4, isOpen: true, none: null } },
        { catalogName: 'dishes', itemId: 'd-1' },
        {
          ...restaurant,
          itemId: 'r-2',
          fields: { since: new Date('2026-05-28T10:00:00Z'), tags: ['a', 'b'] },
        },
      ]),
    ).toMatchInlineSnapshot(`
      [
        {
          "body": {
            "kind": "json",
            "value": {
              "items": [
                {
                  "city": "Utrecht",
                  "id": "r-1",
                  "isOpen": true,
                  "rating": 4,
                },
                {
                  "id": "r-2",
                  "since": "2026-05-28T10:00:00.000Z",
                  "tags": [
                    "a",
                    "b",
                  ],
                },
              ],
            },
          },
          "method": "PUT",
          "parts": [
            {
              "effect": "set",
              "item": 0,
              "part": 0,
            },
            {
              "effect": "set",
              "item": 2,
              "part": 0,
            },
          ],
          "path": "/catalogs/restaurants/items",
        },
        {
          "body": {
            "kind": "json",
            "value": {
              "items": [
                {
                  "id": "d-1",
                },
              ],
            },
          },
          "method": "PUT",
          "parts": [
            {
              "effect": "set",
              "item": 1,
              "part": 0,
            },
          ],
          "path": "/catalogs/dishes/items",
        },
      ]
    `)
  })

  it('sends at most 50 items a request', () => {
    const payloads = Array.from({ length: 120 }, (_, index) => ({ ...restaurant, itemId: `${index}` }))
    const requests = planOf(catalogItems, payloads)
    expect(requests.map(({ parts }) => parts.length)).toEqual([50, 50, 20])
    expect(carried(requests).at(-1)).toMatch(/^PUT \/catalogs\/restaurants\/items: 100 101 .* 119$/)
  })

  it.each<[unknown, string[]]>([
    [{ itemId: '1' }, ['catalogName: catalog_name_missing']],
    [{ catalogName: '../users', itemId: '1' }, ['catalogName: invalid_catalog_name']],
    [restaurant, ['itemId: item_id_missing']],
    [{ ...restaurant, itemId: 'r 1' }, ['itemId: invalid_item_id']],
    [{ ...restaurant, itemId: 'r'.repeat(251) }, ['itemId: invalid_item_id']],
    [{ ...restaurant, itemId: '1', fields: { id: '2' } }, ['fields.id: reserved_field_name']],
    [{ ...restaurant, itemId: '1', fields: { rating: Number.NaN } }, ['fields.rating: invalid_item_value']],
  ])('refuses the record %j', (payload, issues) => {
    expect(issuesOf(catalogItems, payload)).toEqual(issues)
  })

  it('keeps the order of one item of one catalog', () => {
    const recipient = (catalogName: string, itemId: string) =>
      catalogItems.recipient(catalogItems.parameters.parse({ catalogName, itemId }))
    expect(recipient('restaurants', '1')).toBe(recipient(' restaurants', '1 '))
    expect(recipient('restaurants', '1')).not.toBe(recipient('dishes', '1'))
  })

  it.each<AnswerCase>(catalogAnswers)('reads an answer $status $json for every item', (answer) => {
    const payloads = [
      { ...restaurant, itemId: '1' },
      { ...restaurant, itemId: '2' },
    ]
    const request = onlyRequest(planOf(catalogItems, payloads))
    expect(verdictsOf(catalogItems, request, answer)).toEqual([answer.verdict, answer.verdict])
  })
})
