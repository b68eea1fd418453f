/** Which endpoint a method and a path lead to. */
import { expect, it } from 'vitest'
import { createRoutes } from './routes.ts'

const routes = createRoutes({ 'POST /users/track': 'track', 'PUT /catalogs/{name}/items': 'items' })

it.each<[string, string, object | undefined]>([
  ['POST', '/users/track', { endpoint: 'track', name: '' }],
  ['GET', '/users/track', undefined],
  ['POST', '/users/track/', undefined],
  ['PUT', '/catalogs/dishes/items', { endpoint: 'items', name: 'dishes' }],
  ['PUT', '/catalogs/a%2Fb/items', { endpoint: 'items', name: 'a/b' }],
  ['PUT', '/catalogs/%/items', { endpoint: 'items', name: '%' }],
  ['PUT', '/catalogs//items', undefined],
  ['PUT', '/catalogs/items', undefined],
  ['PUT', '/catalogs/a/b/items', undefined],
  ['DELETE', '/catalogs/dishes/items', undefined],
])('%s %s leads to %j', (method, path, match) => {
  expect(routes(method, path)).toEqual(match)
})
