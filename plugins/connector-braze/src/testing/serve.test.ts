/** The simulator as a process of its own. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it } from 'vitest'

const script = fileURLToPath(new URL('serve.ts', import.meta.url))
const children: ChildProcess[] = []

function serve(...args: string[]) {
  const child = spawn(
    process.execPath,
    ['--conditions=sluice-source', '--import', 'tsx/esm', script, ...args],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  children.push(child)
  return child
}

async function ended(child: ReturnType<typeof serve>) {
  let out = ''
  let error = ''
  child.stdout.on('data', (data) => {
    out += data
  })
  child.stderr.on('data', (data) => {
    error += data
  })
  const [code] = await once(child, 'close')
  return { code, out, error }
}

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
})

describe('the simulator as a process', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)('prints its address, answers, and stops on %s', async (signal) => {
    const child = serve('--api-key', 'k', '--unlimited')
    const [line] = await once(child.stdout, 'data')
    const { url } = JSON.parse(String(line))
    const response = await fetch(`${url}/users/track`, {
      method: 'POST',
      headers: { authorization: 'Bearer k', 'content-type': 'application/json' },
      body: '{"attributes":[{"external_id":"1"}]}',
    })
    expect(response.status).toBe(201)
    expect(response.headers.get('x-ratelimit-limit')).toBeNull()
    // A request that will never be answered must not keep it.
    await fetch(`${url}/_simulator/faults`, { method: 'POST', body: '{"add":[{"kind":"hang"}]}' })
    const hanging = fetch(`${url}/users/track`, { method: 'POST', body: '{}' }).catch(() => 'cut')
    await expect
      .poll(async () => (await (await fetch(`${url}/_simulator/stats`)).json()) as unknown)
      .toMatchObject({ requests: 2 })
    const closed = once(child, 'close')
    child.kill(signal)
    expect(await closed).toEqual([0, null])
    expect(await hanging).toBe('cut')
  })

  it('explains itself', async () => {
    expect(await ended(serve('--help'))).toMatchObject({ code: 0, out: expect.stringContaining('--api-key') })
  })

  it.each<[string[]]>([[['--port', 'x']], [['--port', '70000']], [['--what']]])(
    'says what is wrong with %j',
    async (args) => {
      const { code, error } = await ended(serve(...args))
      expect(code).toBe(2)
      expect(error).toContain('Usage')
    },
  )

  it('says that a port is taken', async () => {
    const first = serve()
    const [line] = await once(first.stdout, 'data')
    const { code, error } = await ended(serve('--port', new URL(JSON.parse(String(line)).url).port))
    expect(code).toBe(2)
    expect(error).toContain('is taken')
  })
})
