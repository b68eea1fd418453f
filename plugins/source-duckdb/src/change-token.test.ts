/** Tests the token that spares polls from opening a file that nobody wrote. */
import { appendFile, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { changeToken } from './change-token.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-token-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

describe('the change token', () => {
  const token = (path: string) => changeToken({ path }, { allowedDirectories: [folder] })

  it('stays the same while nobody writes', async () => {
    const path = join(folder, 'same.csv')
    await writeFile(path, 'id\n1\n')
    expect(await token(path)).toBe(await token(path))
  })

  it('differs after an append, a replacement of the same size, and a write-ahead log', async () => {
    const path = join(folder, 'people.duckdb')
    await writeFile(path, 'id\n1\n')
    const tokens = [await token(path)]
    await appendFile(path, '2\n')
    tokens.push(await token(path))
    await writeFile(join(folder, 'other'), 'id\n3\n4\n')
    await rename(join(folder, 'other'), path)
    tokens.push(await token(path))
    await writeFile(`${path}.wal`, 'x')
    tokens.push(await token(path))
    expect(new Set(tokens).size).toBe(4)
  })

  it('fails like a connection where the file is outside the allowed folders', async () => {
    await expect(token('/etc/hosts.csv')).rejects.toMatchObject({ code: 'not_allowed' })
  })
})
