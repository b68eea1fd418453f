/** Where the peer is looked for. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { findPeer, PeerMissingError } from './peer-setup.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-peer-'))
})
afterEach(() => rm(folder, { recursive: true }))

async function setUp(home: string): Promise<void> {
  const actions = join(home, 'node_modules/@segment/action-destinations')
  await mkdir(actions, { recursive: true })
  await writeFile(join(actions, 'package.json'), '{}')
}

it('is the folder that is named, or "segnpm" in it', async () => {
  await setUp(folder)
  expect(findPeer(folder)).toBe(folder)
  await setUp(join(folder, 'segnpm'))
  expect(findPeer(folder)).toBe(join(folder, 'segnpm'))
})

it('is told to be missing, with what to do', () => {
  expect(() => findPeer(folder)).toThrow(PeerMissingError)
  expect(() => findPeer(folder)).toThrow('npm install')
})
