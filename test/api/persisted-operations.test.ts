/** Persisted operations: named by a hash, over HTTP and WebSocket, and where it is asked for nothing else is answered. */
import { createHash } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createClient } from 'graphql-ws'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { loadOperations } from '../../server/graphql/load-operations.ts'
import { schema } from '../../server/graphql/schema.ts'
import type { Listening } from '../../server/http/listen.ts'
import { createTestApp, type TestApp } from '../harness/app.ts'

const document = 'query Names { workspaces { name } }'
const hash = createHash('sha256').update(document).digest('hex')
const persisted = (sha256Hash: string) => ({ extensions: { persistedQuery: { version: 1, sha256Hash } } })

describe.each([
  ['beside others', false],
  ['and nothing else', true],
])('persisted operations %s', (_what, isOnly) => {
  let app: TestApp
  let server: Listening
  beforeAll(async () => {
    app = await createTestApp({ operations: { documents: new Map([[hash, document]]), isOnly } })
    server = await app.listen()
  })
  afterAll(() => app.close())

  async function overHttp(body: object) {
    const response = await fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${app.token}` },
      body: JSON.stringify(body),
    })
    return (await response.json()) as {
      readonly data?: unknown
      readonly errors?: readonly { readonly extensions?: object }[]
    }
  }

  async function overWebSocket(body: object) {
    const client = createClient({
      url: `${server.url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      connectionParams: { authorization: `Bearer ${app.token}` },
      retryAttempts: 0,
    })
    try {
      for await (const result of client.iterate({ query: '', ...body })) return result
      return undefined
    } catch (errors) {
      return { errors }
    } finally {
      await client.dispose()
    }
  }

  const ways = [
    ['HTTP', overHttp],
    ['WebSocket', overWebSocket],
  ] as const

  test.each(ways)('are found by their hash over %s', async (_way, ask) => {
    expect(await ask(persisted(hash))).toEqual({ data: { workspaces: [] } })
  })

  test.each(ways)('that are unknown are refused over %s', async (_way, ask) => {
    expect(await ask(persisted('0'.repeat(64)))).toMatchObject({
      errors: [{ extensions: { code: 'unknown_operation' } }],
    })
  })

  test.each(ways)('decide what becomes of a document that is sent over %s', async (_way, ask) => {
    const answer = await ask({ query: document })
    if (isOnly)
      expect(answer).toMatchObject({ errors: [{ extensions: { code: 'only_persisted_operations' } }] })
    else expect(answer).toEqual({ data: { workspaces: [] } })
  })
})

describe('the file', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sluice-operations-'))
  })
  afterAll(() => rm(folder, { recursive: true }))

  async function load(text: string) {
    const path = join(folder, 'operations.json')
    await writeFile(path, text)
    return loadOperations(path, schema)
  }

  test('has documents by their hashes', async () => {
    expect(await load(JSON.stringify({ [hash]: document }))).toEqual(new Map([[hash, document]]))
  })

  test.each([
    ['that is no JSON', '{', 'cannot be read'],
    ['of another form', '[]', 'one JSON object'],
    ['with a document that is no GraphQL', '{"a":"query {"}', 'a: Syntax Error'],
    [
      'with a document that the schema does not know',
      '{"a":"{ nothing }"}',
      'a: Cannot query field "nothing"',
    ],
  ])('%s keeps the server from starting, in words', async (_what, text, words) => {
    await expect(load(text)).rejects.toThrow(words)
  })

  test('that is missing does too', async () => {
    await expect(loadOperations(join(folder, 'none.json'), schema)).rejects.toThrow('cannot be read')
  })
})
