/** Given these items, these deletions go out, and what the answers mean. */
import { describe, expect, it } from 'vitest'
import {
  type AnswerCase,
  catalogAnswers,
  issuesOf,
  onlyRequest,
  planOf,
  verdictsOf,
} from '../testing/action-cases.ts'
import { deleteCatalogItems } from './index.ts'

const restaurant = { catalogName: 'restaurants' }

describe('Delete Catalog Items', () => {
  it('sends the ids of one catalog a request, in order of first appearance', () => {
    expect(
      planOf(deleteCatalogItems, [
        { ...restaurant, itemId: 'r-1' },
        { catalogName: 'dishes', itemId: 'd-1' },
        { ...restaurant, itemId: 'r-2' },
      ]),
    ).toMatchInlineSnapshot(`
      [
        {
          "body": {
            "kind": "json",
            "value": {
              "items": [
                {
                  "id": "r-1",
                },
                {
                  "id": "r-2",
                },
              ],
            },
          },
          "method": "DELETE",
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
          "method": "DELETE",
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
    const payloads = Array.from({ length: 51 }, (_, index) => ({ ...restaurant, itemId: `${index}` }))
    expect(planOf(deleteCatalogItems, payloads).map(({ parts }) => parts.length)).toEqual([50, 1])
  })

  it.each<[unknown, string[]]>([
    [{ itemId: '1' }, ['catalogName: catalog_name_missing']],
    [{ ...restaurant, itemId: ' ' }, ['itemId: item_id_missing']],
    [{ ...restaurant, itemId: 'é' }, ['itemId: invalid_item_id']],
  ])('refuses the record %j', (payload, issues) => {
    expect(issuesOf(deleteCatalogItems, payload)).toEqual(issues)
  })

  it.each<AnswerCase>(catalogAnswers)('reads an answer $status $json for every item', (answer) => {
    const payloads = [
      { ...restaurant, itemId: '1' },
      { ...restaurant, itemId: '2' },
    ]
    const request = onlyRequest(planOf(deleteCatalogItems, payloads))
    expect(verdictsOf(deleteCatalogItems, request, answer)).toEqual([answer.verdict, answer.verdict])
  })
})
