/** The connector as an installed plugin: its definition, forms, settings and connection test. */
import { isBranded, secretNames, type VendorResponse, z } from '@sluice/connector-sdk'
import { describe, expect, it } from 'vitest'
import connector from './index.ts'

const allIds = ['externalId', 'brazeId', 'aliasName', 'email', 'phone']

describe('the Braze connector', () => {
  it('is a connector of the contract, with its actions', () => {
    expect(isBranded(connector, 'connector')).toBe(true)
    expect(connector.id).toBe('braze')
    expect(Object.keys(connector.actions)).toEqual([
      'track-user',
      'track-user-single',
      'delete-user',
      'identify-user',
      'subscription-group-status',
      'subscription-groups-status',
      'campaign',
      'canvas',
      'transactional-email',
      'catalog-items',
      'delete-catalog-items',
    ])
  })

  it('has forms that render as JSON Schema, with a title and a description for every field', () => {
    const forms = [
      connector.settings,
      ...Object.values(connector.actions).map(({ parameters }) => parameters),
    ]
    for (const form of forms) {
      const { properties = {} } = z.toJSONSchema(form, { io: 'input' })
      for (const [name, field] of Object.entries(properties)) {
        expect(field, name).toMatchObject({ title: expect.any(String), description: expect.any(String) })
      }
    }
  })

  it('marks the API key as secret, the open groups as open and the lists as repeated', () => {
    expect(secretNames(connector.settings)).toEqual(['apiKey'])
    const { properties } = z.toJSONSchema(
      connector.actions['track-user']?.parameters ?? expect.unreachable('no such action'),
      { io: 'input' },
    )
    const marked = (mark: string) =>
      Object.entries(properties ?? {}).flatMap(([name, field]) =>
        typeof field === 'object' && field[mark] === true ? [name] : [],
      )
    expect(marked('open')).toEqual(['attributes', 'increment', 'decrement', 'addToArray', 'removeFromArray'])
    expect(marked('repeated')).toEqual(['events', 'purchases', 'subscriptionGroups', 'pushTokens'])
  })

  it('say of each action by which ids it takes a user, and that an alias is whole', () => {
    const saying = Object.entries(connector.actions).map(([type, { parameters }]) => {
      const { anyOf = [], dependentRequired } = z.toJSONSchema(parameters, { io: 'input' })
      const ids = anyOf.flatMap((each) => (typeof each === 'object' ? (each.required ?? []) : []))
      return [type, ids, dependentRequired !== undefined]
    })
    expect(saying).toEqual([
      ['track-user', [...allIds, 'pushTokens'], true],
      ['track-user-single', [...allIds, 'pushTokens'], true],
      ['delete-user', allIds, true],
      ['identify-user', ['aliasName', 'email', 'phone'], true],
      ['subscription-group-status', ['externalId', 'email', 'phone'], false],
      ['subscription-groups-status', ['externalId', 'email', 'phone'], false],
      ['campaign', ['externalId', 'brazeId', 'aliasName', 'email'], true],
      ['canvas', ['externalId', 'brazeId', 'aliasName', 'email'], true],
      ['transactional-email', ['externalId', 'aliasName'], true],
      ['catalog-items', [], false],
      ['delete-catalog-items', [], false],
    ])
  })

  it.each([
    ['subscription-groups-status', 'subscriptionGroups'],
    ['campaign', 'triggerProperties'],
    ['campaign', 'attributes'],
    ['canvas', 'context'],
    ['transactional-email', 'triggerProperties'],
    ['catalog-items', 'fields'],
  ])('takes entries of any name: %s has an open group of %s', (action, group) => {
    const form = connector.actions[action]?.parameters ?? expect.unreachable('no such action')
    expect(z.toJSONSchema(form, { io: 'input' }).properties?.[group]).toMatchObject({ open: true })
  })

  it('sends to the origin of the endpoint, whatever stands behind it', () => {
    for (const tail of ['', '/', '///', '/users/track', '/?key=1']) {
      expect(connector.baseUrl({ endpoint: `https://rest.iad-01.braze.com${tail}` })).toBe(
        'https://rest.iad-01.braze.com',
      )
    }
  })

  it.each([
    'rest.iad-01.braze.com',
    'ftp://rest.iad-01.braze.com',
    '',
    'https://sdk.iad-01.braze.com',
    'https://dashboard-01.braze.com',
  ])('says no to the endpoint %j in words that help', (endpoint) => {
    const { error } = connector.settings.safeParse({ endpoint, apiKey: 'key' })
    expect(error?.issues[0]?.message).toMatch(/REST endpoint/)
  })
})

describe('the rate limits', () => {
  const limitsOf = (path: string) =>
    connector.rateLimits.filter(({ match }) =>
      (typeof match === 'string' ? [match] : match).some((prefix) => path.startsWith(prefix)),
    )

  it.each([
    ['/users/track'],
    ['/users/delete', '/users/identify'],
    ['/subscription/status/set', '/v2/subscription/status/set'],
    [
      '/campaigns/trigger/send',
      '/canvas/trigger/send',
      '/transactional/v1/campaigns/c/send',
      '/campaigns/list',
      '/canvas/list',
    ],
    ['/catalogs/items/items'],
  ])('count %s together, and with nothing else', (...paths) => {
    const [limit, ...others] = limitsOf(paths[0])
    expect(limit).toBeDefined()
    expect(others).toEqual([])
    for (const path of paths) expect(limitsOf(path)).toEqual([limit])
  })

  it('leave no limit twice', () => {
    expect(connector.rateLimits).toHaveLength(5)
  })
})

describe('the connection test', () => {
  const answer = (status: number, json: unknown): VendorResponse => ({
    status,
    headers: {},
    text: JSON.stringify(json) ?? '',
    json,
    receivedAt: 0,
  })
  const noData = "Valid data must be provided in the 'attributes', 'events', or 'purchases' fields."

  it('sends nothing that could be stored', () => {
    expect(connector.testConnection.plan({ settings: {}, now: 0 })).toEqual({
      method: 'POST',
      path: '/users/track',
      body: { kind: 'json', value: {} },
      parts: [],
    })
  })

  it.each<[string, VendorResponse, object]>([
    [
      'a complaint about missing data proves the key',
      answer(400, { message: noData }),
      { kind: 'delivered' },
    ],
    [
      'a wrong key',
      answer(401, { message: 'Invalid API key: k' }),
      { kind: 'setup', code: 'invalid_api_key' },
    ],
    [
      'a key without permission',
      answer(403, { message: 'Access Denied' }),
      { kind: 'setup', code: 'access_denied' },
    ],
    ['a path unknown there', answer(404, undefined), { kind: 'setup', code: 'wrong_endpoint' }],
    ['a redirect to a login page', answer(302, undefined), { kind: 'setup', code: 'wrong_endpoint' }],
    ['a web page', answer(200, undefined), { kind: 'setup', code: 'wrong_endpoint' }],
    ['another bad request', answer(400, undefined), { kind: 'setup', code: 'wrong_endpoint' }],
    ['a busy Braze', answer(503, {}), { kind: 'retry', code: 'http_503' }],
    ['too many requests', answer(429, {}), { kind: 'throttled' }],
  ])('reads %s', (_, response, verdict) => {
    expect(connector.testConnection.interpret(response)).toEqual(verdict)
  })
})
