/** Records through a small connector: what goes out, which records it carries, and what becomes of each. */
import {
  type ActionDefinition,
  bearer,
  defineAction,
  defineConnector,
  secret,
  verdict,
  verdictByStatus,
  z,
} from '@sluice/connector-sdk'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createVendorSimulator } from './simulator/index.ts'
import { testAction } from './test-action.ts'

const setUser = defineAction({
  title: 'Set',
  description: 'Sets users.',
  version: 1,
  modes: ['upsert'],
  parameters: z.object({
    id: z.string().meta({ title: 'Id', description: 'Who.' }),
    since: z.iso.datetime().nullish().meta({ title: 'Since', description: 'When.' }),
    more: z
      .record(z.string(), z.unknown())
      .default({})
      .meta({ title: 'More', description: 'All.', open: true }),
  }),
  limits: () => ({ weights: { users: 2 }, bytes: 1_000, onePerRecipient: true }),
  weigh: () => ({ users: 1 }),
  recipient: ({ id }) => id,
  plan: (items) => [
    {
      method: 'POST',
      path: '/users',
      body: { kind: 'json', value: items.map(({ key, payload }) => ({ ...payload, key }) as never) },
      parts: items.map((_, item) => ({ item, part: 0, effect: 'set' })),
    },
  ],
})

function connectorWith(changes: Partial<ActionDefinition> = {}) {
  return defineConnector({
    id: 'small',
    name: 'Small',
    api: '^1.0.0',
    vendor: 'Small',
    categories: ['Test'],
    docs: { summary: 'A test.', requirements: [], links: [] },
    settings: z.object({
      region: z.enum(['eu', 'us']).default('eu').meta({ title: 'Region', description: 'Where.' }),
      apiKey: secret({ title: 'Key', description: 'A key.' }),
    }),
    auth: bearer('apiKey'),
    baseUrl: ({ region }) => `https://${region}.small.example`,
    rateLimits: [],
    errorCatalogue: {},
    testConnection: { plan: () => ({ method: 'GET', path: '/', parts: [] }), interpret: verdictByStatus },
    actions: { 'set-user': { ...setUser, ...changes } },
  })
}
const small = connectorWith()
const users = (...ids: readonly string[]) => ids.map((id) => ({ id }))

describe('what goes out', () => {
  it('is the request as it goes over the wire, with defaults of the settings and masked secrets', async () => {
    const { requests } = await testAction(small, 'set-user', {
      settings: {},
      records: [{ id: 7, joined: new Date(0), plan: 'gold' }],
      mapping: [
        { parameter: 'id', from: { kind: 'attribute', attribute: 'id' } },
        { parameter: 'since', from: { kind: 'attribute', attribute: 'joined' } },
        { parameter: 'more', key: 'tier', from: { kind: 'attribute', attribute: 'plan' } },
        { parameter: 'more', key: 'origin', from: { kind: 'constant', value: 'sluice' } },
      ],
    })
    expect(requests).toMatchInlineSnapshot(`
      [
        {
          "body": [
            {
              "id": "7",
              "key": "key-0",
              "more": {
                "origin": "sluice",
                "tier": "gold",
              },
              "since": "1970-01-01T00:00:00.000Z",
            },
          ],
          "headers": {
            "accept": "application/json",
            "authorization": "Bearer <apiKey>",
            "content-type": "application/json",
          },
          "method": "POST",
          "records": [
            0,
          ],
          "url": "https://eu.small.example/users",
        },
      ]
    `)
  })

  it('takes what templates render, and what Sluice knows itself', async () => {
    const { requests, verdicts } = await testAction(small, 'set-user', {
      settings: {},
      records: [
        { id: 'a', visits: 3 },
        { id: 'b', visits: null },
      ],
      mapping: [
        { parameter: 'id', from: { kind: 'template', template: 'Id' } },
        { parameter: 'more', key: 'visits', from: { kind: 'template', template: 'Visits' } },
        { parameter: 'more', key: 'action', from: { kind: 'metadata', field: 'action.name' } },
      ],
      templates: [
        { name: 'Id', kind: 'header', source: ' {{>Prefix}}-{{id}} ' },
        { name: 'Prefix', source: 'user' },
        { name: 'Visits', source: '{"count":{{visits}}}', format: 'json' },
      ],
    })
    expect(requests.map(({ body }) => body)).toEqual([
      [{ id: 'user-a', key: 'key-0', more: { action: 'set-user', visits: { count: 3 } } }],
    ])
    expect(verdicts).toEqual([verdict.delivered, verdict.rejected('not_json', 'more.visits')])
  })

  it('is cut by the limits: so many items, and one of each recipient', async () => {
    const { requests } = await testAction(small, 'set-user', {
      settings: {},
      records: users('a', 'a', 'b', 'c', 'd', 'e'),
    })
    expect(requests.map(({ records }) => records)).toEqual([[0], [1, 2], [3, 4], [5]])
  })

  it('goes to a simulator, although the connector has a host of its own', async () => {
    const vendor = await createVendorSimulator({ routes: { 'POST /users': () => ({}) } })
    onTestFinished(vendor.close)
    const { requests, verdicts } = await testAction(small, 'set-user', {
      settings: {},
      records: users('a'),
      responses: { http: vendor.url },
    })
    expect(requests.map(({ url }) => url)).toEqual(['https://eu.small.example/users'])
    expect(verdicts).toEqual([verdict.delivered])
    expect(vendor.requests).toMatchObject([{ path: '/users', status: 200 }])
  })

  it('is halved when one answer refuses a group whole', async () => {
    const { requests, verdicts } = await testAction(small, 'set-user', {
      settings: {},
      records: users('good', 'bad'),
      responses: ({ body }) => ({ status: JSON.stringify(body).includes('bad') ? 400 : 200 }),
    })
    expect(requests.map(({ records }) => records)).toEqual([[0, 1], [0], [1]])
    expect(verdicts).toEqual([verdict.delivered, verdict.refusedWhole('http_400')])
  })

  it('is tried twice at once where the vendor is not reached', async () => {
    const { requests, verdicts } = await testAction(small, 'set-user', {
      settings: {},
      records: users('a', 'b'),
      responses: ['unreached', 'unreached'],
    })
    expect(requests.map(({ records }) => records)).toEqual([
      [0, 1],
      [0, 1],
    ])
    expect(verdicts).toEqual([verdict.retry('connection_failed'), verdict.retry('connection_failed')])
  })
})

