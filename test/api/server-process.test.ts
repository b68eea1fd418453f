/** The role `server` as a process of its own: it starts from the environment, answers, and ends when it is told to. */
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import { WebSocket } from 'ws'
import { childEnvironment } from '../../server/env.ts'
import { createTestDatabase, type TestDatabase } from '../harness/database.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

let database: TestDatabase
let dataFolder: string
beforeAll(async () => {
  database = await createTestDatabase()
  dataFolder = await mkdtemp(join(tmpdir(), 'sluice-server-'))
})
afterAll(async () => {
  await database.drop()
  await rm(dataFolder, { recursive: true })
})

function start(args: readonly string[], changes: Readonly<Record<string, string | undefined>> = {}) {
  const { address, namespace } = inject('temporal')
  const child = spawn(
    process.execPath,
    ['--conditions=sluice-source', '--import', 'tsx/esm', 'server/main.ts', ...args],
    {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: childEnvironment({
        DATABASE_URL: database.url,
        TEMPORAL_ADDRESS: address,
        TEMPORAL_NAMESPACE: namespace,
        SLUICE_DATA_DIR: dataFolder,
        SLUICE_SECRET_KEY: randomBytes(32).toString('base64'),
        HOST: undefined,
        PORT: undefined,
        ...changes,
      }),
    },
  )
  const lines: string[] = []
  const said = createInterface({ input: child.stdout })
  said.on('line', (line) => lines.push(line))
  let complaint = ''
  child.stderr.on('data', (chunk) => {
    complaint += chunk
  })
  const ended = once(child, 'close')
  return {
    child,
    lines,
    firstLine: async () => {
      const ready = once(said, 'line').then(([line]) => String(line))
      const failed = ended.then(() => Promise.reject(new Error(`It ended: ${complaint}`)))
      return Promise.race([ready, failed])
    },
    /** Exit code and what it complained of. */
    end: async () => ({ code: (await ended)[0], complaint }),
  }
}

it('says in one line where it is, knows the installed plugins, and ends in time with streams open', async () => {
  const server = start(['--json'])
  const { url } = JSON.parse(await server.firstLine())
  expect(await (await fetch(`${url}/health`)).json()).toEqual({ status: 'ok' })

  const token = (await readFile(join(dataFolder, 'token'), 'utf8')).trim()
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({
      query: '{ connectorTypes { id } sourceTypes { id } unavailablePlugins { code } }',
    }),
  })
  expect(await response.json()).toEqual({
    data: {
      connectorTypes: [{ id: 'braze' }, { id: 'webhook' }],
      sourceTypes: [{ id: 'duckdb' }, { id: 'postgres' }],
      unavailablePlugins: [],
    },
  })

  const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws')
  await once(socket, 'open')
  const cut = once(socket, 'close')
  server.child.kill('SIGTERM')
  // It ends itself with 1 where it cannot end within five seconds.
  expect(await server.end()).toMatchObject({ code: 0 })
  await cut
  expect(server.lines).toHaveLength(1)
})

it('explains itself, and refuses what it does not understand', async () => {
  const help = start(['--help'])
  expect((await help.end()).code).toBe(0)
  expect(help.lines.join('\n')).toContain('Usage:')

  const unknown = await start(['--jsno']).end()
  expect(unknown.code).toBe(1)
  expect(unknown.complaint).toContain('--jsno')
  expect(unknown.complaint).not.toContain('    at ')
})

it('says what is missing in the environment, all at once', async () => {
  const { code, complaint } = await start([], { DATABASE_URL: undefined, TEMPORAL_ADDRESS: undefined }).end()
  expect(code).toBe(1)
  expect(complaint).toContain('DATABASE_URL')
  expect(complaint).toContain('TEMPORAL_ADDRESS')
  expect(complaint).not.toContain('    at ')
})
