/** What becomes of requests that are too large, malformed, or run into an error that nobody expected. */
import { getIntrospectionQuery } from 'graphql'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { maxCost } from '../../server/graphql/cost.ts'
import { encodeGlobalId } from '../../server/graphql/global-id.ts'
import { maxAliases, maxDepth, maxRequestBytes, maxTokens } from '../../server/graphql/limits.ts'
import type { Listening } from '../../server/http/listen.ts'
import { createGraphqlClient } from '../../server/start/graphql-client.ts'
import { createPatience } from '../../server/start/patience.ts'
import { createTestApp, type TestApp } from '../harness/app.ts'

let app: TestApp
let server: Listening
beforeAll(async () => {
  app = await createTestApp()
  server = await app.listen()
})
afterAll(() => app.close())

const noId = '00000000-0000-7000-8000-000000000000'

/** A document that goes `levels` deep, through deliveries and their actions. */
function deep(levels: number): string {
  const nested = (left: number): string =>
    left <= 1
      ? '__typename'
      : left % 2 === 0
        ? `delivery { ${nested(left - 1)} }`
        : `action { ${nested(left - 1)} }`
  return `{ node(id: "${encodeGlobalId('Delivery', noId)}") { ... on Delivery { action { ${nested(levels - 2)} } } } }`
}