describe('what becomes of records', () => {
  it('is a rejection with its path where the parameters do not take them, and nothing goes out', async () => {
    const { requests, verdicts } = await testAction(small, 'set-user', {
      settings: {},
      records: [{ id: 'a', since: 'yesterday' }, { id: null }],
    })
    expect(requests).toEqual([])
    expect(verdicts).toEqual([
      expect.objectContaining({ kind: 'rejected', path: 'since' }),
      expect.objectContaining({ kind: 'rejected', path: 'id' }),
    ])
  })

  it('is unknown where no answer came, and where interpret throws or forgets parts', async () => {
    const one = { settings: {}, records: users('a') }
    const of = async (connector: typeof small, options = {}) =>
      (await testAction(connector, 'set-user', { ...one, ...options })).verdicts
    expect(await of(small, { responses: ['lost'] })).toEqual([verdict.unknown('connection_lost')])
    const throwing = connectorWith({
      interpret() {
        throw new Error('cannot read it')
      },
    })
    expect(await of(throwing)).toEqual([verdict.unknown('answer_unreadable')])
    const { thrown } = await testAction(throwing, 'set-user', one)
    expect(thrown).toEqual([new Error('cannot read it')])
    expect(await of(connectorWith({ interpret: () => [] }))).toEqual([verdict.unknown('verdicts_missing')])
  })

  it('is the worst of its parts', async () => {
    const twice = connectorWith({
      plan: ([item]) =>
        ['/one', '/two'].map((path, part) => ({
          method: 'POST',
          path: `${path}?${String(item?.payload['id'])}`,
          parts: [{ item: 0, part, effect: 'set' }],
        })),
    })
    const { verdicts } = await testAction(twice, 'set-user', {
      settings: {},
      records: users('a'),
      responses: [{ status: 200 }, { status: 500 }],
    })
    expect(verdicts).toEqual([verdict.retry('http_500')])
  })

  it.each([
    ['plans nothing', connectorWith({ plan: () => [] }), 'not_planned'],
    [
      'makes more bytes than it may',
      connectorWith({ limits: () => ({ weights: { users: 2 }, bytes: 3, onePerRecipient: true }) }),
      'too_large',
    ],
  ])('is a rejection where the connector %s', async (_, connector, code) => {
    const { verdicts } = await testAction(connector, 'set-user', { settings: {}, records: users('a') })
    expect(verdicts).toEqual([verdict.rejected(code)])
  })
})

describe('a test that cannot be', () => {
  it.each<[string, Parameters<typeof testAction>[2], RegExp]>([
    ['settings that do not fit', { settings: { region: 'moon' }, records: [] }, /settings do not fit/],
    [
      'a mapping to no parameter',
      {
        settings: {},
        records: users('a'),
        mapping: [{ parameter: 'name', from: { kind: 'attribute', attribute: 'id' } }],
      },
      /no parameter "name"/,
    ],
    [
      'a mapping of no known origin',
      {
        settings: {},
        records: users('a'),
        mapping: [{ parameter: 'id', from: { kind: 'metadata', field: 'weather' } }],
      },
      /Metadata is one of connector\.id/,
    ],
    [
      'a template that cannot be read',
      {
        settings: {},
        records: users('a'),
        mapping: [{ parameter: 'id', from: { kind: 'template', template: 'Id' } }],
        templates: [{ name: 'Id', source: '{{#id}}' }],
      },
      /Id, line 1, column/,
    ],
    [
      'more requests than responses',
      { settings: {}, records: users('a'), responses: [] },
      /no response is left/,
    ],
    ['values of several types', { settings: {}, records: [{ id: 1 }, { id: 'a' }] }, /types number, string/],
  ])('says why: %s', async (_, options, message) => {
    await expect(testAction(small, 'set-user', options)).rejects.toThrow(message)
  })

  it('says why: an action that is none', async () => {
    await expect(testAction(small, 'set', { settings: {}, records: [] })).rejects.toThrow('no action "set"')
  })
})
