/** How roles are run, by `npm start` and apart. */
import { readFile } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { serverNodeOptions, workerNodeOptions } from './roles.ts'

it('a worker and a server apart have the memory that npm start gives them', async () => {
  const { scripts } = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8'))
  // How many threads help depends on the machine: apart, V8 decides.
  const ofMemory = workerNodeOptions.filter((option) => !option.startsWith('--v8-pool-size'))
  expect(ofMemory.length).toBeGreaterThan(0)
  expect(scripts.worker.split(' ')).toEqual(expect.arrayContaining([...ofMemory]))
  expect(scripts.server.split(' ')).toEqual(expect.arrayContaining([...serverNodeOptions]))
})
