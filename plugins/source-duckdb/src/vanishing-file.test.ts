/** A file that comes and goes while it is asked for: whatever the moment, the error is a coded one. */
import { mkdtemp, realpath, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SourceError } from '@sluice/connector-sdk'
import { afterAll, beforeAll, expect, it } from 'vitest'
import source from './index.ts'

let folder: string
beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'sluice-vanishing-')))
})
afterAll(() => rm(folder, { recursive: true }))

it('a file that vanishes between two looks at it is missing, not an unexpected failure', async () => {
  const path = join(folder, 'customers.csv')
  await writeFile(path, 'id\n1\n')
  let isOver = false
  async function flicker() {
    while (!isOver) {
      await rename(path, `${path}.away`)
      await rename(`${path}.away`, path)
    }
  }
  const flickering = flicker()
  const context = { allowedDirectories: [folder], isAddressAllowed: () => false }
  const failures: unknown[] = []
  for (let round = 0; round < 3_000; round += 1) {
    await source.changeToken?.({ path }, context).catch((error: unknown) => failures.push(error))
  }
  for (let round = 0; round < 30; round += 1) {
    await source
      .connect({ path }, {}, context)
      .then((connection) => connection.close())
      .catch((error: unknown) => failures.push(error))
  }
  isOver = true
  await flickering
  expect(failures.length).toBeGreaterThan(0)
  expect(failures.filter((error) => !(error instanceof SourceError))).toEqual([])
})
