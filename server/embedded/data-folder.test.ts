// The data folder: where it is, who may look into it, and that only one process works in it.
import { chmod, mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { startScript } from '../../test/harness/script-process.ts'
import { openDataFolder } from './data-folder.ts'

const isRoot = process.getuid?.() === 0
let base: string

beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'sluice-folder-'))
  await chmod(base, 0o755)
})
afterEach(() => rm(base, { recursive: true }))

function open(dataDir: string, needsPostgres = false, lines: string[] = []) {
  return openDataFolder({
    dataDir,
    needsPostgres,
    workingFolder: base,
    sharedFolders: [join(base, 'shared')],
    report: (line) => lines.push(line),
  })
}

async function modeOf(path: string): Promise<string> {
  return ((await stat(path)).mode & 0o777).toString(8)
}

describe('the place', () => {
  test('is below the working folder and closed to others', async () => {
    const folder = await open('a/.sluice')
    expect(folder.path).toBe(join(base, 'a/.sluice'))
    expect(await modeOf(folder.path)).toBe('700')
    await folder.release()
  })

  test('keeps the mode that an existing folder has', async () => {
    await mkdir(join(base, 'mine'))
    await chmod(join(base, 'mine'), 0o755)
    const folder = await open('mine')
    expect(await modeOf(folder.path)).toBe('755')
    await folder.release()
  })

  test('is refused with what to do when it is no folder', async () => {
    await writeFile(join(base, 'file'), '')
    await expect(open('file/.sluice')).rejects.toMatchObject({
      code: 'data_folder_unusable',
      message: expect.stringContaining('SLUICE_DATA_DIR'),
    })
  })
})

describe.runIf(isRoot)('for root, who must hand PostgreSQL to another user, the place', () => {
  test('lets others pass but not look, whatever the umask', async () => {
    const umask = process.umask(0o077)
    try {
      const folder = await open('a/b', true)
      expect(await Promise.all(['a', 'a/b'].map((path) => modeOf(join(base, path))))).toEqual(['711', '711'])
      await folder.release()
    } finally {
      process.umask(umask)
    }
  })

  test('is opened for passing when nothing else than itself is closed', async () => {
    await mkdir(join(base, 'own'), { mode: 0o700 })
    const folder = await open('own', true)
    expect(folder.path).toBe(join(base, 'own'))
    expect(await modeOf(folder.path)).toBe('701')
    await folder.release()
  })

  test('is one elsewhere, the same each time, when a parent is closed; the reason is said', async () => {
    await mkdir(join(base, 'home'), { mode: 0o700 })
    const lines: string[] = []
    const first = await open('home/checkout/.sluice', true, lines)
    await first.release()
    const second = await open('home/checkout/.sluice', true)
    await second.release()
    const other = await open('home/other/.sluice', true)
    await other.release()
    expect(first.path).toMatch(new RegExp(`^${base}/shared/checkout-[0-9a-f]{12}$`))
    expect(second.path).toBe(first.path)
    expect(other.path).not.toBe(first.path)
    expect(lines).toEqual([
      expect.stringMatching(/^Data folder: .*shared.* and not .*home\/checkout.* because /),
    ])
    expect(await readdir(join(base, 'home'))).toEqual([])
  })

  test('stays when PostgreSQL is run elsewhere', async () => {
    await mkdir(join(base, 'home'), { mode: 0o700 })
    const folder = await open('home/.sluice', false)
    expect(folder.path).toBe(join(base, 'home/.sluice'))
    await folder.release()
  })

  test('is not taken where another user could have been first', async () => {
    await mkdir(join(base, 'home'), { mode: 0o700 })
    await mkdir(join(base, 'shared'))
    await chmod(join(base, 'shared'), 0o777)
    await expect(open('home/.sluice', true)).rejects.toMatchObject({ code: 'data_folder_unusable' })
  })
})

describe('the lock', () => {
  const holder = (folder: string) => `
    import { lockDataFolder } from './server/embedded/data-folder-lock.ts'
    await lockDataFolder(${JSON.stringify(folder)}).then(() => tell('held'), (error) => tell(error.code))`

  test('refuses a second start and says who holds the folder', async () => {
    const folder = await open('data')
    await expect(open('data')).rejects.toMatchObject({
      code: 'data_folder_in_use',
      message: expect.stringContaining(`process ${process.pid}.`),
    })
    await folder.release()
    const next = await open('data')
    await next.release()
  })

  test('is held by another process until that is killed', async () => {
    await mkdir(join(base, 'data'))
    const script = await startScript(holder(join(base, 'data')))
    try {
      expect(script.told).toBe('held')
      await expect(open('data')).rejects.toMatchObject({
        code: 'data_folder_in_use',
        message: expect.stringContaining(`process ${script.pid}.`),
      })
    } finally {
      await script.kill()
    }
    const folder = await open('data')
    await folder.release()
  })

  test('is not held by a process that only has the number of a dead holder', async () => {
    const stale = join(base, 'data/lock', `${process.ppid}-0123456789abcdef`)
    await mkdir(join(base, 'data/lock'), { recursive: true })
    await writeFile(stale, '')
    const folder = await open('data')
    await expect(stat(stale)).rejects.toMatchObject({ code: 'ENOENT' })
    await folder.release()
  })

  test('has at most one holder when several start at once', async () => {
    await mkdir(join(base, 'data'))
    const scripts = await Promise.all([1, 2, 3, 4].map(() => startScript(holder(join(base, 'data')))))
    await Promise.all(scripts.map((script) => script.kill()))
    expect(scripts.map(({ told }) => told).sort()).toEqual([
      ...Array.from({ length: 3 }, () => 'data_folder_in_use'),
      'held',
    ])
  })
})
