// Where the Temporal program comes from: what costs least first, and an error that names all choices last.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { findTemporalProgram } from './temporal-program.ts'
import { archiveFor } from './temporal-release.ts'

const program = '#!/bin/sh\necho "temporal version 1.5.1 (Server 1.29.1, UI 2.42.1)"\n'
const nowhere = { temporal: 'no-such-temporal', go: 'no-such-go', archive: undefined }
let folder: string
let archive: Buffer
let server: Server
let requests: string[]
let lines: string[]

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-program-'))
  await writeProgram(join(folder, 'release', 'temporal'), program)
  spawnSync('tar', ['-czf', '../release.tar.gz', 'temporal'], { cwd: join(folder, 'release') })
  archive = await readFile(join(folder, 'release.tar.gz'))
  requests = []
  lines = []
  server = createServer((request, response) => {
    requests.push(request.url ?? '')
    if (request.url === '/release.tar.gz') response.end(archive)
    else response.writeHead(404).end()
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
})

afterEach(async () => {
  server.close()
  server.closeAllConnections()
  await rm(folder, { recursive: true })
})

async function writeProgram(path: string, text: string): Promise<void> {
  await mkdir(join(path, '..'), { recursive: true })
  await writeFile(path, text)
  await chmod(path, 0o755)
}

function find(machine: Partial<Parameters<typeof findTemporalProgram>[0]['machine']>) {
  return findTemporalProgram({
    cacheDir: join(folder, 'cache'),
    report: (line) => lines.push(line),
    machine: { ...nowhere, ...machine },
  })
}

function released(path: string, content: Buffer = archive) {
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/${path}`,
    sha256: createHash('sha256').update(content).digest('hex'),
  }
}

test('an installed program is taken first, and nothing is fetched', async () => {
  await writeProgram(join(folder, 'installed'), program)
  const found = await find({ temporal: join(folder, 'installed'), archive: released('release.tar.gz') })
  expect(found).toEqual({ command: join(folder, 'installed'), origin: 'found on the PATH' })
  expect(requests).toEqual([])
})

test('an installed program of that name that is no server is passed over', async () => {
  await writeProgram(join(folder, 'installed'), '#!/bin/sh\necho "temporal 3.2"\n')
  const found = await find({ temporal: join(folder, 'installed'), archive: released('release.tar.gz') })
  expect(found.origin).toContain('downloaded')
})

test('a release is downloaded once and then kept', async () => {
  const command = join(folder, 'cache', 'temporal-cli-v1.5.1', 'temporal')
  const machine = { archive: released('release.tar.gz') }
  expect(await find(machine)).toEqual({ command, origin: expect.stringMatching(/^downloaded to /) })
  expect(await find(machine)).toEqual({ command, origin: expect.stringMatching(/^kept in /) })
  expect(requests).toEqual(['/release.tar.gz'])
  expect(lines).toEqual([expect.stringMatching(/^Temporal: downloading http/)])
  expect(await readdir(join(command, '..'))).toEqual(['temporal'])
})

test('a download that is not the known one is not run, and the next choice is taken', async () => {
  await writeProgram(
    join(folder, 'go'),
    `#!/bin/sh\nif [ "$1" = install ]; then printf '${program.replaceAll('\n', '\\n')}' > "$GOBIN/temporal"; chmod +x "$GOBIN/temporal"; fi\n`,
  )
  const found = await find({
    archive: released('release.tar.gz', Buffer.from('another')),
    go: join(folder, 'go'),
  })
  expect(found.origin).toMatch(/^built in /)
  expect(await readdir(join(found.command, '..'))).toEqual(['temporal'])
})

test('when there is no way, the error names each one and why it failed', async () => {
  const machine = { archive: released('gone.tar.gz') }
  await expect(find(machine)).rejects.toMatchObject({
    code: 'temporal_unavailable',
    message: expect.stringMatching(/PATH.*gone\.tar\.gz answered 404.*Go is not installed.*TEMPORAL_ADDRESS/),
  })
})

test('without a network the error says so', async () => {
  const { url } = released('release.tar.gz')
  server.close()
  await expect(find({ archive: { url, sha256: '' } })).rejects.toThrow('could not be reached (ECONNREFUSED)')
})

test.each([
  ['linux', 'x64', 'linux_amd64'],
  ['linux', 'arm64', 'linux_arm64'],
  ['darwin', 'x64', 'darwin_amd64'],
  ['darwin', 'arm64', 'darwin_arm64'],
] as const)('there is a release for %s %s', (platform, arch, name) => {
  expect(archiveFor(platform, arch)).toEqual({
    url: `https://github.com/temporalio/cli/releases/download/v1.5.1/temporal_cli_1.5.1_${name}.tar.gz`,
    sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
  })
})
