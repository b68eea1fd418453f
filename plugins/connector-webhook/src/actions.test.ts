/** What each action sends for which record, over real HTTP to a receiver that writes it down. */
import { verdict } from '@sluice/connector-sdk'
import { type TestActionOptions, testAction } from '@sluice/connector-testing'
import { createWebhookReceiver, type WebhookReceiver } from '@sluice/connector-testing/simulator'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import webhook from './index.ts'

let receiver: WebhookReceiver
beforeEach(async () => {
  receiver = await createWebhookReceiver()
})
afterEach(() => receiver.close())

type Mapping = NonNullable<TestActionOptions['mapping']>
const constant = (parameter: string, value: string | number | boolean, key?: string): Mapping[number] => ({
  parameter,
  ...(key === undefined ? {} : { key }),
  from: { kind: 'constant', value },
})
const attribute = (parameter: string, name: string, key?: string): Mapping[number] => ({
  parameter,
  ...(key === undefined ? {} : { key }),
  from: { kind: 'attribute', attribute: name },
})

const ann = {
  id: 'u-1',
  email: 'ann@example.com',
  orders: 7,
  consent: true,
  tags: ['a', 'b'],
  since: new Date(0),
}
const bob = { ...ann, id: 'u-2', email: 'bob@example.com' }

function run(type: string, mapping: Mapping, records: TestActionOptions['records'] = [ann]) {
  const settings = { url: `${receiver.url}/hooks/` }
  return testAction(webhook, type, { settings, records, mapping, responses: 'http' })
}

/** Of each action, what makes its body. */
const bodies: Readonly<Record<string, Mapping>> = {
  'send-event-data': [attribute('attributes', 'email', 'mail')],
  'send-visitor-data': [attribute('attributes', 'email', 'mail')],
  'send-custom-data': [constant('body', '{}')],
  'send-batched-data': [attribute('attributes', 'email', 'mail')],
  'send-batched-custom-data': [constant('body', '{}')],
}

