// The embedded Temporal server: what it keeps, what is left of it after a crash, and servers of somebody else.
import { randomUUID } from 'node:crypto'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { Client, Connection } from '@temporalio/client'
import { afterEach, beforeEach, describe, expect, inject, test } from 'vitest'
import { createPassingFolder, type PassingFolder } from '../../test/harness/passing-folder.ts'
import { startScript } from '../../test/harness/script-process.ts'
import { readEnv } from '../env.ts'
import { findFreePort } from './free-port.ts'
import { findProcesses } from './running-processes.ts'
import { type RunningTemporal, type StartTemporalOptions, startTemporal } from './temporal.ts'

const { cacheDir } = readEnv()
const namespace = 'sluice'
let folder: PassingFolder
let lines: string[]

beforeEach(async () => {
  folder = await createPassingFolder({ prefix: 'temporal-', within: inject('suiteFolder') })
  lines = []
})

afterEach(() => folder.remove())

function start(changes: Partial<StartTemporalOptions> = {}): Promise<RunningTemporal> {
  const report = (line: string) => lines.push(line)
  return startTemporal({ dataFolder: folder.path, cacheDir, namespace, ui: false, report, ...changes })
}

function serverPids(): readonly number[] {
  return findProcesses(join(folder.path, 'temporal', 'temporal.db')).map(({ pid }) => pid)
}

async function withClient<Result>(
  address: string,
  work: (client: Client) => Promise<Result>,
  inNamespace = namespace,
): Promise<Result> {
  const connection = await Connection.connect({ address })
  try {
    return await work(new Client({ connection, namespace: inNamespace }))
  } finally {
    await connection.close()
  }
}

/** No worker takes it: it waits, and is seen to be kept. */
function beginWorkflow(address: string, workflowId: string, inNamespace = namespace) {
  return withClient(
    address,
    (client) =>
      client.workflow.start('waits', {
        workflowId,
        taskQueue: 'nobody',
        searchAttributes: { Action: ['an-action'] },
      }),
    inNamespace,
  )
}

function stateOf(address: string, workflowId: string): Promise<string> {
  return withClient(
    address,
    async (client) => (await client.workflow.getHandle(workflowId).describe()).status.name,
  )
}

test('starts, says so in one line, keeps workflows over a restart, and leaves no process behind', async () => {
  const first = await start()
  expect(first.how).toBe('embedded')
  expect(first.uiUrl).toBeUndefined()
  expect(lines).toEqual([
    expect.stringMatching(/^Temporal: 127\.0\.0\.1:\d+, embedded, because TEMPORAL_ADDRESS is not set/),
  ])
  await beginWorkflow(first.address, 'kept')
  expect(serverPids()).toHaveLength(1)
  await first.stop()
  expect(serverPids()).toEqual([])

  const second = await start()
  expect(await stateOf(second.address, 'kept')).toBe('RUNNING')
  await second.stop()
})

test('workflows are kept when the server is killed', async () => {
  const first = await start()
  await beginWorkflow(first.address, 'kept')
  for (const pid of serverPids()) process.kill(pid, 'SIGKILL')
  const second = await start()
  expect(second.how).toBe('embedded')
  expect(await stateOf(second.address, 'kept')).toBe('RUNNING')
  await second.stop()
})

test('a server that a killed start left running is adopted, and ends with the next stop', async () => {
  const script = await startScript(`
    import { startTemporal } from './server/embedded/temporal.ts'
    const options = ${JSON.stringify({ dataFolder: folder.path, cacheDir, namespace, ui: false })}
    const { address } = await startTemporal({ ...options, report: () => undefined })
    tell(address)`)
  await script.kill()
  const [left] = serverPids()
  expect(left).toBeDefined()

  const adopted = await start()
  expect(adopted).toMatchObject({ how: 'adopted', address: script.told })
  expect(serverPids()).toEqual([left])
  expect(lines).toEqual([expect.stringContaining('left running by an earlier start')])
  await adopted.stop()
  expect(serverPids()).toEqual([])
})

test('one that is to take the place of another is reached where that was, and its end is heard of', async () => {
  const first = await start({ ui: true })
  for (const pid of serverPids()) process.kill(pid, 'SIGKILL')
  await first.ended
  const second = await start({ ui: true, ports: first.ports })
  expect(second).toMatchObject({ address: first.address, uiUrl: first.uiUrl })
  await second.stop()
  await second.ended
})

test('a file whose tables were only half made when everything was killed is made anew', async () => {
  const script = await startScript(`
    import { existsSync } from 'node:fs'
    import { startTemporal } from './server/embedded/temporal.ts'
    import { findProcesses } from './server/embedded/running-processes.ts'
    const options = ${JSON.stringify({ dataFolder: folder.path, cacheDir, namespace, ui: false })}
    const file = options.dataFolder + '/temporal/temporal.db'
    void startTemporal({ ...options, report: () => undefined }).catch(() => undefined)
    while (!existsSync(file)) await new Promise((next) => setTimeout(next, 1))
    for (const { pid } of findProcesses(file)) process.kill(pid, 'SIGKILL')
    tell('killed')`)
  await script.kill()
  for (const pid of serverPids()) process.kill(pid, 'SIGKILL')
  const next = await start()
  await beginWorkflow(next.address, 'kept')
  for (const pid of serverPids()) process.kill(pid, 'SIGKILL')
  await next.ended

  // Once a server has answered, the file is never made anew.
  const after = await start()
  expect(await stateOf(after.address, 'kept')).toBe('RUNNING')
  await after.stop()
})

test('a left-over without a web interface gives way where one is asked for: there is never a second on one file', async () => {
  await start()
  const [without] = serverPids()
  const shown = await start({ ui: true })
  expect(shown.how).toBe('embedded')
  expect(serverPids()).toHaveLength(1)
  expect(serverPids()).not.toContain(without)
  expect((await fetch(shown.uiUrl ?? 'none:')).status).toBe(200)
  await shown.stop()
})

test('its files are closed to others', async () => {
  const temporal = await start()
  const { mode } = await stat(join(folder.path, 'temporal'))
  expect((mode & 0o777).toString(8)).toBe('700')
  await temporal.stop()
})

describe('a given server', () => {
  const given = inject('temporal')

  test('gets our namespace and search attribute where it lacks them; nothing is started', async () => {
    const fresh = `fresh-${randomUUID()}`
    for (const _again of [1, 2]) {
      const temporal = await start({ address: given.address, namespace: fresh })
      expect(temporal).toMatchObject({ address: given.address, how: 'given' })
      await temporal.stop()
    }
    expect(lines[0]).toBe(
      `Temporal: the one at ${given.address}, because TEMPORAL_ADDRESS names it, namespace ${fresh}`,
    )
    await expect(beginWorkflow(given.address, randomUUID(), fresh)).resolves.toBeDefined()
    expect(await readdir(folder.path)).toEqual(['lock'])
  })

  test('that does not answer is told with what to do', async () => {
    const address = `127.0.0.1:${await findFreePort()}`
    await expect(start({ address })).rejects.toMatchObject({
      code: 'temporal_unreachable',
      message: expect.stringContaining(address),
    })
  })
})