describe('limits', () => {
  it('let the whole schema be introspected', async () => {
    const { data, errors } = await app.ask(getIntrospectionQuery())
    expect(errors).toBeUndefined()
    expect(data.__schema.queryType.name).toBe('Query')
  })

  it('refuse a document that goes too deep', async () => {
    const { errors } = await app.ask(deep(maxDepth + 5))
    expect(errors?.map(({ message }) => message).join()).toContain(`depth limit of ${maxDepth}`)
  })

  it('refuse a document with too many aliases', async () => {
    const aliases = Array.from({ length: maxAliases + 1 }, (_, index) => `a${index}: connectorTypes { id }`)
    const { errors } = await app.ask(`{ ${aliases.join(' ')} }`)
    expect(errors?.[0]?.message).toContain(`Aliases limit of ${maxAliases}`)
  })

  it('refuse a document with too many words', async () => {
    const { errors } = await app.ask(`{ ${'__typename '.repeat(maxTokens)} }`)
    expect(errors?.[0]?.message).toContain(`Token limit of ${maxTokens}`)
  })

  describe('of cost', () => {
    const nested = `query ($id: ID!, $first: Int) {
      workspace(id: $id) {
        actions { deliveries(first: $first) { edges { node { deadLetters(first: $first) { edges { node { id } } } } } } }
      }
    }`
    const id = encodeGlobalId('Workspace', noId)

    it('count what lists can have, told by variables too', async () => {
      const { data, errors } = await app.ask(nested, { id, first: 100 })
      expect(data).toEqual({ workspace: null })
      expect(errors?.[0]?.extensions?.['code']).toBe('too_costly')
      expect(errors?.[0]?.message).toContain(`at most ${maxCost}`)
    })

    it('let through what asks for little of each', async () => {
      expect(await app.ask(nested, { id, first: 10 })).toEqual({ status: 200, data: { workspace: null } })
    })
  })

  it('take one operation a request: a list of them is refused', async () => {
    const response = await fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${app.token}` },
      body: JSON.stringify([{ query: '{ __typename }' }, { query: '{ __typename }' }]),
    })
    expect(response.status).toBe(400)
    expect(JSON.stringify(await response.json())).toContain('Batching is not supported')
  })

  it.each(['with its length said', 'in chunks'])(
    'refuse a body of more than a megabyte, sent %s',
    async (how) => {
      const body = JSON.stringify({ query: '{ __typename }', variables: { x: 'x'.repeat(maxRequestBytes) } })
      const headers = { 'content-type': 'application/json', authorization: `Bearer ${app.token}` }
      const chunks = new Blob([body]).stream()
      const response = await fetch(`${server.url}/graphql`, {
        method: 'POST',
        headers,
        ...(how === 'in chunks' ? { body: chunks, duplex: 'half' } : { body }),
      })
      expect(response.status).toBe(413)
    },
  )
})

describe('errors', () => {
  it('of the document name the place', async () => {
    const { errors } = await app.ask('{ connectorTypes { nam } }')
    expect(errors?.[0]?.message).toContain('"nam"')
    expect(errors?.[0]?.extensions?.['code']).toBe('GRAPHQL_VALIDATION_FAILED')
  })

  it('that nobody expected are hidden behind an id, which the log explains once', async () => {
    await app.db.$executeRaw`ALTER TABLE segment RENAME TO segment_away`
    const id = encodeGlobalId('Segment', noId)
    const { errors } = await app.ask('query($id: ID!) { segment(id: $id) { name } }', { id })
    await app.db.$executeRaw`ALTER TABLE segment_away RENAME TO segment`
    expect(errors).toHaveLength(1)
    expect(errors?.[0]?.extensions?.['code']).toBe('internal_error')
    expect(JSON.stringify(errors)).not.toMatch(/prisma|relation|table|sql/i)
    const errorId = String(errors?.[0]?.extensions?.['errorId'])
    expect(errors?.[0]?.message).toContain(errorId)
    expect(app.log.filter((line) => line.includes(errorId))).toHaveLength(1)
  })

  it('that nobody expected are borne with by the start until they are over', async () => {
    await app.db.$executeRaw`ALTER TABLE workspace RENAME TO workspace_away`
    const api = createGraphqlClient({ url: `${server.url}/graphql`, token: app.token })
    let failures = 0
    const answer = await createPatience(new AbortController().signal)(() =>
      api('{ workspaces { name } }').catch(async (error: unknown) => {
        failures += 1
        if (failures === 2) await app.db.$executeRaw`ALTER TABLE workspace_away RENAME TO workspace`
        throw error
      }),
    )
    expect([answer, failures]).toEqual([{ workspaces: expect.any(Array) }, 2])
  })
})

describe('ids', () => {
  it.each([
    '',
    'x',
    'Segment_',
    'Segment_1',
    `Nothing_${noId}`,
    `Query_${noId}`,
    `segment_${noId}`,
    "Segment_' or 1=1",
  ])('that are none of ours (%s) find nothing and break nothing', async (id) => {
    const { status, data, errors } = await app.ask('query($id: ID!) { node(id: $id) { id } }', { id })
    expect(status).toBe(200)
    expect(data?.node ?? null).toBeNull()
    for (const error of errors ?? []) expect(error.extensions?.['code']).toBe('invalid_input')
  })

  it('of the right form without a row find nothing', async () => {
    for (const type of [
      'Workspace',
      'DataSource',
      'Segment',
      'Connector',
      'Action',
      'Delivery',
      'DeadLetter',
    ]) {
      const id = encodeGlobalId(type, noId)
      expect(await app.ask('query($id: ID!) { node(id: $id) { id } }', { id })).toEqual({
        status: 200,
        data: { node: null },
      })
    }
  })

  it('of another type are refused where one type is asked for', async () => {
    const id = encodeGlobalId('Segment', noId)
    const { errors } = await app.ask('query($id: ID!) { actionMetrics(actionId: $id) { matched } }', { id })
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'invalid_input', issues: [{ code: 'bad_id' }] })
  })

  it('for a page that are no cursors are refused in words', async () => {
    const workspace = await app.ask(
      'mutation { createWorkspace(input: { name: "Cursors" }) { ... on Workspace { id } } }',
    )
    const { errors } = await app.ask(
      'query($id: ID!) { workspace(id: $id) { deliveries(first: 1, after: "garbage") { edges { cursor } } } }',
      { id: workspace.data.createWorkspace.id },
    )
    expect(errors?.[0]?.extensions?.['code']).toBe('bad_request')
    expect(errors?.[0]?.message).toContain('cursor')
  })
})

describe('beside GraphQL', () => {
  it('the server says that it lives, to anybody', async () => {
    const response = await fetch(`${server.url}/health`)
    expect(await response.json()).toEqual({ status: 'ok' })
  })

  it('the root leads to GraphiQL, and other paths to nothing', async () => {
    const root = await fetch(server.url, { redirect: 'manual' })
    expect(root.headers.get('location')).toBe('/graphql')
    const elsewhere = await fetch(`${server.url}/elsewhere`)
    expect(elsewhere.status).toBe(404)
    expect(await elsewhere.json()).toMatchObject({ errors: [{ extensions: { code: 'no_such_path' } }] })
  })

  it('no page of another site is told anything', async () => {
    const response = await fetch(`${server.url}/graphql`, {
      method: 'OPTIONS',
      headers: { origin: 'https://evil.example', 'access-control-request-method': 'POST' },
    })
    expect(response.headers.get('access-control-allow-origin')).toBeNull()
    expect(response.status).toBe(401)
  })
})
