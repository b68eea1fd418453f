/** The simulator's catalog items. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type BrazeSimulator, createBrazeSimulator } from './simulator.ts'
import { type Client, createClient } from './test-client.ts'

let braze: BrazeSimulator
let client: Client

beforeEach(async () => {
  braze = await createBrazeSimulator({ catalogs: { restaurants: ['city', 'rating', 'menu'], dishes: [] } })
  client = createClient(braze)
})
afterEach(() => braze.close())

const put = (items: unknown, name = 'restaurants') => client.send('PUT', `/catalogs/${name}/items`, { items })
const remove = (items: unknown, name = 'restaurants') =>
  client.send('DELETE', `/catalogs/${name}/items`, { items })
const contents = () => [...braze.catalog('restaurants').values()]

describe('catalog items', () => {
  it('are made, replaced as a whole, and deleted', async () => {
    const answer = await put([
      { id: '1', city: 'Utrecht', rating: 4 },
      { id: '2', city: 'Ghent' },
    ])
    expect(answer).toMatchObject({ status: 202, body: { message: 'success' } })
    await put([{ id: '1', rating: 5 }])
    expect(contents()).toEqual([
      { id: '1', rating: 5 },
      { id: '2', city: 'Ghent' },
    ])
    expect((await remove([{ id: '1' }, { id: 'nothing' }])).status).toBe(202)
    expect(contents()).toEqual([{ id: '2', city: 'Ghent' }])
    expect([...braze.catalog('dishes')]).toEqual([])
  })

  it.each([
    ['PUT', put],
    ['DELETE', remove],
  ])('of no catalog are refused: %s', async (_, send) => {
    expect(await send([{ id: '1' }], 'nothing')).toMatchObject({
      status: 404,
      body: {
        message: 'Invalid Request',
        errors: [{ id: 'catalog-not-found', parameters: ['catalog_name'], parameter_values: ['nothing'] }],
      },
    })
  })

  it.each<[string, unknown]>([
    ['item-array-invalid', 'nothing'],
    ['item-array-invalid', []],
    ['request-includes-too-many-items', Array.from({ length: 51 }, (_, id) => ({ id: `${id}` }))],
    ['items-missing-ids', [{ id: '1' }, {}]],
    ['ids-not-strings', [{ id: '1' }, { id: 2 }]],
    ['ids-too-large', [{ id: 'r'.repeat(251) }]],
    ['invalid-ids', [{ id: 'r 1' }]],
    ['ids-not-unique', [{ id: '1' }, { id: '1' }]],
  ])('with %s are refused as a whole', async (id, items) => {
    await put([{ id: '1', city: 'Utrecht' }])
    for (const send of [put, remove]) {
      expect(await send(items)).toMatchObject({ status: 400, body: { errors: [{ id }] } })
    }
    expect(contents()).toEqual([{ id: '1', city: 'Utrecht' }])
  })

  it.each<[string, object]>([
    ['invalid-fields', { country: 'NL' }],
    ['items-too-large', { city: 'u'.repeat(5001) }],
    ['invalid-keys-in-value-object', { menu: { deep: [{ 'a.b': 1 }] } }],
    [
      'too-deep-nesting-in-value-object',
      { menu: Array.from({ length: 51 }).reduce((inner) => ({ inner }), {}) as object },
    ],
  ])('with %s are not put', async (id, fields) => {
    expect(await put([{ id: '1' }, { id: '2', ...fields }])).toMatchObject({
      status: 400,
      body: { errors: [{ id, parameters: ['id'], parameter_values: ['2'] }] },
    })
    expect(contents()).toEqual([])
  })

  it('share one limit', async () => {
    const limited = await createBrazeSimulator({ catalogRequestsPerWindow: 1, catalogs: { dishes: [] } })
    const { send } = createClient(limited)
    const items = [{ id: '1' }]
    expect((await send('PUT', '/catalogs/dishes/items', { items })).status).toBe(202)
    expect((await send('DELETE', '/catalogs/dishes/items', { items })).status).toBe(429)
    await limited.close()
  })
})
