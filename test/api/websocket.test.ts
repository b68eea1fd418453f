/** Who is let in over WebSocket, and what a connection may do. */
import { once } from 'node:events'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { createToken } from '../../server/access/token.ts'
import type { Listening } from '../../server/http/listen.ts'
import { createTestApp, type TestApp } from '../harness/app.ts'

let app: TestApp
let server: Listening
let host: string
beforeAll(async () => {
  app = await createTestApp()
  server = await app.listen()
  host = `127.0.0.1:${server.port}`
})
afterAll(() => app.close())

type Headers = Record<string, string>

/** Sends the protocol's first message; answers the type of the reply, or the code that closed the connection. */
async function connect(payload: object | undefined, headers: Headers = {}): Promise<string | number> {
  const socket = new WebSocket(`ws://${host}/graphql`, 'graphql-transport-ws', { headers })
  try {
    await once(socket, 'open')
    socket.send(JSON.stringify({ type: 'connection_init', ...(payload && { payload }) }))
    return await new Promise((resolve) => {
      socket.once('message', (data) => resolve(JSON.parse(String(data)).type))
      socket.once('close', resolve)
    })
  } finally {
    socket.terminate()
  }
}

async function signIn(): Promise<string> {
  const page = await fetch(`${server.url}/graphql`, { headers: { accept: 'text/html' } })
  await page.body?.cancel()
  const [cookie = ''] = (page.headers.get('set-cookie') ?? '').split(';')
  return cookie
}

it('takes a token in the first message or in the header', async () => {
  const authorization = `Bearer ${app.token}`
  expect(await connect({ authorization })).toBe('connection_ack')
  expect(await connect(undefined, { authorization })).toBe('connection_ack')
  expect(await connect({ authorization }, { origin: 'https://elsewhere.example' })).toBe('connection_ack')
})

it('closes without a token, and with a wrong one', async () => {
  expect(await connect(undefined)).toBe(4401)
  expect(await connect({})).toBe(4401)
  expect(await connect({ authorization: 1 })).toBe(4401)
  expect(await connect({ authorization: `Bearer ${createToken()}` })).toBe(4401)
})

it("takes GraphiQL's cookie from its own page only", async () => {
  const cookie = await signIn()
  expect(await connect(undefined, { cookie, origin: `http://${host}` })).toBe('connection_ack')
  expect(await connect(undefined, { cookie, origin: 'http://localhost:3000' })).toBe(4403)
  expect(await connect(undefined, { cookie, origin: 'https://evil.example' })).toBe(4403)
  expect(await connect(undefined, { cookie })).toBe(4403)
  const rebound = { host: `evil.example:${server.port}`, origin: `http://evil.example:${server.port}` }
  expect(await connect(undefined, { cookie, ...rebound })).toBe(4403)
})

it('serves nothing before the first message', async () => {
  const socket = new WebSocket(`ws://${host}/graphql`, 'graphql-transport-ws')
  await once(socket, 'open')
  socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query: '{ __typename }' } }))
  const [code] = await once(socket, 'close')
  expect(code).toBe(4401)
})

it('has no other path', async () => {
  const socket = new WebSocket(`ws://${host}/elsewhere`, 'graphql-transport-ws')
  const [error] = await once(socket, 'error')
  expect(String(error)).toContain('404')
})

it('answers syntax errors, invalid documents and too deep ones as errors of the operation', async () => {
  const socket = new WebSocket(`ws://${host}/graphql`, 'graphql-transport-ws')
  await once(socket, 'open')
  const reply = async (message: object) => {
    socket.send(JSON.stringify(message))
    const [data] = await once(socket, 'message')
    return JSON.parse(String(data))
  }
  await reply({ type: 'connection_init', payload: { authorization: `Bearer ${app.token}` } })
  const aliases = Array.from({ length: 60 }, (_, index) => `a${index}: connectorTypes { id }`)
  for (const query of ['{', '{ nothing }', `{ ${aliases.join(' ')} }`]) {
    expect(await reply({ id: query, type: 'subscribe', payload: { query } })).toMatchObject({
      type: 'error',
      id: query,
    })
  }
  const query = '{ connectorTypes { id } }'
  expect(await reply({ id: '1', type: 'subscribe', payload: { query } })).toMatchObject({
    type: 'next',
    payload: { data: { connectorTypes: [{ id: 'braze' }, { id: 'webhook' }] } },
  })
  socket.terminate()
})

it('hides an error that nobody expected', async () => {
  await app.db.$executeRaw`ALTER TABLE workspace RENAME TO workspace_away`
  const socket = new WebSocket(`ws://${host}/graphql`, 'graphql-transport-ws')
  await once(socket, 'open')
  socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${app.token}` } }))
  await once(socket, 'message')
  socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query: '{ workspaces { id } }' } }))
  const [data] = await once(socket, 'message')
  await app.db.$executeRaw`ALTER TABLE workspace_away RENAME TO workspace`
  socket.terminate()
  expect(String(data)).toContain('internal_error')
  expect(String(data)).not.toMatch(/prisma|relation|sql/i)
})

it('lets nobody in while the database is away', async () => {
  await app.db.$executeRaw`ALTER TABLE api_token RENAME TO api_token_away`
  const closed = await connect({ authorization: `Bearer ${app.token}` })
  await app.db.$executeRaw`ALTER TABLE api_token_away RENAME TO api_token`
  expect(closed).toBe(4500)
})

it('ends open connections when the server closes', async () => {
  const other = await createTestApp()
  const listening = await other.listen()
  const socket = new WebSocket(`ws://127.0.0.1:${listening.port}/graphql`, 'graphql-transport-ws')
  await once(socket, 'open')
  const closed = once(socket, 'close')
  await other.close()
  expect((await closed)[0]).toBe(1001)
})
