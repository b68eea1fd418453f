/** Tests when a poll may be spared. */
import { SourceError } from '@sluice/connector-sdk'
import { describe, expect, it } from 'vitest'
import { createQuietSource } from './quiet-source.ts'

function scene(settleMs: number) {
  const world = { token: 'a' as string | null, isBroken: false, at: 1_000 }
  const live = { source: { settleMs }, connection: { id: 'c', name: 'Files', type: 'any', settings: {} } }
  const quiet = createQuietSource(
    {
      now: () => world.at,
      changeToken: async () => {
        if (world.isBroken) throw new SourceError('not_found', 'gone')
        return world.token
      },
    },
    live,
  )
  return { world, quiet }
}

describe('a quiet source', () => {
  it('is looked at once, and again only when it has changed', async () => {
    const { quiet, world } = scene(0)
    expect(await quiet.mayHaveNews()).toBe(true)
    quiet.looked()
    world.at += 2_000
    expect(await quiet.mayHaveNews()).toBe(false)
    world.token = 'b'
    expect(await quiet.mayHaveNews()).toBe(true)
  })

  it('is looked at until its youngest row is old enough', async () => {
    const { quiet, world } = scene(5_000)
    await quiet.mayHaveNews()
    quiet.looked()
    world.at += 2_000
    expect(await quiet.mayHaveNews()).toBe(true)
    quiet.looked()
    world.at += 4_000
    expect(await quiet.mayHaveNews()).toBe(true)
    quiet.looked()
    world.at += 2_000
    expect(await quiet.mayHaveNews()).toBe(false)
  })

  it('is looked at until what a slow look has noted is old enough', async () => {
    const { quiet, world } = scene(5_000)
    await quiet.mayHaveNews()
    world.at += 3_000
    quiet.looked()
    world.at += 4_999
    expect(await quiet.mayHaveNews()).toBe(true)
    quiet.looked()
    world.at += 1
    expect(await quiet.mayHaveNews()).toBe(true)
    quiet.looked()
    world.at += 500
    expect(await quiet.mayHaveNews()).toBe(false)
  })

  it('is looked at again where the look failed, where it can not tell, and where telling fails', async () => {
    const { quiet, world } = scene(0)
    await quiet.mayHaveNews()
    world.at += 2_000
    expect(await quiet.mayHaveNews()).toBe(true)
    quiet.looked()
    world.token = null
    expect(await quiet.mayHaveNews()).toBe(true)
    quiet.looked()
    world.token = 'a'
    world.isBroken = true
    expect(await quiet.mayHaveNews()).toBe(true)
  })
})