describe.each(Object.entries(bodies))('%s', (type, body) => {
  it('has path, parameters, headers and cookies', async () => {
    await run(type, [
      ...body,
      ...[constant('path', '/users'), constant('queryText', 'a=1'), attribute('query', 'id', 'id')],
      ...[constant('headers', 't-1', 'X-Trace'), attribute('headers', 'email', 'x-mail')],
      ...[constant('cookies', 'abc', 'session'), attribute('cookies', 'id', 'user')],
    ])
    const [{ headers, path, query } = { query: [] }] = receiver.received
    expect(path).toBe('/hooks/users')
    expect([...query]).toEqual([
      ['a', '1'],
      ['id', 'u-1'],
    ])
    expect(headers).toMatchObject({
      ...{ 'x-trace': 't-1', 'x-mail': 'ann@example.com', cookie: 'session=abc; user=u-1' },
    })
  })

  it.each(['POST', 'PUT', 'PATCH', 'DELETE'])('goes by %s with a body', async (method) => {
    const { verdicts } = await run(type, [...body, constant('method', method)])
    expect(verdicts).toEqual([verdict.delivered])
    expect(receiver.received).toMatchObject([{ method, text: expect.stringMatching(/^[[{]/) }])
    expect(receiver.received[0]?.headers['content-type']).toMatch(/^application\/json/)
  })

  it('knows no other method', async () => {
    // A constant that no parameter takes is refused before anything is sent.
    await expect(run(type, [...body, constant('method', 'TRACE')])).rejects.toThrow('method')
    expect(receiver.received).toEqual([])
  })
})

it.each(['send-event-data', 'send-visitor-data', 'send-batched-data'])(
  '%s has with GET its whole object in the parameter data, beside the others',
  async (type) => {
    const mapping = [...(bodies[type] ?? []), constant('query', 'x', 'a'), constant('method', 'GET')]
    const { verdicts } = await run(type, mapping)
    expect(verdicts).toEqual([verdict.delivered])
    const [{ headers, query, text } = { headers: {}, query: new URLSearchParams() }] = receiver.received
    expect([...query.keys()]).toEqual(['a', 'data'])
    const data = JSON.parse(query.get('data') ?? '')
    expect(JSON.stringify(data)).toContain('"mail":"ann@example.com"')
    expect(Array.isArray(data)).toBe(type === 'send-batched-data')
    expect(text).toBe('')
    expect(headers).not.toHaveProperty('content-type')
  },
)

describe('send event data', () => {
  const mapping = [
    attribute('eventId', 'id'),
    attribute('postTime', 'since'),
    attribute('attributes', 'email', 'email'),
    attribute('attributes', 'orders', 'order_count'),
    constant('page', '/home', 'path'),
    constant('environment', 'prod'),
  ]

  it('is one object in the body', async () => {
    const { verdicts } = await run('send-event-data', mapping)
    expect(verdicts).toEqual([verdict.delivered])
    expect(receiver.received).toMatchObject([
      { method: 'POST', path: '/hooks', headers: { 'content-type': 'application/json' } },
    ])
    expect(receiver.received[0]?.body).toEqual({
      env: 'prod',
      data: { udo: { email: 'ann@example.com', order_count: 7 }, dom: { path: '/home' } },
      post_time: '1970-01-01T00:00:00.000Z',
      event_id: 'u-1',
    })
  })

  it('is with GET in the parameter data', async () => {
    await run('send-event-data', [...mapping, constant('method', 'GET')])
    const [{ method, query, text } = { query: new URLSearchParams() }] = receiver.received
    expect([method, text]).toEqual(['GET', ''])
    expect(JSON.parse(query.get('data') ?? '')).toMatchObject({ event_id: 'u-1' })
  })
})

it('visitor data stands in groups by the types of its attributes', async () => {
  await run(
    'send-visitor-data',
    [
      attribute('visitorId', 'id'),
      ...['email', 'orders', 'consent', 'tags'].map((name) => attribute('attributes', name, name)),
      attribute('dates', 'since', 'since'),
      constant('currentVisit', 3, 'pages'),
    ],
    [{ ...ann, orders: null }, ann],
  )
  const visitor = {
    visitor_id: 'u-1',
    properties: { email: 'ann@example.com' },
    flags: { consent: true },
    property_sets: { tags: ['a', 'b'] },
    dates: { since: '1970-01-01T00:00:00.000Z' },
    current_visit: { pages: 3 },
  }
  expect(receiver.received.map(({ body }) => body)).toEqual([visitor, { ...visitor, metrics: { orders: 7 } }])
})

describe('send customized data', () => {
  const body = attribute('body', 'text')
  const records = [{ text: '{"email":"ann@example.com"}', id: 'u/1', city: 'Delft é', header: 'trace-1' }]

  it('has every part of a request as it was mapped', async () => {
    const { verdicts } = await run(
      'send-custom-data',
      [
        body,
        constant('method', 'PATCH'),
        constant('path', '/users/7'),
        constant('queryText', '?a=1&a=2&frag=#x'),
        attribute('query', 'city', 'city'),
        attribute('headers', 'header', 'X-Trace'),
        constant('cookies', 'abc', 'session'),
        constant('cookies', 'dark', 'theme'),
      ],
      records,
    )
    expect(verdicts).toEqual([verdict.delivered])
    expect(receiver.received).toMatchObject([
      {
        method: 'PATCH',
        path: '/hooks/users/7',
        headers: {
          'content-type': 'application/json; charset=utf-8',
          'x-trace': 'trace-1',
          cookie: 'session=abc; theme=dark',
        },
        text: '{"email":"ann@example.com"}',
      },
    ])
    expect([...(receiver.received[0]?.query ?? [])]).toEqual([
      ...[
        ['a', '1'],
        ['a', '2'],
        ['frag', '#x'],
      ],
      ['city', 'Delft é'],
    ])
  })

  it.each(['GET', 'POST', 'PUT', 'PATCH', 'DELETE'])('goes by %s', async (method) => {
    const { verdicts } = await run('send-custom-data', [body, constant('method', method)], records)
    expect(verdicts).toEqual([verdict.delivered])
    expect(receiver.received).toMatchObject([{ method, text: method === 'GET' ? '' : records[0]?.text }])
  })

  it.each<[type: string, text: string, sent: string]>([
    ['application/xml', '<a/>', 'application/xml; charset=utf-8'],
    ['text/csv; charset=us-ascii', 'a,b', 'text/csv; charset=us-ascii'],
    ['application/ld+json', '{"@id":1}', 'application/ld+json; charset=utf-8'],
  ])('has the content type %s', async (type, text, sent) => {
    await run('send-custom-data', [body, constant('contentType', type)], [{ text }])
    expect(receiver.received).toMatchObject([{ headers: { 'content-type': sent }, text }])
  })

  it('sends forms', async () => {
    const fields = [attribute('formFields', 'email', 'email'), constant('formFields', 'a "b"\r\nc', 'no"te')]
    await run('send-custom-data', [...fields, constant('contentType', 'application/x-www-form-urlencoded')])
    await run('send-custom-data', [...fields, constant('contentType', 'multipart/form-data')])
    const [encoded, parts] = receiver.received
    expect(Object.fromEntries(new URLSearchParams(encoded?.text))).toEqual({
      email: 'ann@example.com',
      'no"te': 'a "b"\r\nc',
    })
    const form = await new Response(parts?.text ?? '', {
      headers: { 'content-type': String(parts?.headers['content-type']) },
    }).formData()
    expect([...form]).toEqual([
      ['email', 'ann@example.com'],
      ['no"te', 'a "b"\r\nc'],
    ])
  })

  const odd = (parameter: string, key?: string) => attribute(parameter, 'odd', key)

  it.each<[string, Mapping, string, object]>([
    ['a body that is no JSON', [odd('body')], '{"a":', { code: 'body_not_json', path: 'body' }],
    ['no body', [odd('headers', 'x-a')], 'a', { code: 'body_missing', path: 'body' }],
    ['a form without fields', [odd('contentType')], 'multipart/form-data', { code: 'form_fields_missing' }],
    ['a content type that is none', [body, odd('contentType')], 'json\n', { code: 'content_type_invalid' }],
    ['a header that the host makes', [body, odd('headers', 'Host')], 'a.example', { code: 'header_invalid' }],
    ['a header of two lines', [body, odd('headers', 'x-a')], 'a\r\nb: c', { code: 'header_invalid' }],
    ['a header that Latin cannot say', [body, odd('headers', 'x-a')], '日本', { code: 'header_invalid' }],
    ['a cookie with another inside', [body, odd('cookies', 'a')], 'a; b=c', { code: 'cookie_invalid' }],
    ['parameters with a line break', [body, odd('queryText')], 'a=1\nb', { code: 'query_invalid' }],
  ])('rejects %s', async (_, mapping, value, problem) => {
    const { verdicts } = await run('send-custom-data', mapping, [{ text: '{}', odd: value }])
    expect(verdicts).toMatchObject([{ kind: 'rejected', ...problem }])
    expect(receiver.received).toEqual([])
  })

  it.each([
    ...['//evil.example/x', '/@evil.example', '/:80', '/.evil.example'],
    ...['@evil.example', '.evil.example', ':80/x', 'https://evil.example/', 'file:///etc/passwd'],
    ...[
      '/../admin',
      '/a/../../admin',
      '/%2e%2e/admin',
      '/.%2E/admin',
      '/a/./b',
      '\\\\evil.example',
      '/\\evil.example',
    ],
    ...['/a?b=c', '/a#b', '/a\tb', '/a\r\nb', '/%'],
  ])('stays below its address with the path %j from a record', async (path) => {
    const { verdicts } = await run(
      'send-custom-data',
      [body, attribute('path', 'path')],
      [{ text: '{}', path }],
    )
    expect(['delivered', 'rejected']).toContain(verdicts[0]?.kind)
    for (const { path: arrived } of receiver.received) expect(arrived).toMatch(/^\/hooks\//)
    expect(receiver.received).toHaveLength(verdicts[0]?.kind === 'delivered' ? 1 : 0)
  })
})

describe('a batch', () => {
  const records = Array.from({ length: 7 }, (_, index) => ({
    id: index,
    text: `{"id":${index}}`,
    shop: index % 2,
  }))

  it('is a JSON list of plain objects', async () => {
    await run(
      'send-batched-data',
      [attribute('attributes', 'email', 'email'), attribute('attributes', 'orders', 'orders')],
      [ann, bob],
    )
    expect(receiver.received.map(({ body }) => body)).toEqual([
      [
        { email: 'ann@example.com', orders: 7 },
        { email: 'bob@example.com', orders: 7 },
      ],
    ])
  })

  it('has at most so many records', async () => {
    const { requests } = await run(
      'send-batched-custom-data',
      [attribute('body', 'text'), constant('recordCount', 3)],
      records,
    )
    expect(receiver.received.map(({ text }) => text)).toEqual([
      '[{"id":0},{"id":1},{"id":2}]',
      '[{"id":3},{"id":4},{"id":5}]',
      '[{"id":6}]',
    ])
    expect(requests.map((request) => request.records)).toEqual([[0, 1, 2], [3, 4, 5], [6]])
  })

  it('has prefix, joiner and suffix', async () => {
    await run(
      'send-batched-custom-data',
      [
        attribute('body', 'text'),
        constant('contentType', 'application/x-ndjson'),
        ...[constant('prefix', '>'), constant('joiner', '\n'), constant('suffix', '<')],
      ],
      records.slice(0, 2),
    )
    expect(receiver.received).toMatchObject([
      { text: '>{"id":0}\n{"id":1}<', headers: { 'content-type': 'application/x-ndjson; charset=utf-8' } },
    ])
  })

  it.each<[string, Mapping, string]>([
    ['a prefix', [constant('prefix', '{"a":[')], '{"a":[{"id":0},{"id":1}]'],
    ['a joiner', [constant('joiner', ';')], '[{"id":0};{"id":1}]'],
    ['a suffix', [constant('suffix', ']}')], '[{"id":0},{"id":1}]}'],
  ])('has %s of its own beside the usual pieces', async (_, piece, text) => {
    const mapping = [attribute('body', 'text'), constant('contentType', 'text/plain'), ...piece]
    await run('send-batched-custom-data', mapping, records.slice(0, 2))
    expect(receiver.received).toMatchObject([{ text }])
  })

  it.each(['send-batched-data', 'send-batched-custom-data'])('%s carries 1 to 100 records', async (type) => {
    const many = Array.from({ length: 101 }, (_, id) => ({ id, text: '{}', email: 'a', most: id }))
    const body =
      type === 'send-batched-data' ? attribute('attributes', 'id', 'id') : attribute('body', 'text')
    const usual = await run(type, [body], many)
    expect(usual.requests.map((request) => request.records.length)).toEqual([100, 1])
    const alone = await run(type, [body, constant('recordCount', 1)], many.slice(0, 3))
    expect(alone.requests.map((request) => request.records.length)).toEqual([1, 1, 1])
    const counts = [
      { ...many[0], most: 0 },
      { ...many[1], most: 101 },
      { ...many[2], most: 1.5 },
    ]
    const { verdicts } = await run(type, [body, attribute('recordCount', 'most')], counts)
    expect(verdicts).toMatchObject(counts.map(() => ({ kind: 'rejected', path: 'recordCount' })))
  })

  it('has only records whose requests are alike', async () => {
    await run(
      'send-batched-custom-data',
      [attribute('body', 'text'), attribute('query', 'shop', 'shop')],
      records.slice(0, 4),
    )
    expect(receiver.received.map(({ query, text }) => [query.get('shop'), text])).toEqual([
      ['0', '[{"id":0},{"id":2}]'],
      ['1', '[{"id":1},{"id":3}]'],
    ])
  })

  it('that is refused as a whole is halved until the record that spoils it stands alone', async () => {
    await receiver.close()
    receiver = await createWebhookReceiver({
      answer: ({ text }) => ({ status: text?.includes('"id":5') === true ? 400 : 200 }),
    })
    const { verdicts } = await run('send-batched-custom-data', [attribute('body', 'text')], records)
    expect(verdicts.map(({ kind }) => kind)).toEqual([
      ...['delivered', 'delivered', 'delivered', 'delivered', 'delivered', 'refused', 'delivered'],
    ])
  })

  it('keeps a record that is no JSON out of the list', async () => {
    const { verdicts } = await run(
      'send-batched-custom-data',
      [attribute('body', 'text')],
      [{ text: '{"id":0}' }, { text: '{"id":' }],
    )
    expect(verdicts).toEqual([verdict.delivered, verdict.rejected('body_not_json', 'body')])
    expect(receiver.received.map(({ text }) => text)).toEqual(['[{"id":0}]'])
  })
})

describe('repeating', () => {
  const plan = (type: string, fields: object) => {
    const action = webhook.actions[type]
    const payload = action?.parameters.parse({ body: '{}', ...fields })
    const settings = { url: 'https://hooks.example.com' }
    return action?.plan([{ payload: payload ?? {}, change: 'upsert', key: 'key-1' }], { settings, now: 0 })[0]
  }

  it.each(Object.keys(webhook.actions))('by %s counts twice unless people say otherwise', (type) => {
    expect(plan(type, {})?.parts).toEqual([{ item: 0, part: 0, effect: 'append' }])
    expect(plan(type, { isRepeatable: true })?.parts).toEqual([{ item: 0, part: 0, effect: 'set' }])
  })

  it('of one record is known by its key, and of a batch by the whole request', () => {
    const idempotencyHeader = 'Idempotency-Key'
    expect(plan('send-custom-data', { idempotencyHeader })).toMatchObject({
      headers: { 'idempotency-key': 'key-1' },
      parts: [{ effect: 'append', isDeduplicated: true }],
    })
    expect(plan('send-batched-data', { idempotencyHeader })).toMatchObject({
      deduplicationHeader: 'idempotency-key',
      parts: [{ effect: 'append' }],
    })
  })

  it('of a batch is told from another that differs in a header alone', async () => {
    const mapping = [attribute('body', 'text'), attribute('headers', 'tenant', 'x-tenant')]
    const idempotent = constant('idempotencyHeader', 'idempotency-key')
    const records = ['a', 'b'].map((tenant) => ({ text: '{}', tenant }))
    await run('send-batched-custom-data', [...mapping, idempotent], records)
    const keys = receiver.received.map(({ headers }) => headers['idempotency-key'])
    expect(new Set(keys).size).toBe(2)
    expect(keys).not.toContain(undefined)
  })

  it('records of one recipient share no request of one record, and all others go their own ways', () => {
    const recipient = webhook.actions['send-custom-data']?.recipient
    expect(recipient?.({ recipient: 'u-1', body: 'a' })).toBe(recipient?.({ recipient: 'u-1', body: 'b' }))
    expect(recipient?.({ body: 'a' })).not.toBe(recipient?.({ body: 'b' }))
  })
})

describe('an answer', () => {
  it('is a success by its status, whatever it says', async () => {
    receiver.answerNext({ kind: 'garbage' })
    const { verdicts } = await run('send-event-data', [attribute('eventId', 'id')])
    expect(verdicts).toEqual([verdict.delivered])
  })

  it.each<[number, object]>([
    [307, verdict.refused('http_307')],
    [401, verdict.setup('http_401')],
    [404, verdict.refused('http_404')],
    [429, verdict.throttled(7_000)],
    [503, verdict.retry('http_503')],
  ])('%i says what it says everywhere', async (status, expected) => {
    receiver.answerNext({ kind: 'status', status, headers: { 'retry-after': '7', location: '/elsewhere' } })
    const { verdicts } = await run('send-event-data', [attribute('eventId', 'id')])
    expect(verdicts).toEqual([expected])
  })

  it('that never comes is unknown', async () => {
    receiver.answerNext({ kind: 'reset' })
    const { verdicts } = await run('send-event-data', [attribute('eventId', 'id')])
    expect(verdicts).toMatchObject([{ kind: 'unknown' }])
  })
})
